namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// Legs as the schedulers read them: indexes and numbers. Only cells that could ever become too full are kept. Reversed, the same legs lead from the end
/// back to the start: what a leg gives forwards it takes backwards.
/// </summary>
internal sealed class ScheduleProblem
{
    private ScheduleProblem(IReadOnlyList<Leg> legs, PlanLimits limits, CountLimits counts) => (Legs, Limits, Counts) = (legs, limits, counts);

    /// <summary>The legs, in an order that is possible one after another.</summary>
    public IReadOnlyList<Leg> Legs { get; }

    /// <summary>The limits.</summary>
    public PlanLimits Limits { get; }

    /// <summary>Which limited things each leg runs over.</summary>
    public CountLimits Counts { get; }

    /// <summary>Per leg the room that it takes in cells that may become too full.</summary>
    public required RoomUse[][] Takes { get; init; }

    /// <summary>Per leg the room that it gives back there.</summary>
    public required RoomUse[][] Gives { get; init; }

    /// <summary>Per leg the earliest second at which it may begin.</summary>
    public required long[] Earliest { get; init; }

    /// <summary>Per leg the legs that must have ended before: of the same VM, and of the rules that ask where VMs are.</summary>
    public required int[][] Befores { get; init; }

    /// <summary>Per leg how much its end counts among schedules that end together.</summary>
    public required long[] Weights { get; init; }

    /// <summary>Load of every cell that may become too full, before all legs.</summary>
    public required long[] Load { get; init; }

    /// <summary>Limit of every cell that may become too full.</summary>
    public required long[] Limit { get; init; }

    /// <summary>Makes the problem of some legs.</summary>
    public static ScheduleProblem Of(LegMaker maker, IReadOnlyList<Leg> legs)
    {
        RoomTable rooms = maker.Rooms;
        long[] most = rooms.Loads();
        foreach (Leg leg in legs)
            foreach (RoomUse use in leg.Takes) most[use.Cell] += use.Amount;
        int[] tight = new int[most.Length];
        List<int> kept = [];
        for (int cell = 0; cell < most.Length; cell++)
        {
            tight[cell] = most[cell] > rooms.Limit(cell) ? kept.Count : -1;
            if (tight[cell] >= 0) kept.Add(cell);
        }

        return new ScheduleProblem(legs, maker.Settings.Limits, new CountLimits(maker.Problem.Cluster, maker.Settings.Limits, legs))
        {
            Takes = [.. legs.Select(l => Kept(l.Takes, tight))],
            Gives = [.. legs.Select(l => Kept(l.Gives, tight))],
            Earliest = [.. legs.Select(l => l.Earliest)],
            Befores = Chains(legs),
            Weights = [.. legs.Select(maker.WeightOf)],
            Load = [.. kept.Select(rooms.Load)],
            Limit = [.. kept.Select(rooms.Limit)],
        };
    }

    /// <summary>The way back: same indexes, what was taken is given.</summary>
    public ScheduleProblem Reversed()
    {
        long[] end = [.. Load];
        List<int>[] afters = [.. Legs.Select(_ => new List<int>())];
        for (int i = 0; i < Legs.Count; i++)
        {
            foreach (RoomUse use in Takes[i]) end[use.Cell] += use.Amount;
            foreach (RoomUse use in Gives[i]) end[use.Cell] -= use.Amount;
            foreach (int before in Befores[i]) afters[before].Add(i);
        }

        return new ScheduleProblem(Legs, Limits with { Windows = [], Deadline = null }, Counts)
        {
            Takes = Gives,
            Gives = Takes,
            Earliest = new long[Legs.Count],
            Befores = [.. afters.Select(a => a.ToArray())],
            Weights = Weights,
            Load = end,
            Limit = Limit,
        };
    }

    private static int[][] Chains(IReadOnlyList<Leg> legs)
    {
        Dictionary<int, int> last = [];
        Dictionary<int, int> lastOfRule = [];
        int[][] befores = new int[legs.Count][];
        for (int i = 0; i < legs.Count; i++)
        {
            befores[i] = [.. legs[i].Rules.Select(r => lastOfRule.GetValueOrDefault(r, -1)).Append(last.GetValueOrDefault(legs[i].Vm, -1))
                .Where(b => b >= 0).Distinct()];
            last[legs[i].Vm] = i;
            foreach (int rule in legs[i].Rules) lastOfRule[rule] = i;
        }

        return befores;
    }

    private static RoomUse[] Kept(IReadOnlyList<RoomUse> uses, int[] tight) =>
        [.. uses.Where(u => tight[u.Cell] >= 0).Select(u => new RoomUse(tight[u.Cell], u.Amount))];
}
