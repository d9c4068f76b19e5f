using MpSolver = Google.OrTools.LinearSolver.Solver;

namespace VirtOpt.Solver.Backends;

/// <summary>
/// A linear program that grows by columns, on GLOP: each column covers demands and takes one of a number of bins of its kind. Artificial columns
/// cover what the others do not, at a price each. Its numbers are copied after each solve, because GLOP forgets them when a column is added.
/// </summary>
internal sealed class CoveringLp : IDisposable
{
    private readonly MpSolver solver = MpSolver.CreateSolver("GLOP");
    private readonly Google.OrTools.LinearSolver.Constraint[] demandRows;
    private readonly Google.OrTools.LinearSolver.Constraint[] countRows;
    private readonly List<Google.OrTools.LinearSolver.Variable> columns = [];

    public CoveringLp(ReadOnlySpan<int> demands, ReadOnlySpan<int> counts, ReadOnlySpan<double> artificialCosts)
    {
        solver.Objective().SetMinimization();
        demandRows = new Google.OrTools.LinearSolver.Constraint[demands.Length];
        countRows = new Google.OrTools.LinearSolver.Constraint[counts.Length];
        for (int k = 0; k < demands.Length; k++)
        {
            demandRows[k] = solver.MakeConstraint(demands[k], double.PositiveInfinity, "");
            Google.OrTools.LinearSolver.Variable artificial = solver.MakeNumVar(0, double.PositiveInfinity, "");
            demandRows[k].SetCoefficient(artificial, 1);
            solver.Objective().SetCoefficient(artificial, artificialCosts[k]);
        }

        for (int t = 0; t < counts.Length; t++) countRows[t] = solver.MakeConstraint(double.NegativeInfinity, counts[t], "");
        (DemandDuals, CountDuals) = (new double[demands.Length], new double[counts.Length]);
    }

    /// <summary>The least cost at the last solve.</summary>
    public double Value { get; private set; }

    /// <summary>How often each column was used in the last solve.</summary>
    public double[] Use { get; private set; } = [];

    /// <summary>What one unit of each demand was worth in the last solve; at least 0.</summary>
    public double[] DemandDuals { get; }

    /// <summary>What one bin more of each kind would have changed in the last solve; at most 0.</summary>
    public double[] CountDuals { get; }

    /// <summary>Adds a column: a bin of a kind that covers some of each demand.</summary>
    public void AddColumn(double cost, int kind, ReadOnlySpan<int> covers)
    {
        Google.OrTools.LinearSolver.Variable column = solver.MakeNumVar(0, double.PositiveInfinity, "");
        for (int k = 0; k < covers.Length; k++)
            if (covers[k] > 0) demandRows[k].SetCoefficient(column, covers[k]);
        countRows[kind].SetCoefficient(column, 1);
        solver.Objective().SetCoefficient(column, cost);
        columns.Add(column);
    }

    public void SetDemand(int demand, int units) => demandRows[demand].SetLb(units);

    public void SetCount(int kind, int bins) => countRows[kind].SetUb(bins);

    /// <summary>Solves; false if GLOP did not reach the optimum.</summary>
    public bool Solve()
    {
        if (solver.Solve() != MpSolver.ResultStatus.OPTIMAL) return false;
        Value = solver.Objective().Value();
        Use = [.. columns.Select(c => c.SolutionValue())];
        for (int k = 0; k < demandRows.Length; k++) DemandDuals[k] = Math.Max(0, demandRows[k].DualValue());
        for (int t = 0; t < countRows.Length; t++) CountDuals[t] = Math.Min(0, countRows[t].DualValue());
        return true;
    }

    public void Dispose() => solver.Dispose();
}
