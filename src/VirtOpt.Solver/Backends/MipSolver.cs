using System.Globalization;
using VirtOpt.Solver.Formulation;
using MpSolver = Google.OrTools.LinearSolver.Solver;

namespace VirtOpt.Solver.Backends;

/// <summary>
/// The MIP and LP solvers that come with OR-Tools: SCIP for proofs, GLOP for the bound of the linear relaxation. HiGHS ends the process when
/// it is given a hint, so none is ever given.
/// </summary>
internal sealed class MipSolver(string name) : ILinearSolver
{
    private const double Tolerance = 1e-6;

    public static MipSolver Scip { get; } = new("SCIP");

    public static MipSolver Glop { get; } = new("GLOP");

    public string Name => name;

    public LinearOutcome Minimise(LinearJob job)
    {
        return job.Work is not null || job.CancellationToken.IsCancellationRequested ? LinearOutcome.Nothing
            : NativeCall.Run(job.Limit, token => Run(job with { CancellationToken = token }), LinearOutcome.GivenUp, job.CancellationToken);
    }

    private LinearOutcome Run(LinearJob job)
    {
        using MpSolver? solver = MpSolver.CreateSolver(name);
        if (solver is null) return LinearOutcome.Nothing;
        Google.OrTools.LinearSolver.Variable[] variables = Build(solver, job).Variables;
        if (name == Scip.Name && job.Hint is not null)
            solver.SetHint(variables, [.. job.Hint.Select((h, i) => (double)Math.Max(h, job.Model.Variables[i].Lower))]);
        if (name == Scip.Name) solver.SetSolverSpecificParametersAsString("misc/catchctrlc = FALSE");
        solver.SetTimeLimit(Math.Max(10, (long)job.Limit.TotalMilliseconds));
        if (name == Scip.Name) solver.SetSolverSpecificParametersAsString(ScipParameters(job));
        Google.OrTools.LinearSolver.MPSolverParameters parameters = new();
        parameters.SetDoubleParam(Google.OrTools.LinearSolver.MPSolverParameters.DoubleParam.RELATIVE_MIP_GAP, 0);
        MpSolver.ResultStatus status;
        using (new Stopper(() => solver.InterruptSolve(), job.CancellationToken)) status = solver.Solve(parameters);
        return Outcome(job, solver, variables, status);
    }

    private static string ScipParameters(LinearJob job)
    {
        List<string> lines = [];
        if (job.Nodes is { } nodes) lines.Add(string.Create(CultureInfo.InvariantCulture, $"limits/nodes = {nodes}"));
        if (job.Target is { } target) lines.Add(string.Create(CultureInfo.InvariantCulture, $"limits/primal = {target:F3}"));
        if (!job.Presolve) lines.Add("presolving/maxrounds = 0");
        return string.Join('\n', lines);
    }

    private LinearOutcome Outcome(LinearJob job, MpSolver solver, Google.OrTools.LinearSolver.Variable[] variables, MpSolver.ResultStatus status)
    {
        bool hasValues = status is MpSolver.ResultStatus.OPTIMAL or MpSolver.ResultStatus.FEASIBLE;
        bool isLinear = name == Glop.Name;
        double objective = hasValues ? solver.Objective().Value() : double.NegativeInfinity;
        double bound = isLinear
            ? status == MpSolver.ResultStatus.OPTIMAL ? objective : double.NegativeInfinity
            : hasValues ? solver.Objective().BestBound() : double.NegativeInfinity;
        LinearStatus result = status switch
        {
            MpSolver.ResultStatus.OPTIMAL => isLinear ? LinearStatus.Unknown : LinearStatus.Optimal,
            MpSolver.ResultStatus.FEASIBLE => LinearStatus.Feasible,
            MpSolver.ResultStatus.INFEASIBLE => LinearStatus.Infeasible,
            _ => LinearStatus.Unknown,
        };
        long[]? values = hasValues && !isLinear ? [.. variables.Select(v => (long)Math.Round(v.SolutionValue()))] : null;
        if (values is not null && !Holds(job, values)) return new LinearOutcome(LinearStatus.Unknown, null, bound);
        return new LinearOutcome(result, values, bound - (Tolerance * Math.Max(1, Math.Abs(bound))));
    }

    /// <summary>Hands a program over to a solver.</summary>
    public static (Google.OrTools.LinearSolver.Variable[] Variables, Google.OrTools.LinearSolver.Constraint[] Rows) Build(MpSolver solver, LinearJob job)
    {
        bool integer = solver.IsMip();
        Google.OrTools.LinearSolver.Variable[] variables = [.. job.Model.Variables.Select((v, i) => solver.MakeVar(v.Lower, v.Upper, integer, ""))];
        Google.OrTools.LinearSolver.Constraint[] rows = [.. job.Model.Rows.Select(row => solver.MakeConstraint(
            Side(row.Lower, row.Expression.Constant), Side(row.Upper, row.Expression.Constant), ""))];
        for (int r = 0; r < rows.Length; r++)
            foreach ((int variable, long coefficient) in Merged(job.Model.Rows[r].Expression)) rows[r].SetCoefficient(variables[variable], coefficient);

        foreach ((int variable, long coefficient) in Merged(job.Objective)) solver.Objective().SetCoefficient(variables[variable], coefficient);
        solver.Objective().SetOffset(job.Objective.Constant);
        solver.Objective().SetMinimization();
        return (variables, rows);
    }

    private static IEnumerable<(int Variable, long Coefficient)> Merged(LinearExpression expression) =>
        expression.Terms.GroupBy(t => t.Variable).Select(g => (g.Key, g.Sum(t => t.Coefficient)));

    private static double Side(long side, long constant) => side switch
    {
        long.MinValue => double.NegativeInfinity,
        long.MaxValue => double.PositiveInfinity,
        _ => side - constant,
    };

    private static bool Holds(LinearJob job, long[] values)
    {
        foreach (LinearRow row in job.Model.Rows)
            if (row.Expression.ValueAt(values) is long value && (value < row.Lower || value > row.Upper)) return false;
        return true;
    }
}
