using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Sequencing.Timed.Value;

namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// From a placement to a timed plan: an order with hops where nothing else helps, a list schedule, and, while there is time, moves in the list and CP-SAT,
/// until the makespan meets its bound.
/// </summary>
internal sealed class TimedPlanner
{
    private const int FewLegs = 2000;
    private const int OrdersAtFirst = 8;
    private const int RoundsAtFirst = 60;
    private const int PassesOfLarge = 2;
    private const double SearchShare = 0.3;
    private const double BoundShare = 0.3;
    private const double LastShare = 0.2;
    private readonly LegMaker maker;
    private readonly PlaceTable table;
    private readonly PlanOptions options;
    private readonly CancellationToken cancellation;
    private readonly PlanBudget budget;
    private readonly IReadOnlyList<Leg> direct;
    private readonly double[] tails;
    private ScheduleProblem? problem;
    private Schedule? best;
    private Sequence? sequence;
    private long boundOfAll;

    public TimedPlanner(LegMaker maker, IReadOnlyList<Leg> direct, PlanOptions options, CancellationToken cancellation)
    {
        (this.maker, this.direct, this.options, this.cancellation) = (maker, direct, options, cancellation);
        budget = new PlanBudget(options);
        table = new PlaceTable(maker.Problem.Cluster);
        DirectProblem = ScheduleProblem.Of(maker, direct);
        tails = Tails.Of(DirectProblem);
    }

    /// <summary>The direct legs.</summary>
    public ScheduleProblem DirectProblem { get; }

    /// <summary>Makes the plan.</summary>
    public PlanDraft Run()
    {
        long bound = PlanBounds.Of(DirectProblem);
        TryOrders(direct.Count > FewLegs ? 1 : OrdersAtFirst);
        bool isWhole = sequence!.Blocked.Count == 0;
        bool isBounded = !problem!.Legs.Any(l => l.IsBreak); // A VM that stands still needs not take as long as a migration.
        if (!isBounded) bound = 0;
        boundOfAll = bound;
        if (direct.Count <= FewLegs)
            best = new ScheduleSearch(problem!, options.Seed).Improve(best!, bound, RoundsAtFirst, () => cancellation.IsCancellationRequested);
        if (isWhole && best!.Makespan > bound && budget.HasAny) bound = Shorten(bound);
        if (!isWhole || !isBounded) return new PlanDraft(problem!, best!, sequence.Blocked, null);
        return new PlanDraft(problem!, best!, sequence.Blocked, Math.Min(bound, best!.Makespan)) { BoundOfAll = Math.Min(boundOfAll, best.Makespan) };
    }

    /// <summary>Tries orders: the first by the chains behind legs, then chance has a part in it. Fewest hops count before a short schedule.</summary>
    private void TryOrders(int count)
    {
        Random random = new(options.Seed);
        Dictionary<int, double> tailOf = direct.Select((leg, i) => (leg.Vm, Tail: tails[i])).GroupBy(t => t.Vm)
            .ToDictionary(g => g.Key, g => g.Max(t => t.Tail));
        for (int i = 0; i < count && (i == 0 || !cancellation.IsCancellationRequested); i++)
        {
            Dictionary<int, double> shift = i == 0 ? [] : tailOf.ToDictionary(t => t.Key, _ => random.NextDouble());
            double Key(Leg leg) => -tailOf[leg.Vm] * (1 + shift.GetValueOrDefault(leg.Vm)) * maker.WeightOf(leg);
            Offer(new Sequencer(maker, table, direct, Key).Find(cancellation));
        }

        if (sequence!.Faults is (0, 0, _)) return;
        Knot all = new(maker, table, new SequenceState(maker), direct, Sequencer.HopsAllowed(maker, direct));
        if (all.Search() is { } way) Offer(new Sequence(way, []));
        else if (all.IsExhausted && sequence.Blocked.Count > 0) OfferPart(all);
    }

    /// <summary>Where no order of all exists, the part that brings most VMs to their targets.</summary>
    private void OfferPart(Knot all)
    {
        HashSet<int> behind = [.. sequence!.Blocked.Select(b => b.Leg.Vm)];
        if (all.LargestPart is { } part && part.Behind.Count < behind.Count)
        {
            SequenceState state = new(maker);
            foreach (Leg leg in part.Way) state.Go(leg);
            Offer(new Sequence(part.Way, [.. direct.Where(l => part.Behind.Contains(l.Vm)).Select(state.Blocked)]));
        }

        sequence = sequence with { Blocked = [.. sequence.Blocked.Select(b => b with { IsProven = true })] };
    }

    private void Offer(Sequence next)
    {
        ScheduleProblem legs = ScheduleProblem.Of(maker, next.Legs);
        int[] order = [.. Enumerable.Range(0, next.Legs.Count)];
        Schedule schedule = new ScheduleSearch(legs, options.Seed).Start(order, next.Legs.Count > FewLegs ? PassesOfLarge : 10)
            ?? throw new InvalidOperationException("A possible order of migrations found no schedule.");
        bool isBetter = sequence is null || next.Faults.CompareTo(sequence.Faults) is var compared
            && (compared < 0 || (compared == 0 && schedule.IsBetterThan(best)));
        if (isBetter) (sequence, problem, best) = (next, legs, schedule);
    }

    /// <summary>Uses the time that is left; returns the bound.</summary>
    private long Shorten(long bound)
    {
        Search(bound, SearchShare);
        if (best!.Makespan <= bound || direct.Count > FewLegs || cancellation.IsCancellationRequested)
        {
            Search(bound, 1);
            return bound;
        }

        bool hasHops = problem!.Legs.Count > direct.Count;
        bool isBounded = !problem.Legs.Any(l => l.IsBreak);
        if (hasHops && isBounded) RaiseBoundOfAll();
        if (hasHops) bound = boundOfAll;
        if (best.Makespan <= bound) return bound;
        IntervalOutcome outcome = IntervalSolver.Shorten(problem, best, budget.Share(hasHops ? 1 : 1 - LastShare), options, cancellation);
        if (outcome.Starts is { } starts) Offer(starts);
        if (!hasHops && isBounded) RaiseBoundOfAll();
        return hasHops ? bound : Math.Max(Math.Max(bound, boundOfAll), outcome.Bound);
    }

    private void RaiseBoundOfAll()
    {
        if (boundOfAll < best!.Makespan)
            boundOfAll = Math.Max(boundOfAll, IntervalSolver.Bound(DirectProblem, best.Makespan, budget.Share(BoundShare), options, cancellation));
    }

    private void Search(long bound, double share) => best = new ScheduleSearch(problem!, options.Seed)
        .Improve(best!, bound, budget.Rounds(share), budget.Until(share, cancellation));

    /// <summary>A list schedule in the order of other starts ends no later, and its legs begin as early as they can.</summary>
    private void Offer(long[] starts)
    {
        int[] order = ScheduleSearch.OrderOf(new Schedule(starts, 0, 0));
        if (new ScheduleSearch(problem!, options.Seed).Start(order) is { } schedule && schedule.IsBetterThan(best)) best = schedule;
    }
}

/// <summary>A schedule on its way to a plan.</summary>
/// <param name="Problem">Its legs.</param>
/// <param name="Schedule">When they begin.</param>
/// <param name="Blocked">Legs that have no turn.</param>
/// <param name="Bound">True lower bound of the makespan; null if there is none.</param>
internal sealed record PlanDraft(ScheduleProblem Problem, Schedule Schedule, IReadOnlyList<BlockedLeg> Blocked, long? Bound)
{
    /// <summary>The order by value that the legs are in; null if they are in none.</summary>
    public ValueChain? Chain { get; init; }

    /// <summary>True lower bound of the makespan of all plans, whatever their hops; null if there is none.</summary>
    public long? BoundOfAll { get; init; }

    /// <summary>Wave of each leg, from 1 on; null if the plan has no waves.</summary>
    public int[]? Waves { get; init; }
}
