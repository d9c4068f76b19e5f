using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.HostSets.Packing;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.HostSets;

/// <summary>What a set of hosts has to hold: <c>Σ Coefficients·hosts ≥ Least</c>.</summary>
/// <param name="Coefficients">What a host of each kind holds.</param>
/// <param name="Least">What is to be held.</param>
/// <param name="IsResource">True if it is a resource, which no packing uses up to the last unit.</param>
internal sealed record CoverRow(long[] Coefficients, long Least, bool IsResource);

/// <summary>A set of hosts.</summary>
/// <param name="Hosts">Number of hosts of each kind; null if none was found.</param>
/// <param name="Bound">True lower bound of the price of every set that fulfils the rows.</param>
internal sealed record HostSet(int[]? Hosts, long Bound);

/// <summary>
/// Chooses which hosts to use before anything is packed: an integer program with one variable per kind of host. Its rows hold for every placement, so
/// its optimum is a bound of every placement; rows learned from failed packings make it a Benders master (Hooker and Ottosson, Mathematical
/// Programming 96, 2003).
/// </summary>
/// <param name="session">The solve.</param>
/// <param name="prices">Price of a host by kind.</param>
/// <param name="counts">Number of hosts by kind.</param>
internal sealed class HostSetMaster(SolveSession session, IReadOnlyList<long> prices, IReadOnlyList<int> counts)
{
    private const long MostSlack = 1L << 40;
    private const int FloorFactor = 100;
    private readonly List<CoverRow> rows = [];

    /// <summary>What all prices are multiples of.</summary>
    public long PriceStep { get; } = Math.Max(1, PackingProblem.GreatestDivisor(prices));

    public void Add(CoverRow row) => rows.Add(row);

    /// <summary>The cheapest set that fulfils the rows.</summary>
    /// <param name="margin">What resources are multiplied by.</param>
    /// <param name="limit">Time.</param>
    /// <param name="alsoRows">Rows for this time only.</param>
    public HostSet Cheapest(double margin, TimeSpan limit, IEnumerable<CoverRow>? alsoRows = null)
    {
        LinearModel model = Model(margin, alsoRows);
        LinearOutcome outcome = Minimise(model, Price(), limit, session.Threads, session.Seed);
        long bound = outcome.Bound < 0 ? 0 : (long)Math.Ceiling(outcome.Bound - 1e-6) * PriceStep;
        return new HostSet(CountsIn(outcome), bound);
    }

    /// <summary>The set that is best by other costs among those that are as cheap as given.</summary>
    public HostSet Gentlest(double margin, long budget, IReadOnlyList<long> costs, TimeSpan limit, IEnumerable<CoverRow>? alsoRows = null)
    {
        LinearModel model = Model(margin, alsoRows);
        model.AtMost(Price(), budget / PriceStep);
        LinearExpression cost = new();
        for (int t = 0; t < costs.Count; t++) cost.Add(t, costs[t]);
        return new HostSet(CountsIn(Minimise(model, cost, limit, session.Threads, session.Seed)), 0);
    }

    /// <summary>The set within a budget that leaves the most room: first the least of the weighted slacks of the resources, then their sum.</summary>
    public HostSet Roomiest(long budget, IReadOnlyList<long> weights, TimeSpan limit, int seed)
    {
        LinearModel model = Model(1, null);
        model.AtMost(Price(), budget / PriceStep);
        int floor = model.AddVariable(0, MostSlack);
        LinearExpression loss = new LinearExpression().Add(floor, -FloorFactor);
        int r = 0;
        foreach (CoverRow row in rows.Where(row => row.IsResource))
        {
            int slack = model.AddVariable(0, MostSlack);
            model.AddRow(Held(row).Add(slack, -1), row.Least, row.Least);
            model.AtMost(new LinearExpression().Add(floor, 1).Add(slack, -weights[r]), 0);
            loss.Add(slack, -weights[r++]);
        }

        return new HostSet(CountsIn(Minimise(model, loss, limit, 1, seed)), 0);
    }

    private LinearModel Model(double margin, IEnumerable<CoverRow>? alsoRows)
    {
        LinearModel model = new();
        foreach (int count in counts) model.AddVariable(0, count);
        foreach (CoverRow row in alsoRows is null ? rows : rows.Concat(alsoRows))
            model.AddRow(Held(row), row.IsResource ? (long)Math.Ceiling(row.Least * margin) : row.Least, long.MaxValue);
        return model;
    }

    private static LinearExpression Held(CoverRow row)
    {
        LinearExpression held = new();
        for (int t = 0; t < row.Coefficients.Length; t++) held.Add(t, row.Coefficients[t]);
        return held;
    }

    private LinearExpression Price()
    {
        LinearExpression price = new();
        for (int t = 0; t < counts.Count; t++) price.Add(t, prices[t] / PriceStep);
        return price;
    }

    private LinearOutcome Minimise(LinearModel model, LinearExpression objective, TimeSpan limit, int threads, int seed) =>
        new CpSatSolver().Minimise(new LinearJob
        {
            Model = model,
            Objective = objective,
            Limit = limit < session.Left ? limit : session.Left,
            Work = session.Stop is MaxWork work ? Math.Min(work.Units, limit.TotalSeconds) : null,
            Threads = threads,
            Seed = seed,
            CancellationToken = session.Token,
        });

    private int[]? CountsIn(LinearOutcome outcome) => outcome.Values is { } values ? [.. values.Take(counts.Count).Select(v => (int)v)] : null;
}
