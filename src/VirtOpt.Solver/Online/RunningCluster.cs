namespace VirtOpt.Solver.Online;

/// <summary>
/// A cluster that runs: hosts with their states, VMs that come, go and move, and the rules that follow them. What stays the same is kept summed up
/// host by host, so that a call looks at hosts and not at all VMs.
/// </summary>
internal sealed class RunningCluster
{
    private readonly Host[] hosts;
    private readonly Dictionary<string, Resident> residents = new(StringComparer.Ordinal);
    private readonly List<Resident>[] residentsOn;
    private readonly IReadOnlyList<HostSum>?[] sumsOn;
    private readonly Dictionary<VmGroup, Crew> crewOf = new(ReferenceEqualityComparer.Instance);
    private readonly ILookup<string, Crew> crewsByName;
    private readonly RunningRule<Constraint>[] rules;
    private readonly RunningRule<Objective>[] objectives;
    private readonly DemandForecast[] forecasts;
    private readonly bool keepsAllApart;

    /// <param name="problem">The problem.</param>
    /// <param name="placement">Where its VMs are; all of them are somewhere.</param>
    public RunningCluster(PlacementProblem problem, Placement placement)
    {
        (Origin, hosts) = (problem.Cluster, [.. problem.Cluster.Hosts]);
        foreach (VmGroup group in Origin.VmGroups) CrewOf(group);
        rules = [.. problem.Constraints.Select(c => Running(c, ConstraintCatalogue.Entries))];
        objectives = [.. problem.Objectives.Select(o => Running(o, ObjectiveCatalogue.Entries))];
        forecasts = [.. rules.SelectMany(r => r.Forecasts).Concat(objectives.SelectMany(o => o.Forecasts)).Distinct()];
        crewsByName = crewOf.Values.ToLookup(c => c.Origin.Name, StringComparer.Ordinal);
        (residentsOn, sumsOn) = ([.. hosts.Select(_ => new List<Resident>())], new IReadOnlyList<HostSum>?[hosts.Length]);
        Resident[] all = [.. Origin.Vms.Select((vm, v) => new Resident(vm, placement[new VmId(v)], [.. forecasts.Select(f => SlotsOf(f, new VmId(v)))]))];
        foreach (Resident resident in all) Join(resident);
        foreach (Crew crew in crewOf.Values)
            foreach (VmId member in crew.Origin.Members) Enter(all[member.Index], crew);
        keepsAllApart = RuleReading.FindBystanders(problem, rules, objectives);
        foreach (RunningRule<Constraint> rule in rules.Where(IsKept)) rule.Amount = rule.Origin.Check(new PlacementView(Origin, placement)).Sum(v => v.Amount);
    }

    /// <summary>The hosts, with their states now.</summary>
    public IReadOnlyList<Host> Hosts => hosts;

    /// <summary>Number of VMs.</summary>
    public int VmCount => residents.Count;

    /// <summary>The cluster at the beginning.</summary>
    public ClusterSnapshot Origin { get; }

    /// <summary>The VM with a name.</summary>
    public bool TryFind(string vm, out Resident? resident) => residents.TryGetValue(vm, out resident);

    /// <summary>The VMs on a host.</summary>
    public IReadOnlyList<Resident> On(HostId host) => residentsOn[host.Index];

    /// <summary>VMs that could make room for one that fits nowhere: those of the hosts that lack least for it.</summary>
    /// <param name="vm">The VM that fits nowhere.</param>
    /// <param name="mostHosts">Number of hosts to take VMs from, at most.</param>
    public IEnumerable<Resident> HelpersFor(Resident vm, int mostHosts) =>
        Enumerable.Range(0, hosts.Length).Where(h => hosts[h].State == HostState.Available).OrderBy(h => LackOf(h, vm)).Take(mostHosts)
            .SelectMany(h => residentsOn[h]).Where(r => r.IsMovable && r != vm);

    /// <summary>The groups with a name.</summary>
    public IReadOnlyList<Crew> CrewsNamed(string name) => [.. crewsByName[name]];

    /// <summary>A VM that is to come.</summary>
    public Resident Newcomer(VirtualMachine vm)
    {
        IReadOnlyList<long> Constant(DemandForecast f) => [.. Enumerable.Repeat(vm.Demand[Origin.DimensionNamed(f.Dimension)], f.Slots)];
        return new Resident(vm, Placement.Nowhere, [.. forecasts.Select(Constant)]);
    }

    /// <summary>Sets the state of a host.</summary>
    public void SetState(HostId host, HostState state)
    {
        hosts[host.Index] = hosts[host.Index] with { State = state };
        sumsOn[host.Index] = null;
    }

    /// <summary>A VM enters a group.</summary>
    public static void Enter(Resident resident, Crew crew)
    {
        crew.Members.Add(resident);
        resident.Crews.Add(crew);
    }

    /// <summary>A VM leaves all its groups.</summary>
    public static void LeaveCrews(Resident resident)
    {
        foreach (Crew crew in resident.Crews) crew.Members.Remove(resident);
        resident.Crews.Clear();
    }

    /// <summary>A VM takes its place.</summary>
    public void Join(Resident resident)
    {
        residents[resident.Vm.Name] = resident;
        residentsOn[resident.Place.Host.Index].Add(resident);
        sumsOn[resident.Place.Host.Index] = null;
    }

    /// <summary>A VM leaves its place, but not its groups.</summary>
    public void Leave(Resident resident)
    {
        residents.Remove(resident.Vm.Name);
        residentsOn[resident.Place.Host.Index].Remove(resident);
        sumsOn[resident.Place.Host.Index] = null;
    }

    /// <summary>Cuts out what moves of some VMs can change.</summary>
    /// <param name="wanted">VMs that want a place, already in their groups; those that are nowhere start anew.</param>
    /// <param name="helpers">VMs that may make room for them.</param>
    /// <param name="crews">Groups that change otherwise.</param>
    public Excerpt Cut(IReadOnlyList<Resident> wanted, IReadOnlyList<Resident> helpers, IReadOnlyCollection<Crew> crews)
    {
        ExcerptVms vms = new();
        Resident[] movers = [.. wanted, .. helpers];
        foreach (Resident mover in movers) vms.Add(mover, mover.Start is null ? mover.Vm : mover.Settled);
        HashSet<Crew> touched = new(movers.SelectMany(m => m.Crews).Concat(crews), ReferenceEqualityComparer.Instance);
        RunningRule<Constraint>[] asked = [.. Touched(rules, touched)];
        foreach (RunningRule<Constraint> rule in asked.Where(rule => rule.CountsBystanders))
            foreach (Resident member in rule.Crews.SelectMany(crew => crew.Members))
                vms.Add(member, member.Settled);
        for (int host = 0; host < hosts.Length; host++) AddRest(vms, host);
        return Build(vms, [], asked, [.. Touched(objectives, touched)]) with { Movers = movers, Wanted = wanted.Count };
    }

    /// <summary>The whole problem.</summary>
    /// <param name="startOf">The start of each VM; null for one that starts anew.</param>
    /// <returns>The problem, and where its VMs are.</returns>
    public (PlacementProblem Problem, Placement Placement) Whole(Func<Resident, Place?> startOf)
    {
        ExcerptVms vms = new();
        foreach (Resident resident in residents.Values)
            vms.Add(resident, startOf(resident) is { } start ? resident.Settled with { Start = start, Movable = resident.IsMovable } : resident.Vm);
        Excerpt whole = Build(vms, [.. Origin.VmGroups.Select(CrewOf).Select(vms.GroupOf)], rules, objectives);
        return (whole.Problem, new Placement([.. residents.Values.Select(r => r.Place)]));
    }

    /// <summary>What soft rules outside an excerpt add to the levels.</summary>
    public IEnumerable<(Soft Soft, long Amount)> Outside(Excerpt excerpt)
    {
        HashSet<object> inside = new(excerpt.SoftRules.Select(r => r.Kept), ReferenceEqualityComparer.Instance);
        return rules.Where(rule => IsKept(rule) && rule.Amount > 0 && !inside.Contains(rule)).Select(rule => (rule.Origin.Soft!, rule.Amount));
    }

    private static bool IsKept(RunningRule<Constraint> rule) => rule is { CountsBystanders: true, Origin.Soft: not null, Crews.Length: > 0 };

    private static IEnumerable<RunningRule<T>> Touched<T>(RunningRule<T>[] all, HashSet<Crew> touched)
        where T : class
    {
        foreach (RunningRule<T> rule in all)
            if (rule.Crews.Length == 0 || Array.Exists(rule.Crews, touched.Contains)) yield return rule;
    }

    private Excerpt Build(ExcerptVms vms, IReadOnlyList<VmGroup> groups, RunningRule<Constraint>[] asked, RunningRule<Objective>[] counted)
    {
        List<Constraint> constraints = [];
        List<(RunningRule<Constraint>, Constraint)> soft = [];
        foreach (RunningRule<Constraint> rule in asked)
        {
            Constraint twin = rule.About(vms.GroupOf, ForecastOf) with { Soft = rule.Origin.Soft, Continuous = rule.Origin.Continuous };
            if (IsKept(rule)) soft.Add((rule, twin));
            if (RuleReading.CanBeAsked(twin)) constraints.Add(twin);
        }

        PlacementProblem problem = new(new ClusterSnapshot(Origin.Dimensions, [.. hosts], vms.Vms, groups, Origin.HostGroups, Origin.Name))
        {
            Constraints = constraints,
            Objectives = [.. counted.Select(o => o.About(vms.GroupOf, ForecastOf))],
        };
        return new Excerpt(problem, [], 0, soft);

        DemandForecast ForecastOf(DemandForecast forecast) => vms.ForecastOf(forecast, Array.IndexOf(forecasts, forecast));
    }

    /// <summary>
    /// Takes in the VMs of a host that are not in by themselves, summed up. Where VMs are counted one by one (on hosts that are not available, or by
    /// failover) they stay apart.
    /// </summary>
    private void AddRest(ExcerptVms vms, int host)
    {
        bool staysApart = keepsAllApart || hosts[host].State != HostState.Available;
        bool isWhole = !vms.HasSomeOf(host);
        IReadOnlyList<HostSum>? sums = staysApart
            ? null
            : isWhole ? sumsOn[host] ??= SumUp(host, residentsOn[host]) : SumUp(host, residentsOn[host].FindAll(r => !vms.Contains(r)));
        if (sums is null)
            foreach (Resident resident in residentsOn[host]) vms.Add(resident, resident.Settled);
        else
            foreach (HostSum sum in sums) vms.Add(sum);
    }

    /// <summary>The VMs of a host summed up place by place; null if that is not exact.</summary>
    private static HostSum[]? SumUp(int host, List<Resident> rest)
    {
        if (!rest.TrueForAll(r => r.CanBeSummed)) return null;
        HostSum?[] sums = [.. rest.GroupBy(r => (r.Place, r.Vm.NumaNodes, r.Vm.Gpus)).Select((place, i) => HostSum.Of($"\0{host} {i}", [.. place]))];
        return sums.Contains(null) ? null : [.. sums.OfType<HostSum>()];
    }

    /// <summary>What a host lacks to hold a VM as well, as shares of what it can hold.</summary>
    private double LackOf(int host, Resident vm)
    {
        double lack = 0;
        for (int d = 0; d < Origin.Dimensions.Count; d++)
        {
            long lacks = residentsOn[host].Sum(r => r.Vm.Demand[d]) + vm.Vm.Demand[d] - hosts[host].Usable(d);
            lack += Math.Max(0, lacks) / (double)Math.Max(1, hosts[host].Usable(d));
        }

        return lack;
    }

    private RunningRule<T> Running<T>(T rule, IReadOnlyList<CatalogueEntry<T>> catalogue)
        where T : class
    {
        CatalogueEntry<T> entry = catalogue.FirstOrDefault(e => e.Type == rule.GetType()) ?? throw InvalidInputException.Because(
            $"The rule or objective ({rule}) is not in the catalogue, so that online placement cannot tell which VMs it speaks of.",
            "solve with PlacementSolver, or add it to its catalogue.");
        return new RunningRule<T>(rule, entry, Origin.VmGroups, CrewOf);
    }

    private Crew CrewOf(VmGroup group)
    {
        if (!crewOf.TryGetValue(group, out Crew? crew)) crewOf[group] = crew = new Crew(group);
        return crew;
    }

    private static long[] SlotsOf(DemandForecast forecast, VmId vm) => [.. Enumerable.Range(0, forecast.Slots).Select(slot => forecast[slot, vm])];
}
