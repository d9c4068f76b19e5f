using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>One run of a suite, done and judged.</summary>
/// <param name="Row">Its row in the ledger.</param>
/// <param name="Curve">Values of the objective over time.</param>
internal sealed record Trial(LedgerRow Row, IReadOnlyList<CurvePoint> Curve)
{
    private static readonly string[] HeuristicSources = ["start", "best fit", "evacuation", "shifts"];

    /// <summary>Solves a problem, plans its migrations and has the placement judged by the independent checker.</summary>
    /// <param name="run">What to run.</param>
    /// <param name="problem">Its problem.</param>
    /// <param name="reading">Time that reading the problem took.</param>
    /// <param name="terminal">Where it runs.</param>
    /// <param name="progress">Is told of the solve.</param>
    public static Trial Run(PlannedRun run, LoadedProblem problem, TimeSpan reading, Terminal terminal, IProgress<SolveProgress> progress)
    {
        long started = terminal.Clock.GetTimestamp();
        using MemoryWatch memory = new(terminal.Clock);
        SolveOptions options = new()
        {
            Seed = (int)run.Key.Seed,
            Threads = (int)run.Key.Threads,
            Progress = progress,
            Clock = terminal.Clock,
            ExplainConflict = false,
        };
        MaxRuntime stop = new(TimeSpan.FromSeconds(run.Key.Limit));
        PlacementSolution solution = new PlacementSolver().Solve(problem.Problem, stop, options, terminal.Cancellation);
        MigrationPlan? plan = solution.Placement is null ? null : new MigrationPlanner().Plan(problem.Problem, solution);
        if (plan is not null) solution = ReachedSolution.Of(problem.Problem, solution, plan);
        CheckReport? report = solution.Placement is { } placement ? PlacementChecker.Check(problem.Problem, placement) : null;
        TimeSpan wall = reading + terminal.Clock.GetElapsedTime(started);
        CurvePoint[] curve = [.. CurveOf(problem.Problem, solution)];
        return new Trial(RowOf(run, problem, solution, report, curve) with
        {
            Migrations = plan?.Migrations.Count,
            Hops = plan?.Hops,
            Wall = wall.TotalSeconds,
            Memory = memory.MostMebibytes,
        }, curve);
    }

    private static LedgerRow RowOf(PlannedRun run, LoadedProblem problem, PlacementSolution solution, CheckReport? report, CurvePoint[] curve)
    {
        double? figure = run.Case.Figure is { } name && report is { IsValid: true } ? FigureOf(run, problem.Figures(solution.Placement!), name) : null;
        return new LedgerRow(run.Suite, run.Key)
        {
            Hosts = problem.Problem.Cluster.Hosts.Count,
            Vms = problem.Problem.Cluster.Vms.Count,
            Status = Outcome.StatusWord(solution.Status),
            Objective = solution.Objective,
            Bound = solution.Bound,
            Gap = solution.Gap,
            TimeToBest = curve.FirstOrDefault(p => p.Value == solution.Objective)?.Seconds,
            Violations = report?.Violations.Count,
            Baseline = curve.LastOrDefault(p => HeuristicSources.Contains(p.Source))?.Value,
            Figure = figure,
            Peer = run.Case.Peer?.Name ?? "",
            PeerValue = run.Case.Peer?.Value,
            Score = run.Case.Peer?.Score(run.Case.Figure is null ? solution.Objective : figure),
        };
    }

    /// <summary>
    /// Values of the main level in order of time. The engine notes each better placement by the first level on which it is better, so what the
    /// start is worth on the main level is added here.
    /// </summary>
    private static IEnumerable<CurvePoint> CurveOf(PlacementProblem problem, PlacementSolution solution)
    {
        if (solution.MainLevel is not { } main || solution.Incumbents.Count == 0) yield break;
        double? last = null;
        if (solution.Incumbents[0] is { Source: "start" } start && start.Level != main.Level)
        {
            last = ValueOf(problem, main.Level);
            yield return new CurvePoint(start.At.TotalSeconds, last.Value, null, start.Source);
        }

        foreach (Incumbent incumbent in solution.Incumbents.Where(i => i.Level == main.Level))
        {
            last = incumbent.Value;
            yield return new CurvePoint(incumbent.At.TotalSeconds, incumbent.Value, incumbent.Bound, incumbent.Source);
        }

        if (last != main.Value) yield return new CurvePoint(solution.Incumbents[^1].At.TotalSeconds, main.Value, main.Bound, solution.Incumbents[^1].Source);
    }

    private static long ValueOf(PlacementProblem problem, int level) =>
        PlacementChecker.Check(problem, Placement.StartOf(problem.Cluster)).Terms.Where(t => t.Level == level).Sum(t => t.Weight * t.Value);

    private static double FigureOf(PlannedRun run, IReadOnlyDictionary<string, double> figures, string name) =>
        figures.TryGetValue(name, out double value) ? value : throw InvalidInputException.Because(
            $"The case ({run.Key.Problem}) asks for the figure ({name}), which its format does not give; it gives "
            + $"{(figures.Count == 0 ? "none" : string.Join(", ", figures.Keys.Select(f => $"({f})")))}.", "the field (figure) is mistyped.");
}
