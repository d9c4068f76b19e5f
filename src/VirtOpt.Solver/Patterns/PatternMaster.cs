using VirtOpt.Solver.Backends;

namespace VirtOpt.Solver.Patterns;

/// <summary>What a master problem asks for.</summary>
internal enum MasterGoal
{
    /// <summary>The most copies, within the limit of migrations.</summary>
    MostCopies,

    /// <summary>The fewest migrations that gain a number of copies.</summary>
    FewestMigrations,
}

/// <summary>A solution of the linear relaxation of a master problem.</summary>
/// <param name="Objective">Its value.</param>
/// <param name="Prices">Its dual values.</param>
/// <param name="PaysPenalty">True if VMs are missing: the dual values are held down by the penalty.</param>
internal sealed record MasterSolution(double Objective, Prices Prices, bool PaysPenalty);

/// <summary>
/// The restricted master problem of the decomposition by hosts (Dantzig and Wolfe, Decomposition principle for linear programs, Operations
/// Research 8, 1960; with interchangeable blocks counted: Vance, Branch-and-price algorithms for the one-dimensional cutting stock problem, 1998):
/// how often each pattern known so far is used, so that as many VMs of each type come as leave. Missing VMs cost a penalty, which keeps the dual
/// values in range while patterns are few.
/// </summary>
internal sealed class PatternMaster : IDisposable
{
    private const double MostPenalty = 1e6;
    private readonly HostGroups groups;
    private readonly MasterGoal goal;
    private readonly long side;
    private readonly ColumnProgram program = new();
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly List<Column> columns = [];
    private readonly List<int> slacks = [];
    private readonly int sideRow;
    private readonly int firstCellRow;
    private double penalty;

    /// <param name="groups">The groups of cells and hosts.</param>
    /// <param name="goal">What is asked for.</param>
    /// <param name="side">The most migrations, or the least gain of copies.</param>
    public PatternMaster(HostGroups groups, MasterGoal goal, long side)
    {
        (this.groups, this.goal, this.side) = (groups, goal, side);
        PatternProblem problem = groups.Problem;
        penalty = problem.Types.Max(t => t.Span * (1 + (double)t.Weight / problem.Need)) + 1 + Math.Ceiling((double)problem.Need / problem.Unit);
        for (int t = 0; t < problem.Types.Count; t++) slacks.AddRange([.. Slack(program.AddRow(0, 0), 1), .. Slack(t, -1)]);
        sideRow = goal == MasterGoal.MostCopies ? program.AddRow(double.NegativeInfinity, side) : program.AddRow(side, double.PositiveInfinity);
        if (goal == MasterGoal.FewestMigrations) slacks.AddRange(Slack(sideRow, 1));
        firstCellRow = sideRow + 1;
        foreach (CellGroup group in groups.Cells) program.AddRow(double.NegativeInfinity, group.Cells.Count);
        foreach (HostGroup group in groups.Hosts) program.AddRow(double.NegativeInfinity, group.Hosts.Count);
    }

    /// <summary>The columns known so far.</summary>
    public IReadOnlyList<Column> Columns => columns;

    /// <summary>Adds a column; false if it is known.</summary>
    public bool Add(Column column)
    {
        if (!known.Add(column.Key)) return false;
        columns.Add(column);
        program.AddColumn(goal == MasterGoal.MostCopies ? column.Gain : -column.Migrations, Entries(column));
        return true;
    }

    /// <summary>Solves the linear relaxation; null if that did not end in time.</summary>
    public MasterSolution? Solve(TimeSpan limit) =>
        program.Maximise(limit) ? new MasterSolution(program.Objective, PricesNow(), slacks.Any(slack => program.Value(slack) > 1e-7)) : null;

    /// <summary>Raises the penalty; false if that has not helped so far.</summary>
    public bool Stiffen()
    {
        if (penalty >= MostPenalty) return false;
        penalty *= 4;
        foreach (int slack in slacks) program.SetWorth(slack, -penalty);
        return true;
    }

    public void Dispose() => program.Dispose();

    private Prices PricesNow()
    {
        double dual = program.Dual(sideRow);
        dual = goal == MasterGoal.MostCopies ? Math.Max(0, dual) : Math.Min(0, dual);
        return new Prices(
            goal == MasterGoal.MostCopies ? 1 : -dual,
            goal == MasterGoal.MostCopies ? dual : 1,
            [.. Enumerable.Range(0, groups.Problem.Types.Count).Select(program.Dual)],
            [.. groups.Cells.Select(g => Math.Max(0, program.Dual(firstCellRow + g.Index)))],
            [.. groups.Hosts.Select(g => Math.Max(0, program.Dual(firstCellRow + groups.Cells.Count + g.Index)))],
            dual * side);
    }

    private IEnumerable<int> Slack(int row, int sign) => [program.AddColumn(-penalty, [(row, sign)])];

    private IEnumerable<(int Row, double Coefficient)> Entries(Column column)
    {
        for (int t = 0; t < groups.Problem.Types.Count; t++)
            if (column.Net(t) is not 0 and int net) yield return (t, net);
        if ((goal == MasterGoal.MostCopies ? column.Migrations : column.Gain) is not 0 and int used) yield return (sideRow, used);
        foreach (IGrouping<int, CellGroup> uses in column.CellGroups.GroupBy(g => g.Index)) yield return (firstCellRow + uses.Key, uses.Count());
        if (column.Host is { } host) yield return (firstCellRow + groups.Cells.Count + host.Index, 1);
    }
}
