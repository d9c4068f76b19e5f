using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.HostSets;

/// <summary>
/// Host set first, then pack, where patterns can be priced: column generation bounds the price and yields cuts, the host set master rounds the bound up to
/// what whole hosts cost, and then sets at that price, or little above it, with as much room as possible are packed by diving until one holds all VMs.
/// </summary>
internal sealed class PatternSearch
{
    private const int MostIterations = 1000;
    private const double Gap = 1e-6;
    private const int CutsPerRound = 25;
    private const int MostRounds = 20;
    private const int BudgetSteps = 4;
    private const int MostPriceSteps = 5;
    private const int TriesPerWork = 4;
    private const double ArtificialCost = 40;
    private const double ArtificialCostOfSize = 36;
    private static readonly TimeSpan MasterLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RoomLimit = TimeSpan.FromSeconds(2);
    private readonly SolveSession session;
    private readonly HostSetProblem problem;
    private readonly PatternView view;
    private readonly PatternProblem packing;
    private readonly PatternPricing pricing;
    private readonly HostSetMaster hosts;
    private readonly List<DualCut> cuts = [];
    private Bin[] pool = [];
    private long bound;
    private int tries;

    public PatternSearch(SolveSession session, HostSetProblem problem, PatternView view, PatternPricing pricing)
    {
        (this.session, this.problem, this.view, packing, this.pricing) = (session, problem, view, view.Packing, pricing);
        hosts = new HostSetMaster(session, packing.Prices, packing.Counts);
        for (int r = 0; r < packing.Dimensions; r++) hosts.Add(new CoverRow([.. packing.Rooms.Select(room => (long)room[r])], packing.Totals[r], true));
    }

    /// <summary>Searches until it is over or the price is proven least.</summary>
    public void Run(TimeSpan until)
    {
        bool IsOver() => session.IsOver || session.Elapsed > until;
        session.TakePart("column generation over host sets");
        List<Bin>? first = FirstFit.Complete(packing, [], packing.Demands);
        Offer(first);
        GenerateColumns(first ?? [], IsOver);
        RoundUp(IsOver);
        int mostTries = session.Stop is MaxWork work ? Math.Max(1, (int)(TriesPerWork * work.Units)) : int.MaxValue;
        void Work(int worker)
        {
            PatternPricing table = worker == 0 ? pricing : pricing.Fork();
            while (!IsOver() && !IsProven && Interlocked.Increment(ref tries) is int number && number <= mostTries) Try(number - 1, table, IsOver);
        }

        Task.WaitAll([.. Enumerable.Range(0, session.Threads).Select(w => Task.Factory.StartNew(() => Work(w), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))], CancellationToken.None);
        session.Count("hostsets.tries", Math.Min(tries, mostTries));
    }

    private bool IsProven => Best <= bound;

    /// <summary>The least price found, without the constant; a very high one if none was found.</summary>
    private long Best => session.BestScore is { } score ? score[HostSetProblem.Level] - problem.Constant : long.MaxValue;

    private void GenerateColumns(IEnumerable<Bin> first, Func<bool> isOver)
    {
        double[] artificial = new double[packing.Classes];
        Array.Fill(artificial, 3.0 * Math.Max(1, packing.Prices.Max()));
        using PatternMaster master = new(packing, pricing, packing.Counts, packing.Prices, artificial) { Cuts = cuts };
        foreach (Bin bin in first) master.Add(bin);
        bool solved = master.Solve(session.Stop is MaxWork ? MostIterations / 10 : MostIterations, Gap, isOver);
        session.Count("hostsets.iterations", master.Iterations);
        session.Count("hostsets.columns", master.Columns.Count);
        pool = [.. master.Columns];
        OfferBound((long)Math.Ceiling(master.Bound / packing.PriceStep) * packing.PriceStep);
        if (!solved) return;
        double[] use = new double[packing.Types];
        for (int j = 0; j < pool.Length; j++) use[pool[j].Type] += master.Use[j];
        AddCuts(use, CutsPerRound);
    }

    /// <summary>Rounds the bound up to whole hosts: cuts of the pool are added until the cheapest set fulfils them all.</summary>
    private void RoundUp(Func<bool> isOver)
    {
        for (int round = 0; round < MostRounds && !isOver(); round++)
        {
            HostSet set = hosts.Cheapest(1, MasterLimit);
            OfferBound(set.Bound);
            if (set.Hosts is null || AddCuts([.. set.Hosts.Select(count => (double)count)], CutsPerRound / BudgetSteps, onlyViolated: true) == 0) return;
        }
    }

    private int AddCuts(double[] use, int most, bool onlyViolated = false)
    {
        DualCut[] worst = [.. cuts.Select(cut => (Cut: cut, Violation: cut.Violation(use))).Where(c => !onlyViolated || c.Violation > 0).OrderByDescending(c => c.Violation).Take(most).Select(c => c.Cut)];
        foreach (DualCut cut in worst)
        {
            hosts.Add(new CoverRow(cut.Best, cut.Least, false));
            cuts.Remove(cut);
        }

        return worst.Length;
    }

    /// <summary>One try: a roomy set within a budget, packed by a dive; what is left over goes where it fits, or opens the cheapest host.</summary>
    private void Try(int number, PatternPricing table, Func<bool> isOver)
    {
        Random random = new(HashCode(session.Seed, number));
        HostSet set = hosts.Roomiest(Budget(number), RoomWeights(), RoomLimit, random.Next(1 << 16));
        if (set.Hosts is null || isOver()) return;
        using PatternMaster master = new(packing, table, set.Hosts, new long[packing.Types], ArtificialCosts());
        foreach (Bin bin in pool)
            if (set.Hosts[bin.Type] > 0) master.Add(bin);
        List<Bin> bins = new PatternDive(master, random, isOver).Run();
        session.Count("hostsets.iterations", master.Iterations);
        Offer(FirstFit.Complete(packing, bins, master.Demands));
    }

    private long Budget(int number)
    {
        long gap = Best == long.MaxValue ? 0 : Best - packing.PriceStep - bound;
        long step = Math.Clamp(gap / (BudgetSteps - 1) / packing.PriceStep, 1, MostPriceSteps) * packing.PriceStep;
        long budget = bound + (number % BudgetSteps * step);
        return budget < Best ? budget : bound;
    }

    /// <summary>Between equal units and equal shares: what is scarce in units is also coarse.</summary>
    private long[] RoomWeights() => [.. packing.MostRoom.Select(room => Math.Max(1, (long)Math.Round(Math.Sqrt((double)packing.MostRoom.Max() / Math.Max(1, room)))))];

    private double[] ArtificialCosts() => [.. Enumerable.Range(0, packing.Classes).Select(k => ArtificialCost * (1 + (ArtificialCostOfSize * packing.SizeOf(k))))];

    private void OfferBound(long price)
    {
        bound = Math.Max(bound, price);
        session.OfferBound(HostSetProblem.Level, problem.Constant + bound, "host sets");
    }

    private void Offer(IEnumerable<Bin>? bins)
    {
        if (bins is not null) session.Offer(view.PlacesOf(bins.Where(bin => bin.Pattern.Any(vms => vms > 0)), session.Problem.Cluster), "host sets");
    }

    private static int HashCode(int seed, int number) => unchecked((seed * 486_187_739) + (number * 16_777_619));
}
