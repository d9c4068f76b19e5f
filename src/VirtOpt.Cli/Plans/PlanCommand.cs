using System.CommandLine;
using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Plans;

/// <summary>Makes a timed plan for a solution, or solves first.</summary>
internal sealed class PlanCommand : Verb
{
    private const double DefaultSeconds = 70;
    private const double PlanShare = 0.25;
    private const double ReservedShare = 0.1;
    private const double DefaultPlanSeconds = 10;
    private readonly ProblemOptions problem = new();
    private readonly PlanSettingsOptions settings = new();
    private readonly PlanChoiceOptions choice = new();
    private readonly PlanChartOptions charts = new();
    private readonly Option<string?> solution = new("--solution")
    {
        Description = "result to reach, in the format of the input; solved first if left out",
        HelpName = "FILE",
    };

    private readonly Option<double?> timeLimit = Numbers.Positive(
        "--time-limit", "SECONDS", $"longest time to solve and to plan, if there is no solution to plan for [default: {DefaultSeconds}]", 1e7);

    private readonly Option<double?> planTime = Numbers.Positive(
        "--plan-time", "SECONDS", $"longest time to shorten the plan and to prove how short it can be [default: {DefaultPlanSeconds}]", 1e7);

    private readonly Option<bool> fast = new("--fast") { Description = "take the first plan: the list schedule, the same on every machine" };
    private readonly Option<long?> seed = Numbers.Whole("--seed", "N", "seed of all chance [default: 1]", 0, int.MaxValue);
    private readonly Option<long?> threads = Numbers.Whole("--threads", "N", "threads to use [default: all cores]", 1, 1024);
    private readonly Option<string?> output = new("--output") { Description = "file for the plan (JSON)", HelpName = "FILE" };

    /// <summary>Makes the command.</summary>
    public PlanCommand()
        : base("plan", "Turn a placement into a timed plan: every migration with begin, end and what it waits for.")
    {
        problem.AddTo(this, RefuseMistypedOptions);
        Options.Add(solution);
        settings.AddTo(this);
        choice.AddTo(this);
        foreach (Option option in (Option[])[timeLimit, planTime, fast, seed, threads, output]) Options.Add(option);
        charts.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetResult(fast) is not null && result.GetResult(planTime) is not null) result.AddError("--fast and --plan-time exclude each other.");
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt plan cluster.json --solution result.json --output plan.json --gantt plan.svg", "when to migrate what to reach a result"),
        new("virtopt plan cluster.json --objective consolidate --window 22:00-04:00 --parallel-per-host 1", "solve, then plan for a maintenance window"),
        new("virtopt plan cluster.json --solution result.json --max-migrations 20 --curve gain.svg", "the 20 migrations that bring most"),
        new("virtopt plan cluster.json --solution result.json --wave-size 5 --wave-pause 1800", "five at a time, half an hour to look in between"),
        new("virtopt plan cluster.json --solution result.json --settings network.json --json", "with own bandwidths and limits, for a program"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string? file = parsed.GetValue(output);
        OutputFile.Check(file, parsed.GetRequiredValue(problem.Input));
        charts.Check(parsed, parsed.GetRequiredValue(problem.Input));
        LoadedProblem loaded = problem.Load(parsed, terminal);
        PlanSettings planSettings = settings.Read(parsed, loaded);
        planSettings = planSettings with { Limits = choice.Apply(parsed, planSettings.Limits) };
        planSettings.Validate(loaded.Problem.Cluster);
        SolveOptions solveOptions = new() { Seed = (int)(parsed.GetValue(seed) ?? 1), Clock = terminal.Clock };
        if (parsed.GetValue(threads) is { } number) solveOptions = solveOptions with { Threads = (int)number };
        if (Target(loaded, parsed, solveOptions, terminal, out PlacementSolution? solved) is not { } target) return NoPlacement(parsed, terminal, solved!);
        TimedPlan plan = new MigrationPlanner().Schedule(loaded.Problem, target, planSettings, PlanOptions(parsed, solveOptions), terminal.Cancellation);
        if (file is not null) TimedPlanJson.Save(file, plan, loaded.Problem.Cluster, loaded.Format.NamesAreNumbers);
        charts.Write(parsed, loaded.Problem, plan);
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, TimedPlanView.Document(loaded.Problem.Cluster, plan, settings.Fit));
        else TimedPlanView.Write(terminal, loaded.Problem.Cluster, plan, settings.Fit);
        return plan.Unreached.All(vm => vm.IsLeftOut) ? ExitCode.Done : ExitCode.Infeasible;
    }

    private PlanOptions PlanOptions(ParseResult parsed, SolveOptions options) => new()
    {
        Seed = options.Seed,
        Threads = options.Threads,
        Clock = options.Clock,
        Order = choice.Order(parsed),
        WithCurve = true,
        TimeLimit = TimeSpan.FromSeconds(PlanSeconds(parsed)),
    };

    private double Seconds(ParseResult parsed) => parsed.GetValue(timeLimit) ?? DefaultSeconds;

    /// <summary>Time to shorten the plan: where the problem is solved first, at most a share of the time for both.</summary>
    private double PlanSeconds(ParseResult parsed)
    {
        if (parsed.GetValue(fast)) return 0;
        double asked = parsed.GetValue(planTime) ?? DefaultPlanSeconds;
        return parsed.GetValue(solution) is null ? Math.Min(asked, Seconds(parsed) * PlanShare) : asked;
    }

    private Placement? Target(LoadedProblem loaded, ParseResult parsed, SolveOptions options, Terminal terminal, out PlacementSolution? solved)
    {
        solved = null;
        if (parsed.GetValue(solution) is { } path) return loaded.ReadSolution(path);
        using ProgressDisplay progress = new(terminal);
        MaxRuntime stop = new(TimeSpan.FromSeconds((Seconds(parsed) * (1 - ReservedShare)) - PlanSeconds(parsed)));
        solved = new PlacementSolver().Solve(loaded.Problem, stop, options with { Progress = progress }, terminal.Cancellation);
        return solved.Placement;
    }

    private int NoPlacement(ParseResult parsed, Terminal terminal, PlacementSolution solved)
    {
        string message = solved.Conflict?.Message ?? "No valid placement was found in time.";
        if (parsed.GetValue(Json))
            JsonOut.Write(terminal, new JObject { ["status"] = Outcome.StatusWord(solved.Status), ["complete"] = false, ["message"] = message });
        else terminal.Out.WriteLine($"There is no placement to plan for. {message}");
        return ExitCode.Of(solved, terminal.Cancellation.IsCancellationRequested);
    }
}
