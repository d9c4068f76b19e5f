namespace VirtOpt.Solver.Sequencing.Timed.Value;

/// <summary>
/// Chooses which legs a plan carries out where limits do not let it carry out all: those that together are worth most, and that lead to a placement that
/// keeps all rules. Few legs are tried in all combinations; of many, those are taken that <see cref="ValueOrder"/> finds within the limits.
/// </summary>
internal sealed class PlanChoice(LegMaker maker, IReadOnlyList<Leg> direct, PlanOptions options, CancellationToken cancellation)
{
    private const int FewLegs = 12;
    private readonly PlanLimits limits = maker.Settings.Limits;
    private readonly PlanOptions quick = options with { TimeLimit = TimeSpan.Zero, Work = null };

    /// <summary>The chosen legs.</summary>
    public IReadOnlyList<Leg> Choose() => direct.Count <= FewLegs ? BestOfAll() : BestOfChain();

    /// <summary>Whether the list scheduler brings some legs to their targets within all limits, those on time as well.</summary>
    private bool Fits(IReadOnlyList<Leg> legs)
    {
        PlanDraft draft = new DraftMaker(maker, quick, cancellation).Make(legs);
        return draft.Blocked.Count == 0 && draft.Schedule.Makespan <= TimeWindows.Over(limits) && LegCost.Of(maker, draft.Problem.Legs).IsWithin(limits);
    }

    private IReadOnlyList<Leg> BestOfAll()
    {
        Midway midway = new(maker, direct);
        List<(Worth Worth, int Set)> valid = [];
        for (int step = 0, set = 0; step < 1 << direct.Count; step++)
        {
            if (step > 0)
            {
                int leg = System.Numerics.BitOperations.TrailingZeroCount(step); // Gray code: one leg comes or goes at a time.
                set ^= 1 << leg;
                midway.Put(leg, isForward: (set >> leg & 1) == 1);
            }

            if (midway.Broken == 0 && LegCost.Of(maker, LegsOf(set)).IsWithin(limits)) valid.Add((midway.Worth, set));
        }

        foreach ((_, int set) in valid.OrderBy(v => v.Worth).ThenBy(v => int.PopCount(v.Set)).ThenBy(v => v.Set))
            if (set == 0 || cancellation.IsCancellationRequested || Fits([.. LegsOf(set)])) return cancellation.IsCancellationRequested ? [] : [.. LegsOf(set)];
        return [];
    }

    private IEnumerable<Leg> LegsOf(int set) => Enumerable.Range(0, direct.Count).Where(i => (set >> i & 1) == 1).Select(i => direct[i]);

    private Leg[] BestOfChain()
    {
        ValueChain chain = new ValueOrder(maker, direct, limits).Find(cancellation);
        (int fits, int over) = (0, chain.Stops.Count);
        while (over - fits > 1)
        {
            int middle = fits + ((over - fits) / 2);
            if (Fits(LegsUpTo(chain, middle))) fits = middle;
            else over = middle;
        }

        int best = Enumerable.Range(0, fits + 1).MinBy(i => chain.Stops[i].Worth);
        return LegsUpTo(chain, best);
    }

    private Leg[] LegsUpTo(ValueChain chain, int stop)
    {
        HashSet<int> vms = [.. chain.Legs.Take(chain.Stops[stop].Legs).Select(l => l.Vm)];
        return [.. direct.Where(l => vms.Contains(l.Vm))];
    }
}
