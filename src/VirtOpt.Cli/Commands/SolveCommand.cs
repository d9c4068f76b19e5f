using System.CommandLine;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Commands;

/// <summary>Solves a problem and writes its result.</summary>
internal sealed class SolveCommand : Verb
{
    private const double DefaultSeconds = 60;
    private readonly ProblemOptions problem = new();
    private readonly Option<double?> timeLimit = Numbers.Positive("--time-limit", "SECONDS",
        $"longest time for the solve, without reading and writing files [default: {DefaultSeconds}]", 1e7);
    private readonly Option<double?> work = Numbers.Positive("--work", "UNITS",
        "limit by work of each thread instead of time: same seed and threads, same answer on every machine", 1e7);
    private readonly Option<long?> seed = Numbers.Whole("--seed", "N", "seed of all chance [default: 1]", 0, int.MaxValue);
    private readonly Option<long?> threads = Numbers.Whole("--threads", "N", "threads to use [default: all cores, or one with --work]", 1, 1024);
    private readonly Option<double?> targetGap = Numbers.Positive("--target-gap", "PERCENT",
        "stop once the main objective is proven within this many per cent of the best possible", 100);
    private readonly Option<double?> noImprovement = Numbers.Positive("--no-improvement", "SECONDS",
        "stop when nothing better has been found for this long", 1e7);
    private readonly Option<string[]> without = new("--without")
    {
        Description = "part of the engine to go without, to measure what it is worth; may be repeated",
        HelpName = "PART",
    };

    private readonly Option<string?> output = new("--output") { Description = "file for the result, in the format of the input", HelpName = "FILE" };

    /// <summary>Makes the command.</summary>
    public SolveCommand()
        : base("solve", "Find the best placement, prove how good it is, and order the migrations that lead there.")
    {
        problem.AddTo(this, RefuseMistypedOptions);
        foreach (Option option in (Option[])[timeLimit, work, seed, threads, targetGap, noImprovement, without, output]) Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(work) is not null && result.GetResult(timeLimit) is not null) result.AddError("--work and --time-limit exclude each other.");
            if (result.GetResult(work) is not null && result.GetResult(noImprovement) is not null)
                result.AddError("--work gives the same answer on every machine, --no-improvement cannot: leave one of them out.");
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt solve cluster.json --objective consolidate --output plan.json", "empty as many hosts as possible and write the migrations"),
        new("virtopt solve cluster.json --policy night.json --migration-limit 50", "keep the rules of a policy and move at most 50 VMs"),
        new("virtopt solve medium.json.gz --format vmr2l --migration-limit 50 --time-limit 5 --output out.json --json",
            "reschedule a VMR2L snapshot, with a summary for a program"),
        new("virtopt solve cluster.json --objective consolidate --forecast forecast.json --overload 1",
            "few hosts, each overloaded in at most 1 % of what virtopt forecast --scenarios foresees"),
        new("virtopt solve hosts.csv vms.csv --objective balance", "even out the load of a cluster kept in a spreadsheet"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string? file = parsed.GetValue(output);
        OutputFile.Check(file, parsed.GetRequiredValue(problem.Input));
        _ = Task.Run(PlacementSolver.WarmUp, terminal.Cancellation);
        LoadedProblem loaded = problem.Load(parsed, terminal);
        PlacementSolution solution = Solve(loaded.Problem, parsed, terminal);
        MigrationPlan? plan = solution.Placement is null ? null : new MigrationPlanner().Plan(loaded.Problem, solution);
        if (plan is not null) solution = ReachedSolution.Of(loaded.Problem, solution, plan);
        if (file is not null && plan is not null) loaded.SaveSolution(file, solution, plan);
        Outcome outcome = new(loaded.Problem, solution, plan)
        {
            Figures = solution.Placement is { } placement ? loaded.Figures(placement) : new Dictionary<string, double>(),
        };
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, OutcomeJson.Of(outcome));
        else SolutionView.Write(terminal, outcome);
        if (file is not null && plan is null) terminal.Error.WriteLine($"virtopt: there is no placement, so {file} was not written.");
        return ExitCode.Of(solution, terminal.Cancellation.IsCancellationRequested);
    }

    private PlacementSolution Solve(PlacementProblem stated, ParseResult parsed, Terminal terminal)
    {
        using ProgressDisplay progress = new(terminal);
        SolveOptions options = new()
        {
            Seed = (int)(parsed.GetValue(seed) ?? 1),
            Progress = progress,
            Clock = terminal.Clock,
            TargetGap = parsed.GetValue(targetGap) / 100,
            Without = parsed.GetValue(without) ?? [],
        };
        int? number = (int?)parsed.GetValue(threads);
        StoppingCriterion stop = parsed.GetValue(work) is { } units ? new MaxWork(units) { Threads = number ?? 1 }
            : new MaxRuntime(TimeSpan.FromSeconds(parsed.GetValue(timeLimit) ?? DefaultSeconds));
        if (parsed.GetValue(noImprovement) is { } seconds) options = options with { NoImprovement = TimeSpan.FromSeconds(seconds) };
        if (number is { } most) options = options with { Threads = most };
        return new PlacementSolver().Solve(stated, stop, options, terminal.Cancellation);
    }
}
