namespace VirtOpt.Solver.Sequencing.Timed.Value;

/// <summary>Makes the draft of a plan for some legs, as short as it can be or by value, as options and limits ask.</summary>
internal sealed class DraftMaker(LegMaker maker, PlanOptions options, CancellationToken cancellation)
{
    private readonly PlanLimits limits = maker.Settings.Limits;

    /// <summary>Makes a draft.</summary>
    public PlanDraft Make(IReadOnlyList<Leg> direct)
    {
        if ((options.Order == PlanOrder.Fastest && limits.WaveSize is null) || !ValueOrder.Applies(direct))
            return new TimedPlanner(maker, direct, options, cancellation).Run();
        ValueChain chain = Chain(direct);
        int[] waves = Waves(chain);
        ScheduleProblem problem = ScheduleProblem.Of(maker, chain.Legs);
        int[] order = [.. Enumerable.Range(0, chain.Legs.Count)];
        Schedule schedule = SerialScheduler.Run(problem, order, limits.WaveSize is null ? null : waves)
            ?? throw new InvalidOperationException("A possible order of migrations found no schedule.");
        long bound = PlanBounds.Of(ScheduleProblem.Of(maker, direct));
        long? known = chain.Blocked.Count == 0 && !chain.Legs.Any(l => l.IsBreak) ? Math.Min(bound, schedule.Makespan) : null;
        return new PlanDraft(problem, schedule, chain.Blocked, known) { BoundOfAll = known, Chain = chain, Waves = waves };
    }

    /// <summary>Where the order by value is stuck, the order for a short plan may not be; it is one bundle then.</summary>
    private ValueChain Chain(IReadOnlyList<Leg> direct)
    {
        ValueChain chain = new ValueOrder(maker, direct).Find(cancellation);
        Sequence found = new(chain.Legs, chain.Blocked);
        if (found.Faults is (0, 0, _)) return chain;
        PlanDraft other = new TimedPlanner(maker, direct, options with { TimeLimit = TimeSpan.Zero, Work = null }, cancellation).Run();
        (int blocked, int still, _) = new Sequence(other.Problem.Legs, other.Blocked).Faults;
        if ((blocked, still).CompareTo((found.Faults.Blocked, found.Faults.Interruptions)) >= 0) return chain;
        List<ChainStop> stops = [chain.Stops[0]];
        if (other.Blocked.Count == 0) stops.Add(new ChainStop(other.Problem.Legs.Count, Worth.Of(maker, Reached(direct))));
        return chain with { Legs = other.Problem.Legs, Stops = stops, Blocked = other.Blocked };
    }

    private Placement Reached(IReadOnlyList<Leg> legs)
    {
        Place[] places = [.. Placement.StartOf(maker.Problem.Cluster).Places];
        foreach (Leg leg in legs) places[leg.Vm] = leg.To;
        return new Placement(places);
    }

    /// <summary>The wave of each leg: one for each bundle, or as many bundles as fit into a wave; a bundle that fits into none is cut.</summary>
    private int[] Waves(ValueChain chain)
    {
        int most = limits.WaveSize ?? 0;
        int[] waves = new int[chain.Legs.Count];
        int[] ends = [.. chain.Stops.Select(s => s.Legs).Append(chain.Legs.Count).Distinct()];
        (int wave, int size) = (0, most);
        for (int s = 1; s < ends.Length; s++)
        {
            int bundle = ends[s] - ends[s - 1];
            if (limits.WaveSize is null || size + bundle > most) (wave, size) = (wave + 1, 0);
            for (int leg = ends[s - 1]; leg < ends[s]; leg++)
            {
                if (limits.WaveSize is not null && size == most) (wave, size) = (wave + 1, 0);
                waves[leg] = wave;
                size++;
            }
        }

        return waves;
    }
}
