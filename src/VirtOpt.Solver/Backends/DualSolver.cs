using System.Globalization;
using MpSolver = Google.OrTools.LinearSolver.Solver;

namespace VirtOpt.Solver.Backends;

/// <summary>
/// Solvers of linear programs that are asked for the duals of the rows and nothing else: GLOP, a simplex method, and PDLP, a first-order method
/// whose duals are rougher but come sooner where programs are very large.
/// </summary>
internal sealed class DualSolver
{
    private DualSolver(string name) => Name = name;

    public static DualSolver Glop { get; } = new("GLOP");

    public static DualSolver Pdlp { get; } = new("PDLP");

    public string Name { get; }

    /// <summary>The duals of the rows of the relaxation without integers; null if the solver did not come to an end.</summary>
    public double[]? Duals(LinearJob job)
    {
        return job.CancellationToken.IsCancellationRequested || job.Limit <= TimeSpan.Zero ? null
            : NativeCall.Run(job.Limit, token => Solve(job with { CancellationToken = token }), null, job.CancellationToken);
    }

    private double[]? Solve(LinearJob job)
    {
        using MpSolver? solver = MpSolver.CreateSolver(Name);
        if (solver is null) return null;
        Google.OrTools.LinearSolver.Constraint[] rows = MipSolver.Build(solver, job).Rows;
        solver.SetTimeLimit((long)Math.Clamp(job.Limit.TotalMilliseconds, 10, int.MaxValue));
        if (job.Work is { } work && Name == Glop.Name)
            solver.SetSolverSpecificParametersAsString(string.Create(CultureInfo.InvariantCulture, $"max_deterministic_time: {work:F6}"));
        MpSolver.ResultStatus status;
        using (new Stopper(() => solver.InterruptSolve(), job.CancellationToken)) status = solver.Solve();
        return status == MpSolver.ResultStatus.OPTIMAL ? [.. rows.Select(row => row.DualValue())] : null;
    }
}
