using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.HostSets;

/// <summary>
/// Host set first, then pack, for problems with starts and rules: the host set master sees only limits and reach, and the exact model packs what it has chosen,
/// with all rules, while all other hosts are closed. Sets with a margin come first: they are packed in a moment, and tight ones take long.
/// A set that is proven not to hold the VMs is cut off: one of its closed hosts has to be used.
/// </summary>
internal sealed class CoverSearch
{
    private const int TriesPerWork = 2;
    private const int MostFailures = 2;
    private static readonly double[] Margins = [1.08, 1.05, 1.03, 1.02, 1.01, 1.006, 1.003, 1.0015, 1.00001];
    private static readonly TimeSpan MasterLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GentleLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PackLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFirst = TimeSpan.FromSeconds(0.5);
    private readonly SolveSession session;
    private readonly HostSetProblem problem;
    private readonly HostSetMaster hosts;
    private readonly long[] costsOfUse;
    private readonly List<CoverRow> unproven = [];
    private readonly HashSet<string> packed = [];
    private readonly Place[] start;
    private readonly PriceLevel price;
    private int failures;

    public CoverSearch(SolveSession session, HostSetProblem problem)
    {
        (this.session, this.problem, price) = (session, problem, new PriceLevel(session, problem));
        hosts = new HostSetMaster(session, problem.Prices, [.. problem.Prices.Select((_, h) => problem.IsOpen[h] && !problem.InUse[h] ? 1 : 0)]);
        foreach (CoverRow row in CoverRows.Of(problem)) hosts.Add(row);
        start = [.. Placement.StartOf(session.Problem.Cluster).Places];
        costsOfUse = [.. EmptyingCosts().Select(cost => -cost)];
    }

    /// <summary>Searches until it is over or the price is proven least.</summary>
    public void Run(TimeSpan until)
    {
        bool IsOver() => session.IsOver || session.Elapsed > until || price.IsProven;
        session.TakePart("host sets packed by the exact model");
        price.OfferBound(hosts.Cheapest(1, MasterLimit).Bound);
        int left = session.Stop is MaxWork work ? Math.Max(1, (int)(TriesPerWork * work.Units)) : int.MaxValue;
        IEnumerable<double> margins = Margins.Concat(Enumerable.Repeat(1.0, int.MaxValue));
        foreach (double margin in margins)
            if (IsOver() || left-- <= 0 || failures >= MostFailures || (!Try(margin, until) && margin == 1)) break;
    }

    /// <summary>
    /// One set and its packing; false if there is no set that is cheaper than the best placement. Where sets are neither packed nor refuted again and
    /// again, the other engines make more of the time.
    /// </summary>
    private bool Try(double margin, TimeSpan until)
    {
        HostSet cheapest = hosts.Cheapest(margin, MasterLimit, unproven);
        if (margin == 1 && unproven.Count == 0) price.OfferBound(cheapest.Bound);
        if (cheapest.Hosts is null || PriceOf(cheapest.Hosts) >= price.Best) return false;
        int[] chosen = Gentle(cheapest.Hosts, margin);
        HashSet<int> closed = [.. Enumerable.Range(0, chosen.Length).Where(h => chosen[h] == 0 && !problem.InUse[h])];
        LinearStatus status = packed.Add(string.Join(',', chosen)) ? Pack(closed, isFinal: PriceOf(chosen) <= price.Bound, until) : LinearStatus.Unknown;
        CoverRow oneMore = new([.. chosen.Select((_, h) => closed.Contains(h) ? 1L : 0)], 1, false);
        failures = status == LinearStatus.Unknown ? failures + 1 : 0;
        if (status == LinearStatus.Infeasible) hosts.Add(oneMore);
        else if (margin == 1) unproven.Add(oneMore);
        return true;
    }

    /// <summary>A set as cheap as a given one that moves as little as possible, if that is known of hosts.</summary>
    private int[] Gentle(int[] cheapest, double margin) =>
        costsOfUse.All(cost => cost == 0) ? cheapest : hosts.Gentlest(margin, PriceOf(cheapest), costsOfUse, GentleLimit, unproven).Hosts ?? cheapest;

    /// <summary>Packs with all rules; the price is settled, so the levels after it count: for long only if the price is final.</summary>
    private LinearStatus Pack(HashSet<int> closed, bool isFinal, TimeSpan until)
    {
        session.Count("hostsets.tries", 1);
        FormulationScope scope = new() { ClosedHosts = closed };
        PlacementFormulation formulation = new(session.Model, session.Scoring, session.Table, session.Filter, start, scope);
        if (formulation.Homeless is not null) return LinearStatus.Infeasible;
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(session.Token);
        TimeSpan left = until - session.Elapsed;
        LinearOutcome outcome = new CpSatSolver().Minimise(new LinearJob
        {
            Model = formulation.Rows,
            Objective = formulation.CombinedLevels(HostSetProblem.Level + 1),
            Limit = left < PackLimit ? left : PackLimit,
            Work = session.Stop is MaxWork work ? Math.Min(work.Units, PackLimit.TotalSeconds) : null,
            Threads = session.Threads,
            Seed = session.Seed,
            Hint = session.Best is { } best ? formulation.CountsOf(best) : null,
            OnValues = (values, _) =>
            {
                price.Offer(formulation.PlacesOf(values));
                if (!isFinal && session.Stop is not MaxWork) enough.CancelAfter(AfterFirst);
            },
            CancellationToken = enough.Token,
        });
        if (outcome.Values is { } found) price.Offer(formulation.PlacesOf(found));
        return outcome.Status;
    }

    private long PriceOf(int[] chosen) => Enumerable.Range(0, chosen.Length).Sum(h => chosen[h] * problem.Prices[h]);

    /// <summary>What it costs, on the first later level that counts migrations, to empty each host.</summary>
    private long[] EmptyingCosts()
    {
        long[] costs = new long[problem.Prices.Length];
        foreach (int level in session.Model.Levels.Skip(HostSetProblem.Level + 1))
        {
            foreach (Goal goal in session.Model.Goals.Where(g => g.Level == level))
                if (goal.Term is SumTerm { Outer: Outer.Sum, Family.DependsOnStart: true, Functions: [{ Slope: > 0 }] } term)
                    foreach (VmClass vmClass in problem.Classes.Select(c => c.Class))
                        foreach (int vm in vmClass.Vms)
                            if (start[vm].Host.Index is >= 0 and int home) costs[home] += goal.Weight * CostOfMoving(vmClass, term.Family);
            if (costs.Any(c => c > 0)) break;
        }

        return costs;
    }

    private static long CostOfMoving(VmClass vmClass, LoadFamily family)
    {
        Charge charge = vmClass.Charges.FirstOrDefault(c => c.Family == family);
        return charge.Leaving + charge.Arriving;
    }
}
