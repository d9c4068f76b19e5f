namespace VirtOpt.Solver.Patterns;

/// <summary>What a round of pricing found.</summary>
/// <param name="Columns">The best column of each group, where its reduced cost is above 0.</param>
/// <param name="Bound">No solution of the problem is worth more than this.</param>
internal sealed record PricingResult(IReadOnlyList<Column> Columns, double Bound);

/// <summary>
/// Finds the patterns that the dual values of the master problem call for, by dynamic programming over the units of a cell, without leaving one
/// out. So the sum of the best patterns of all hosts is a true bound at any prices (Farley, A note on bounding a class of linear programming
/// problems, Operations Research 38, 1990; Lübbecke and Desrosiers, Selected topics in column generation, Operations Research 53, 2005, sec. 2.1).
/// </summary>
internal sealed class Pricing(HostGroups groups)
{
    private const double LeastReducedCost = 1e-6;
    private readonly PatternProblem problem = groups.Problem;

    /// <summary>The best columns at these prices, and the bound that they give.</summary>
    /// <param name="prices">The dual values.</param>
    /// <param name="isSafe">True for patterns only that let migrations go in any order; the bound is then theirs alone.</param>
    public PricingResult Price(Prices prices, bool isSafe)
    {
        List<Column> columns = [];
        CellTable[] tables = TablesAt(prices, isSafe);
        foreach (CellGroup group in groups.Cells)
            if (tables[group.Index].Best(0, 0) - prices.Cells[group.Index] > LeastReducedCost) columns.Add(CellColumn(group, tables[group.Index].Choose(0, 0)));
        ArrivingKnapsack arriving = new(problem, 2, prices);
        double bound = prices.Constant;
        foreach (HostGroup host in groups.Hosts)
        {
            double best = host.Cells.Sum(cell => tables[cell.Index].Best(0, 0));
            (double Value, int Out, int In) shared = (double.NegativeInfinity, 0, 0);
            LeavingKnapsack leaving = new(problem, 2, host.Movable, prices);
            foreach ((double value, int leave, int come) in Shared(host, tables, leaving, arriving))
                if (value > shared.Value) shared = (value, leave, come);
            if (shared.Value - Cost(host, prices) > LeastReducedCost) columns.Add(HostColumn(host, tables, leaving, arriving, shared.Out, shared.In));
            bound += host.Hosts.Count * Math.Max(best, shared.Value);
        }

        return new PricingResult(columns, bound);
    }

    /// <summary>The columns with at least a reduced cost, the best first: of all changes by the same units the best one each.</summary>
    public IReadOnlyList<Column> Enumerate(Prices prices, double least, int most)
    {
        List<(double ReducedCost, Func<Column> Make)> found = [];
        CellTable[] tables = TablesAt(prices, isSafe: false);
        foreach (CellGroup group in groups.Cells)
            foreach ((double value, Change change, int gain) in tables[group.Index].All())
                if (value - prices.Cells[group.Index] >= least) found.Add((value - prices.Cells[group.Index], () => CellColumn(group, (change, gain))));
        ArrivingKnapsack arriving = new(problem, 2, prices);
        foreach (HostGroup host in groups.Hosts)
        {
            LeavingKnapsack leaving = new(problem, 2, host.Movable, prices);
            foreach ((double value, int leave, int come) in Shared(host, tables, leaving, arriving))
                if (value - Cost(host, prices) is double reducedCost && reducedCost >= least)
                    found.Add((reducedCost, () => HostColumn(host, tables, leaving, arriving, leave, come)));
        }

        return [.. found.OrderByDescending(f => f.ReducedCost).Take(most).Select(f => f.Make())];
    }

    private CellTable[] TablesAt(Prices prices, bool isSafe)
    {
        ArrivingKnapsack arriving = new(problem, 1, prices);
        return [.. groups.Cells.Select(group => new CellTable(problem, group, prices, arriving, isSafe))];
    }

    /// <summary>Every exchange of VMs of span 2 by units, with its best changes of the cells.</summary>
    private IEnumerable<(double Value, int Out, int In)> Shared(HostGroup host, CellTable[] tables, LeavingKnapsack leaving, ArrivingKnapsack arriving)
    {
        if (host.Cells.Count < 2 || !host.Cells[0].IsShared) yield break;
        (CellTable first, CellTable second) = (tables[host.Cells[0].Index], tables[host.Cells[1].Index]);
        int mostOut = host.Cells.Min(cell => cell.MostSharedUnits);
        for (int leave = 0; leave <= mostOut; leave++)
        {
            if (double.IsNegativeInfinity(leaving[leave])) continue;
            for (int come = 0; come <= problem.Units; come++)
                if (leave + come > 0
                    && leaving[leave] + arriving[come] + first.Best(leave, come) + second.Best(leave, come) is double value && double.IsFinite(value))
                    yield return (value, leave, come);
        }
    }

    private static double Cost(HostGroup host, Prices prices) => prices.Hosts[host.Index] + host.Cells.Sum(cell => prices.Cells[cell.Index]);

    private static Column CellColumn(CellGroup group, (Change Change, int Gain) chosen) => new(group, null, null, [chosen.Change], chosen.Gain);

    private static Column HostColumn(HostGroup host, CellTable[] tables, LeavingKnapsack leaving, ArrivingKnapsack arriving, int leave, int come)
    {
        (Change Change, int Gain)[] cells = [.. host.Cells.Select(cell => tables[cell.Index].Choose(leave, come))];
        return new Column(null, host, new Change(arriving.Counts(come), leaving.Counts(leave)), [.. cells.Select(c => c.Change)], cells.Sum(c => c.Gain));
    }
}
