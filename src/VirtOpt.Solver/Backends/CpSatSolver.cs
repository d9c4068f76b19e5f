using System.Globalization;
using Google.OrTools.Sat;
using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Backends;

/// <summary>
/// CP-SAT. Its parameters are text that ends the process if a name is wrong, so only those written here are used; its callbacks catch everything,
/// because an exception in one ends the process too.
/// </summary>
internal sealed class CpSatSolver : ILinearSolver
{
    public string Name => "CP-SAT";

    public LinearOutcome Minimise(LinearJob job)
    {
        return job.CancellationToken.IsCancellationRequested ? LinearOutcome.Nothing
            : NativeCall.Run(job.TimeLimit, token => Build(job with { CancellationToken = token }), LinearOutcome.GivenUp, job.CancellationToken);
    }

    private static LinearOutcome Build(LinearJob job)
    {
        CpModel model = new();
        IntVar[] variables = [.. job.Model.Variables.Select((v, i) => model.NewIntVar(v.Lower, v.Upper, ""))];
        foreach (LinearRow row in job.Model.Rows)
            model.AddLinearConstraint(Sum(row.Expression, variables), Shifted(row.Lower, row.Expression.Constant), Shifted(row.Upper, row.Expression.Constant));
        if (!job.Objective.IsConstant) model.Minimize(Sum(job.Objective, variables) + job.Objective.Constant);
        for (int v = 0; job.Hint is not null && v < variables.Length; v++)
            if (job.Hint[v] >= 0) model.AddHint(variables[v], job.Hint[v]);
        return Run(job, model, variables);
    }

    private static LinearOutcome Run(LinearJob job, CpModel model, IntVar[] variables)
    {
        using CpSolver solver = new() { StringParameters = Parameters(job) };
        Callback callback = new(job, variables);
        solver.SetBestBoundCallback(bound => Guarded(() => job.OnBound?.Invoke(bound)));
        CpSolverStatus status;
        using (new Stopper(solver.StopSearch, job.CancellationToken)) status = solver.Solve(model, callback);
        bool hasValues = status is CpSolverStatus.Optimal or CpSolverStatus.Feasible;
        return new LinearOutcome(
            status switch
            {
                CpSolverStatus.Optimal => LinearStatus.Optimal,
                CpSolverStatus.Feasible => LinearStatus.Feasible,
                CpSolverStatus.Infeasible => LinearStatus.Infeasible,
                CpSolverStatus.ModelInvalid => throw new OverflowException($"The model is too large in its numbers for CP-SAT: {model.Validate()}"),
                _ => LinearStatus.Unknown,
            },
            hasValues ? [.. variables.Select(solver.Value)] : null,
            job.Objective.IsConstant
                ? job.Objective.Constant
                : hasValues || status == CpSolverStatus.Unknown ? solver.BestObjectiveBound : double.NegativeInfinity);
    }

    private static string Parameters(LinearJob job)
    {
        string limit = job.Work is { } work
            ? string.Create(CultureInfo.InvariantCulture, $"max_deterministic_time:{work:F6}")
            : string.Create(CultureInfo.InvariantCulture, $"max_time_in_seconds:{Math.Max(0.01, job.Limit.TotalSeconds):F3}");
        return $"{limit},num_workers:{job.Threads},random_seed:{job.Seed},catch_sigint_signal:false";
    }

    private static LinearExpr Sum(LinearExpression expression, IntVar[] variables) => LinearExpr.WeightedSum(
        expression.Terms.Select(t => variables[t.Variable]), expression.Terms.Select(t => t.Coefficient));

    private static long Shifted(long side, long constant) => side is long.MinValue or long.MaxValue ? side : side - constant;

    private static void Guarded(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // An exception that leaves a native callback ends the process.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The listener is broken, not the solve.
        }
    }

    private sealed class Callback(LinearJob job, IntVar[] variables) : CpSolverSolutionCallback
    {
        public override void OnSolutionCallback() => Guarded(() =>
        {
            job.OnValues?.Invoke([.. variables.Select(v => Value(v))], BestObjectiveBound());
            if (job.CancellationToken.IsCancellationRequested) StopSearch();
        });
    }
}
