using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Sequencing.Timed.Value;

/// <summary>
/// Orders legs by what they bring: greedily, the bundle that makes the objective smaller by most per leg goes next. A bundle is a leg, or all legs that
/// leave a host, with those that must make room before and the companions that a rule asks for. Values are kept in a queue and judged again when they
/// come up or when something near them has moved (lazy greedy: Minoux, Accelerated greedy algorithms for maximizing submodular set functions, 1978).
/// What cannot go without hops comes last, in the order of <see cref="Sequencer"/>.
/// </summary>
internal sealed class ValueOrder
{
    private const int FewLegs = 4000;
    private const int MostCompanions = 8;
    private readonly LegMaker maker;
    private readonly IReadOnlyList<Leg> legs;
    private readonly PlanLimits? limits;
    private readonly LegCost[] costs;
    private readonly Midway midway;
    private readonly int[][] bundles;
    private readonly ILookup<int, int> bundlesAt;
    private readonly ILookup<object, int> legsOfFamily;
    private readonly PriorityQueue<(int Bundle, int Stamp), Gain> queue = new();
    private readonly int[] stamps;
    private readonly List<int> order = [];
    private readonly List<ChainStop> stops = [];
    private LegCost used;

    /// <param name="maker">Makes legs.</param>
    /// <param name="legs">The direct legs.</param>
    /// <param name="limits">What is over these limits on the size of a plan is left out; null to leave out nothing.</param>
    public ValueOrder(LegMaker maker, IReadOnlyList<Leg> legs, PlanLimits? limits = null)
    {
        (this.maker, this.legs, this.limits) = (maker, legs, limits);
        costs = [.. legs.Select(leg => LegCost.Of(maker, [leg]))];
        midway = new Midway(maker, legs);
        int[][] hosts = [.. Enumerable.Range(0, legs.Count).Where(i => legs[i].IsTransfer).GroupBy(i => legs[i].From.Host.Index).Where(h => h.Count() > 1)
            .OrderBy(h => h.Key).Select(h => h.ToArray())];
        bundles = [.. Enumerable.Range(0, legs.Count).Select(i => (int[])[i]), .. hosts];
        stamps = new int[bundles.Length];
        bundlesAt = Enumerable.Range(0, bundles.Length).SelectMany(b => bundles[b].SelectMany(HostsOf).Distinct().Select(h => (h, b)))
            .ToLookup(x => x.h, x => x.b);
        legsOfFamily = Enumerable.Range(0, legs.Count).SelectMany(i => maker.Model.SparseFamiliesOf[legs[i].Vm].Select(f => ((object)f.Family, i)))
            .ToLookup(x => x.Item1, x => x.i);
    }

    /// <summary>Whether legs can be ordered by value: one for each VM, which comes to a place by it.</summary>
    public static bool Applies(IReadOnlyList<Leg> legs) => legs.All(l => l.IsArrival) && legs.DistinctBy(l => l.Vm).Count() == legs.Count;

    /// <summary>Finds the order.</summary>
    public ValueChain Find(CancellationToken cancellation = default)
    {
        stops.Add(new ChainStop(0, midway.Worth));
        for (int b = 0; b < bundles.Length; b++) Push(b);
        while (queue.TryDequeue(out (int Bundle, int Stamp) next, out Gain gain) && !cancellation.IsCancellationRequested)
        {
            if (next.Stamp != stamps[next.Bundle]) continue;
            if (gain.Round != order.Count) Push(next.Bundle);
            else Take(next.Bundle);
        }

        return Finish(cancellation);
    }

    private IEnumerable<int> HostsOf(int leg) =>
        legs[leg].IsTransfer ? [legs[leg].From.Host.Index, legs[leg].To.Host.Index] : [legs[leg].To.Host.Index];

    /// <summary>Judges a bundle anew and puts it into the queue; one that cannot go now waits until something near it has moved.</summary>
    private void Push(int bundle)
    {
        stamps[bundle]++;
        List<int> done = [];
        Worth before = midway.Worth;
        if (Release(bundle, done))
            queue.Enqueue((bundle, stamps[bundle]), new Gain(before, midway.Worth, done.Count, order.Count, bundle, midway.Levels.Count));
        midway.Undo(done);
    }

    private void Take(int bundle)
    {
        List<int> done = [];
        if (!Release(bundle, done)) return;
        order.AddRange(done);
        used = Cost(done);
        stops.Add(new ChainStop(order.Count, midway.Worth));
        if (legs.Count > FewLegs && order.Count < legs.Count && queue.Count > 0) return;
        foreach (int near in done.SelectMany(HostsOf).Distinct().SelectMany(h => bundlesAt[h]).Distinct().ToArray()) Push(near);
        if (queue.Count > 0) return;
        for (int b = 0; b < bundles.Length; b++) Push(b);
    }

    private bool Release(int bundle, List<int> done)
    {
        foreach (int leg in bundles[bundle])
            if (!midway.IsGone(leg) && !midway.Release(leg, done))
            {
                midway.Undo(done);
                return false;
            }

        if (done.Count > 0 && (midway.Broken == 0 || AddCompanions(done)) && (limits is null || Cost(done).IsWithin(limits))) return true;
        midway.Undo(done);
        return false;
    }

    private LegCost Cost(List<int> done) => done.Aggregate(used, (sum, leg) => new LegCost(sum.Moves + costs[leg].Moves, sum.MiB + costs[leg].MiB));

    /// <summary>Where a discrete rule is broken by a bundle, adds those of its group that mend it most, until it is kept.</summary>
    private bool AddCompanions(List<int> done)
    {
        for (int i = 0; i < MostCompanions && midway.Broken > 0; i++)
        {
            int[] near = [.. done.SelectMany(leg => maker.Model.SparseFamiliesOf[legs[leg].Vm]).SelectMany(f => legsOfFamily[f.Family]).Distinct()
                .Where(leg => !midway.IsGone(leg)).Take(64)];
            (int best, long broken) = (-1, midway.Broken);
            foreach (int leg in near)
            {
                int mark = done.Count;
                if (midway.Release(leg, done) && midway.Broken < broken) (best, broken) = (leg, midway.Broken);
                midway.Undo(done, mark);
            }

            if (best < 0) best = near.FirstOrDefault(-1); // None helps alone: two may.
            if (best < 0 || !midway.Release(best, done)) return false;
        }

        return midway.Broken == 0;
    }

    /// <summary>What is left goes together, with hops where they must be.</summary>
    private ValueChain Finish(CancellationToken cancellation)
    {
        Leg[] gone = [.. order.Select(i => legs[i])];
        int[] left = [.. Enumerable.Range(0, legs.Count).Where(i => !midway.IsGone(i))];
        if (left.Length == 0) return new ValueChain(gone, stops, [], midway.Levels);
        Sequencer sequencer = new(maker, new PlaceTable(maker.Problem.Cluster), [.. left.Select(i => legs[i])], leg => -maker.WeightOf(leg), gone);
        Sequence rest = sequencer.Find(cancellation);
        HashSet<int> blocked = [.. rest.Blocked.Select(b => b.Leg.Vm)];
        foreach (int leg in left.Where(i => !blocked.Contains(legs[i].Vm))) midway.Put(leg, isForward: true);
        Leg[] all = [.. gone, .. rest.Legs.Where(l => !blocked.Contains(l.Vm) || l.IsHop)];
        bool isAllowed = midway.Broken == 0 && (limits is null || LegCost.Of(maker, all).IsWithin(limits));
        bool isStop = isAllowed && rest.Legs.Count > 0 && rest.Legs.All(l => !blocked.Contains(l.Vm));
        if (!isStop) return new ValueChain(gone, stops, rest.Blocked, midway.Levels);
        stops.Add(new ChainStop(all.Length, midway.Worth));
        return new ValueChain(all, stops, rest.Blocked, midway.Levels);
    }
}

/// <summary>What a bundle brings per leg, level by level: larger is better and comes out of a queue first.</summary>
internal readonly struct Gain : IComparable<Gain>
{
    private readonly double[] perLeg;
    private readonly int tie;

    public Gain(Worth before, Worth after, int legs, int round, int tie, int levels)
    {
        (Round, this.tie) = (round, tie);
        perLeg = new double[1 + levels];
        perLeg[0] = (before.Unplaced - after.Unplaced) / (double)legs;
        for (int l = 0; l < levels; l++) perLeg[l + 1] = (before.Score[l] - after.Score[l]) / (double)legs;
    }

    /// <summary>How many legs had gone when this was judged.</summary>
    public int Round { get; }

    public int CompareTo(Gain other)
    {
        int compared = other.perLeg.AsSpan().SequenceCompareTo(perLeg);
        return compared != 0 ? compared : tie.CompareTo(other.tie);
    }
}
