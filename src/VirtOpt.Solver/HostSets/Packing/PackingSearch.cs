using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.HostSets.Packing;

/// <summary>
/// Host set first, then pack, where patterns can be priced: column generation bounds the price and yields cuts, the host set master rounds the bound up to
/// what whole hosts cost, and then sets at that price, or little above it, with as much room as possible are packed by diving until one holds all VMs.
/// </summary>
internal sealed class PackingSearch
{
    private const int MostIterations = 1000;
    private const double Gap = 1e-6;
    private const int CutsPerRound = 25;
    private const int MostRounds = 20;
    private const int BudgetSteps = 4;
    private const int MostPriceSteps = 5;
    private const int TriesPerWidening = 16;
    private const int BudgetShare = 200;
    private const int TriesPerWork = 4;
    private const double ArtificialCost = 40;
    private const double ArtificialCostOfSize = 36;
    private static readonly TimeSpan MasterLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RoomLimit = TimeSpan.FromSeconds(2);
    private readonly SolveSession session;
    private readonly PackingView view;
    private readonly PackingProblem packing;
    private readonly PatternPricing pricing;
    private readonly HostSetMaster hosts;
    private readonly List<DualCut> cuts = [];
    private Bin[] pool = [];
    private readonly PriceLevel price;
    private long leastBudget;
    private int tries;

    public PackingSearch(SolveSession session, HostSetProblem problem, PackingView view, PatternPricing pricing)
    {
        (this.session, this.view, packing, this.pricing, price) = (session, view, view.Packing, pricing, new PriceLevel(session, problem));
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
            while (!IsOver() && !price.IsProven && Interlocked.Increment(ref tries) is int number && number <= mostTries) Try(number - 1, table, IsOver);
        }

        SolveSession.OnThreads(session.Threads, Work);
        session.Count("hostsets.tries", Math.Min(tries, mostTries));
    }

    private void GenerateColumns(IEnumerable<Bin> first, Func<bool> isOver)
    {
        double[] artificial = new double[packing.Classes];
        Array.Fill(artificial, 3.0 * Math.Max(1, packing.Prices.Max()));
        using PackingMaster master = new(packing, pricing, packing.Counts, packing.Prices, artificial) { Cuts = cuts };
        foreach (Bin bin in first) master.Add(bin);
        bool solved = master.Solve(session.Stop is MaxWork ? MostIterations / 10 : MostIterations, Gap, isOver);
        session.Count("hostsets.iterations", master.Iterations);
        session.Count("hostsets.columns", master.Columns.Count);
        pool = [.. master.Columns];
        price.OfferBound((long)Math.Ceiling(master.Bound / packing.PriceStep) * packing.PriceStep);
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
            price.OfferBound(set.Bound);
            if (set.Hosts is null || AddCuts([.. set.Hosts.Select(count => (double)count)], CutsPerRound / BudgetSteps, onlyViolated: true) == 0) return;
        }
    }

    private int AddCuts(double[] use, int most, bool onlyViolated = false)
    {
        var judged = cuts.Select(cut => (Cut: cut, Violation: cut.Violation(use))).Where(c => !onlyViolated || c.Violation > 0);
        DualCut[] worst = [.. judged.OrderByDescending(c => c.Violation).Take(most).Select(c => c.Cut)];
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
        Random random = new(SeedOf(number));
        long budget = Budget(number);
        HostSet set = hosts.Roomiest(budget, RoomWeights(), RoomLimit, random.Next(1 << 16));
        if (set.Hosts is null) leastBudget = Math.Max(leastBudget, budget + Math.Max(packing.PriceStep, budget / BudgetShare));
        if (set.Hosts is null || isOver()) return;
        using PackingMaster master = new(packing, table, set.Hosts, new long[packing.Types], ArtificialCosts());
        foreach (Bin bin in pool)
            if (set.Hosts[bin.Type] > 0) master.Add(bin);
        List<Bin> bins = new PatternDive(master, random, isOver).Run();
        session.Count("hostsets.iterations", master.Iterations);
        Offer(FirstFit.Complete(packing, bins, master.Demands));
    }

    /// <summary>The bound and a few steps above it in turn; the steps grow with time, and where no set is as cheap as the bound the first does.</summary>
    private long Budget(int number)
    {
        long best = price.Best;
        long first = leastBudget < best ? Math.Max(price.Bound, leastBudget) : price.Bound;
        long gap = best == long.MaxValue ? 0 : best - packing.PriceStep - first;
        long step = Math.Clamp(gap / (BudgetSteps - 1) / packing.PriceStep, 1, MostPriceSteps * (1 + (number / TriesPerWidening))) * packing.PriceStep;
        long budget = first + (number % BudgetSteps * step);
        return budget < best ? budget : first;
    }

    /// <summary>Between equal units and equal shares: what is scarce in units is also coarse.</summary>
    private long[] RoomWeights()
    {
        double most = packing.MostRoom.Max();
        return [.. packing.MostRoom.Select(room => Math.Max(1, (long)Math.Round(Math.Sqrt(most / Math.Max(1, room)))))];
    }

    /// <summary>What it costs a dive to leave a VM out: more for large VMs, which fit in nowhere later.</summary>
    private double[] ArtificialCosts() =>
        [.. Enumerable.Range(0, packing.Classes).Select(k => ArtificialCost * (1 + (ArtificialCostOfSize * packing.SizeOf(k))))];

    private void Offer(IEnumerable<Bin>? bins)
    {
        if (bins is not null) price.Offer(view.PlacesOf(bins.Where(bin => bin.Pattern.Any(vms => vms > 0)), session.Problem.Cluster));
    }

    private int SeedOf(int number) => unchecked((session.Seed * 486_187_739) + (number * 16_777_619));
}
