using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>Makes legs: room from the rules, time from the settings.</summary>
internal sealed class LegMaker(PlacementProblem problem, PlanSettings settings)
{
    private readonly long[] seconds = new long[problem.Cluster.Vms.Count];

    public PlacementProblem Problem => problem;

    public PlacementModel Model { get; } = problem.Compile();

    public PlanSettings Settings => settings;

    public Scoring Scoring => field ??= new Scoring(Model);

    public RoomTable Rooms => field ??= new RoomTable(Model, Scoring);

    /// <summary>A leg of a VM between two places; from nowhere for a boot, to nowhere and back where a cycle is broken.</summary>
    public Leg Make(int vm, Place from, Place to, bool isHop = false)
    {
        Leg leg = Rooms.Leg(vm, from, to, Seconds(vm, from, to), isHop);
        return to.Host.Index >= 0 && problem.Cluster[to.Host].IsToBoot ? leg with { Earliest = HostsUpAt } : leg;
    }

    /// <summary>When hosts that are off are ready for VMs.</summary>
    public long HostsUpAt => HostsBootAt + PlanSettings.Whole(settings.Transfer.HostBootSeconds);

    /// <summary>When hosts that are off begin to boot: as soon as there is time for it.</summary>
    public long HostsBootAt => TimeWindows.Earliest(settings.Limits, 0, PlanSettings.Whole(settings.Transfer.HostBootSeconds));

    /// <summary>
    /// The legs that a placement asks for, those of one VM in their order: what shrinks shrinks before the VM moves, what grows grows after, so that it
    /// never takes more room than it must.
    /// </summary>
    public IReadOnlyList<Leg> Direct(Placement target)
    {
        Rooms.Ordered.LetGo(target);
        List<Leg> legs = [];
        for (int vm = 0; vm < target.Count; vm++)
        {
            VirtualMachine machine = problem.Cluster.Vms[vm];
            (Place from, Place to) = (machine.Start ?? Placement.Nowhere, target[new VmId(vm)]);
            if (machine.IsLeaving) legs.Add(Rooms.Shutdown(vm, from, PlanSettings.Whole(settings.ShutdownSeconds(new VmId(vm)))));
            if (!target.IsPlaced(new VmId(vm)) || machine.IsLeaving) continue;
            legs.AddRange(Resizes(vm, from, grows: false));
            if (from != to) legs.Add(Make(vm, from, to));
            legs.AddRange(Resizes(vm, to, grows: true));
        }

        return legs;
    }

    private IEnumerable<Leg> Resizes(int vm, Place at, bool grows)
    {
        VirtualMachine machine = problem.Cluster.Vms[vm];
        if (machine.DemandNow.Count == 0) yield break;
        for (int d = 0; d < machine.Demand.Count; d++)
            if (machine.Demand[d] != machine.DemandNow[d] && machine.Demand[d] > machine.DemandNow[d] == grows)
                yield return Rooms.Resize(vm, at, new Resize(d, machine.Demand[d]), PlanSettings.Whole(settings.ResizeSeconds(new VmId(vm))));
    }

    /// <summary>How much the end of a leg counts: what repairs a broken host or empties an unavailable one counts ten times, and important VMs more.</summary>
    public long WeightOf(Leg leg)
    {
        bool isUrgent = leg.From.Host.Index >= 0
            && (problem.Cluster[leg.From.Host].State != HostState.Available || leg.Gives.Any(g => IsOverloaded.Contains(g.Cell)));
        return (isUrgent ? 10 : 1) + Math.Clamp(problem.Cluster.Vms[leg.Vm].Priority, 0, 9);
    }

    private HashSet<int> IsOverloaded => field ??= [.. Enumerable.Range(0, Rooms.Count).Where(cell => Rooms.Load(cell) > Rooms.Rated(cell))];

    /// <summary>Whether a VM may stand still to break a cycle: not if what it leaves stays charged at its start.</summary>
    public bool MayBreak(int vm) => settings.BreakCycles != CycleBreak.None && problem.Cluster.Vms[vm] is { Movable: true, Start: not null }
        && !problem.Cluster.Dimensions.Any(d => d.IsTransient) && Rooms.Ordered.MayBeNowhere(vm);

    private long Seconds(int vm, Place from, Place to)
    {
        bool isBack = from.Host.Index < 0 && problem.Cluster.Vms[vm].Start is not null;
        if (isBack || to.Host.Index < 0) return settings.BreakSeconds(problem.Cluster, new VmId(vm), isBack);
        if (from.Host.Index < 0) return PlanSettings.Whole(settings.BootSeconds(new VmId(vm)));
        if (from.Host == to.Host) return settings.MoveSeconds(problem.Cluster, new VmId(vm), from, to);
        if (seconds[vm] == 0) seconds[vm] = settings.MoveSeconds(problem.Cluster, new VmId(vm), from, to);
        return seconds[vm];
    }
}
