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
    private static readonly double[] Margins = [1.01, 1.006, 1.003, 1.0015, 1.00001];
    private static readonly TimeSpan MasterLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GentleLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PackLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan AfterFirst = TimeSpan.FromSeconds(2);
    private readonly SolveSession session;
    private readonly HostSetProblem problem;
    private readonly HostSetMaster hosts;
    private readonly long[] costsOfUse;
    private readonly List<CoverRow> unproven = [];
    private readonly HashSet<string> packed = [];
    private readonly Place[] start;
    private long bound;

    public CoverSearch(SolveSession session, HostSetProblem problem)
    {
        (this.session, this.problem) = (session, problem);
        hosts = new HostSetMaster(session, problem.Prices, [.. problem.Prices.Select((_, h) => problem.IsOpen[h] && !problem.InUse[h] ? 1 : 0)]);
        foreach (CoverRow row in CoverRows.Of(problem)) hosts.Add(row);
        costsOfUse = [.. EmptyingCosts().Select(cost => -cost)];
        start = [.. Placement.StartOf(session.Problem.Cluster).Places];
    }

    /// <summary>Searches until it is over or the price is proven least.</summary>
    public void Run(TimeSpan until)
    {
        bool IsOver() => session.IsOver || session.Elapsed > until || IsProven;
        session.TakePart("host sets");
        OfferBound(hosts.Cheapest(1, MasterLimit).Bound);
        int left = session.Stop is MaxWork work ? Math.Max(1, (int)(TriesPerWork * work.Units)) : int.MaxValue;
        foreach (double margin in Margins)
            if (!IsOver() && left-- > 0) Try(margin, until);
        while (!IsOver() && left-- > 0 && Try(1, until)) { }
    }

    private bool IsProven => Best <= bound;

    private long Best => session.BestScore is { } score ? score[HostSetProblem.Level] - problem.Constant : long.MaxValue;

    /// <summary>One set and its packing; false if there is no set that is cheaper than the best placement.</summary>
    private bool Try(double margin, TimeSpan until)
    {
        HostSet cheapest = hosts.Cheapest(margin, MasterLimit, unproven);
        if (margin == 1 && unproven.Count == 0) OfferBound(cheapest.Bound);
        if (cheapest.Hosts is null || PriceOf(cheapest.Hosts) is var price && price >= Best) return false;
        int[] chosen = costsOfUse.Any(c => c != 0) ? hosts.Gentlest(margin, price, costsOfUse, GentleLimit, unproven).Hosts ?? cheapest.Hosts : cheapest.Hosts;
        HashSet<int> closed = [.. Enumerable.Range(0, chosen.Length).Where(h => chosen[h] == 0 && !problem.InUse[h])];
        LinearStatus status = packed.Add(string.Join(',', chosen)) ? Pack(closed, price, until) : LinearStatus.Unknown;
        CoverRow oneMore = new([.. chosen.Select((_, h) => closed.Contains(h) ? 1L : 0)], 1, false);
        if (status == LinearStatus.Infeasible) hosts.Add(oneMore);
        else if (margin == 1) unproven.Add(oneMore);
        return true;
    }

    /// <summary>Packs with all rules; the price is settled, so the levels after it count.</summary>
    private LinearStatus Pack(HashSet<int> closed, long price, TimeSpan until)
    {
        session.Count("hostsets.tries", 1);
        PlacementFormulation formulation = new(session.Model, session.Scoring, session.Table, session.Filter, start, new FormulationScope { ClosedHosts = closed });
        if (formulation.Homeless is not null) return LinearStatus.Infeasible;
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(session.Token);
        bool isFinal = price <= bound || session.Stop is MaxWork;
        TimeSpan left = until - session.Elapsed;
        LinearOutcome outcome = new CpSatSolver().Minimise(new LinearJob
        {
            Model = formulation.Rows,
            Objective = formulation.CombinedLevels(HostSetProblem.Level + 1),
            Limit = left < PackLimit ? left : PackLimit,
            Work = session.Stop is MaxWork ? PackLimit.TotalSeconds : null,
            Threads = session.Threads,
            Seed = session.Seed,
            Hint = session.Best is { } best ? formulation.CountsOf(best) : null,
            OnValues = (values, _) =>
            {
                session.Offer(formulation.PlacesOf(values), "host sets");
                if (!isFinal) enough.CancelAfter(AfterFirst);
            },
            CancellationToken = enough.Token,
        });
        if (outcome.Values is { } found) session.Offer(formulation.PlacesOf(found), "host sets");
        return outcome.Status;
    }

    private long PriceOf(int[] chosen) => Enumerable.Range(0, chosen.Length).Sum(h => chosen[h] * problem.Prices[h]);

    private void OfferBound(long price)
    {
        bound = Math.Max(bound, price);
        session.OfferBound(HostSetProblem.Level, problem.Constant + bound, "host sets");
    }

    /// <summary>What it costs, on the first later level that counts migrations, to empty each host.</summary>
    private long[] EmptyingCosts()
    {
        long[] costs = new long[problem.Prices.Length];
        foreach (int level in session.Model.Levels.Skip(HostSetProblem.Level + 1))
        {
            foreach (Goal goal in session.Model.Goals.Where(g => g.Level == level && g.Term is SumTerm { Outer: Outer.Sum, Family.DependsOnStart: true, Functions: [{ Slope: > 0 }] }))
                foreach (VmClass vmClass in problem.Classes.Select(c => c.Class))
                    foreach (int vm in vmClass.Vms)
                        if (session.Problem.Cluster.Vms[vm].Start is { } home) costs[home.Host.Index] += goal.Weight * CostOfMoving(vmClass, ((SumTerm)goal.Term).Family);
            if (costs.Any(c => c > 0)) break;
        }

        return costs;
    }

    private static long CostOfMoving(VmClass vmClass, LoadFamily family) => vmClass.Charges.FirstOrDefault(c => c.Family == family) is var charge ? charge.Leaving + charge.Arriving : 0;
}
