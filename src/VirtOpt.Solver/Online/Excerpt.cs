namespace VirtOpt.Solver.Online;

/// <summary>
/// The part of a running cluster that a call can change, as a problem of its own: the VMs that move, all hosts, the rules that speak of any VM or of
/// those that move, the VMs of the groups in them, and the rest summed up host by host. Every amount changes as in the whole problem.
/// </summary>
/// <param name="Problem">The problem; its first VMs are those that move.</param>
/// <param name="Movers">The VMs that move: those that want a place, then those that may make room for them.</param>
/// <param name="Wanted">How many of them want a place.</param>
/// <param name="SoftRules">Soft rules of the excerpt that count bystanders, as the running cluster keeps them, with their twins in the excerpt.</param>
internal sealed record Excerpt(
    PlacementProblem Problem, IReadOnlyList<Resident> Movers, int Wanted, IReadOnlyList<(RunningRule<Constraint> Kept, Constraint Twin)> SoftRules);

/// <summary>Collects the VMs of a problem that is cut out of a running cluster.</summary>
internal sealed class ExcerptVms
{
    private readonly List<VirtualMachine> vms = [];
    private readonly List<IReadOnlyList<IReadOnlyList<long>>> forecasts = [];
    private readonly Dictionary<Resident, int> idOf = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<int> hosts = [];

    /// <summary>The VMs.</summary>
    public IReadOnlyList<VirtualMachine> Vms => vms;

    /// <summary>Whether VMs of a host are in by themselves.</summary>
    public bool HasSomeOf(int host) => hosts.Contains(host);

    /// <summary>Whether a VM is in by itself.</summary>
    public bool Contains(Resident resident) => idOf.ContainsKey(resident);

    /// <summary>Takes a VM in.</summary>
    public void Add(Resident resident, VirtualMachine vm)
    {
        if (!idOf.TryAdd(resident, vms.Count)) return;
        vms.Add(vm);
        hosts.Add(resident.Place.Host.Index);
        forecasts.Add(resident.Forecasts);
    }

    /// <summary>Takes a sum in.</summary>
    public void Add(HostSum sum)
    {
        vms.Add(sum.Vm);
        forecasts.Add(sum.Forecasts);
    }

    /// <summary>The VMs of a group that are in by themselves.</summary>
    public VmGroup GroupOf(Crew crew)
    {
        List<int> members = [];
        foreach (Resident resident in crew.Members)
            if (idOf.TryGetValue(resident, out int id)) members.Add(id);
        members.Sort();
        return new VmGroup(crew.Origin.Name, [.. members.Select(id => new VmId(id))]);
    }

    /// <summary>A forecast for the VMs.</summary>
    /// <param name="origin">The forecast of the problem.</param>
    /// <param name="index">Its position among the forecasts.</param>
    public DemandForecast ForecastOf(DemandForecast origin, int index) => new(
        origin.Dimension, origin.SlotLength, [.. Enumerable.Range(0, origin.Slots).Select(slot => (long[])[.. forecasts.Select(f => f[index][slot])])]);
}
