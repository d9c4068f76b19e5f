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

    /// <summary>A leg of a VM between two places; from nowhere for a boot.</summary>
    public Leg Make(int vm, Place from, Place to, bool isHop = false) => Rooms.Leg(vm, from, to, Seconds(vm, from, to), isHop);

    /// <summary>The legs that a placement asks for: one per VM that is elsewhere or nowhere.</summary>
    public IReadOnlyList<Leg> Direct(Placement target)
    {
        List<Leg> legs = [];
        for (int vm = 0; vm < target.Count; vm++)
        {
            Place from = problem.Cluster.Vms[vm].Start ?? Placement.Nowhere;
            if (from != target[new VmId(vm)] && target.IsPlaced(new VmId(vm))) legs.Add(Make(vm, from, target[new VmId(vm)]));
        }

        return legs;
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
        && !problem.Cluster.Dimensions.Any(d => d.IsTransient);

    private long Seconds(int vm, Place from, Place to)
    {
        bool isBack = from.Host.Index < 0 && problem.Cluster.Vms[vm].Start is not null;
        if (isBack || to.Host.Index < 0) return settings.BreakSeconds(problem.Cluster, new VmId(vm), isBack);
        if (from.Host.Index < 0) return PlanSettings.Whole(settings.Transfer.BootSeconds);
        if (from.Host == to.Host) return settings.MoveSeconds(problem.Cluster, new VmId(vm), from, to);
        if (seconds[vm] == 0) seconds[vm] = settings.MoveSeconds(problem.Cluster, new VmId(vm), from, to);
        return seconds[vm];
    }
}
