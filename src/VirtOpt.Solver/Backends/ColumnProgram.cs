using MpConstraint = Google.OrTools.LinearSolver.Constraint;
using MpSolver = Google.OrTools.LinearSolver.Solver;
using MpVariable = Google.OrTools.LinearSolver.Variable;

namespace VirtOpt.Solver.Backends;

/// <summary>
/// A linear program that is maximised and grows by columns. CLP, which goes on from its last basis when columns come; GLOP does not return when
/// columns are added to a program that it has solved.
/// </summary>
internal sealed class ColumnProgram : IDisposable
{
    private readonly MpSolver solver = MpSolver.CreateSolver("CLP") ?? throw new NotSupportedException("The OR-Tools at hand are built without CLP.");
    private readonly List<MpConstraint> rows = [];
    private readonly List<MpVariable> columns = [];

    public ColumnProgram() => solver.Objective().SetMaximization();

    /// <summary>Value of the last solution.</summary>
    public double Objective => solver.Objective().Value();

    /// <summary>Adds an empty row; infinite sides are open.</summary>
    public int AddRow(double lower, double upper)
    {
        rows.Add(solver.MakeConstraint(lower, upper, ""));
        return rows.Count - 1;
    }

    /// <summary>Adds a column of at least 0.</summary>
    public int AddColumn(double worth, IEnumerable<(int Row, double Coefficient)> entries)
    {
        MpVariable column = solver.MakeNumVar(0, double.PositiveInfinity, "");
        solver.Objective().SetCoefficient(column, worth);
        foreach ((int row, double coefficient) in entries) rows[row].SetCoefficient(column, coefficient);
        columns.Add(column);
        return columns.Count - 1;
    }

    /// <summary>Changes what a column is worth.</summary>
    public void SetWorth(int column, double worth) => solver.Objective().SetCoefficient(columns[column], worth);

    /// <summary>Solves; false if no optimum was found in time.</summary>
    public bool Maximise(TimeSpan limit)
    {
        solver.SetTimeLimit((long)Math.Clamp(limit.TotalMilliseconds, 10, int.MaxValue));
        return solver.Solve() == MpSolver.ResultStatus.OPTIMAL;
    }

    /// <summary>Dual value of a row: how much the objective gains per unit of its side.</summary>
    public double Dual(int row) => rows[row].DualValue();

    /// <summary>Value of a column in the last solution.</summary>
    public double Value(int column) => columns[column].SolutionValue();

    public void Dispose() => solver.Dispose();
}
