using System.CommandLine;
using VirtOpt.Cli.Executing;
using VirtOpt.Cli.Forecasts;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Rebalancing;

/// <summary>The whole loop on real hosts: read, solve, plan, carry out, verify, report.</summary>
internal sealed class RebalanceCommand : Verb
{
    private const double DefaultSolveSeconds = 30;
    private readonly InventoryOption inventory = new();
    private readonly ExecutionRun execution = new();
    private readonly ForecastOptions forecast = new();
    private readonly Option<double?> timeLimit = Numbers.Positive(
        "--time-limit", "SECONDS", $"longest time for the solve [default: {DefaultSolveSeconds}]", 1e7);

    private readonly Option<long?> migrationLimit = Numbers.Whole("--migration-limit", "N", "most migrations", 0, 1_000_000);
    private readonly Option<long?> parallel = Numbers.Whole("--parallel-per-host", "N", "most migrations that a host takes part in at once [default: 2]",
        1, 1000);
    private readonly Option<long?> waveSize = Numbers.Whole(
        "--wave-size", "N", "most migrations of a wave; after each the hosts are read again, and a worse result than promised ends the run", 1, 1_000_000);

    private readonly Option<double?> wavePause = Numbers.Positive(
        "--wave-pause", "SECONDS", "time for the hosts to settle after a wave [default: none]", 86_400);

    private readonly Option<long?> seed = Numbers.Whole("--seed", "N", "seed of all chance [default: 1]", 0, int.MaxValue);
    private readonly Option<string?> state = new("--state")
    {
        Description = "folder that keeps every run: snapshot, plan, journal, report [default: the inventory's name with .runs]",
        HelpName = "DIR",
    };

    /// <summary>Makes the command.</summary>
    public RebalanceCommand()
        : base("rebalance", "Read real hosts, find a better placement, plan the migrations, carry them out and verify. Changes nothing unless --yes is given.")
    {
        foreach (Option option in (Option[])[inventory.File, inventory.Sample, timeLimit, migrationLimit, parallel, waveSize, wavePause, seed, state])
            Options.Add(option);
        forecast.AddTo(this);
        execution.AddTo(this, withFiles: false);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt rebalance --inventory hosts.yaml", "what would move and why; nothing is changed"),
        new("virtopt rebalance --inventory hosts.yaml --yes --migration-limit 20 --within 14400",
            "act, at most 20 migrations, none that would end after four hours"),
        new("virtopt rebalance --inventory hosts.yaml --forecast forecast.json --overload 1",
            "no host over its capacity in more than 1 % of what virtopt forecast foresees"),
        new("virtopt rebalance --inventory /etc/virtopt/hosts.yaml --state /var/lib/virtopt --yes --json", "every night, from a timer"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        HostInventory hosts = inventory.Read(parsed);
        using RunLock held = RunLock.Take(hosts.Source);
        RunFolder folder = RunFolder.Make(parsed.GetValue(state) ?? $"{hosts.Source}.runs", hosts.Source, terminal.Clock);
        IReadOnlyList<HostReading> before = inventory.Collect(parsed, hosts, terminal, asksAgents: parsed.GetValue(waveSize) is not null);
        PlacementProblem problem = Problem(parsed, hosts, before, terminal);
        FormatCatalogue.Named("virtopt").WriteProblem(problem, [folder.Snapshot]);
        PlacementSolution solution = Solve(parsed, problem, terminal);
        RebalanceReport report = new(folder.Run, problem, solution) { IsRehearsal = !parsed.GetValue(execution.Yes) };
        if (solution.Placement is not null)
        {
            TimedPlan plan = Plan(parsed, problem, solution, folder, terminal);
            TimedPlanJson.Save(folder.Plan, plan, problem.Cluster);
            report = report with { Plan = plan };
            report = CarryOut(parsed, hosts, folder, report, before, terminal);
        }

        RebalanceJson.Save(folder.ReportJson, report);
        RebalancePage.Save(folder.ReportPage, report);
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, RebalanceJson.Document(report));
        else RebalanceView.Write(terminal, report, folder);
        if (solution.Placement is null) return ExitCode.Of(solution, terminal.Cancellation.IsCancellationRequested);
        return report.IsAsPromised ? ExitCode.Done : terminal.Cancellation.IsCancellationRequested ? ExitCode.Cancelled : ExitCode.Infeasible;
    }

    private RebalanceReport CarryOut(
        ParseResult parsed, HostInventory hosts, RunFolder folder, RebalanceReport report, IReadOnlyList<HostReading> before, Terminal terminal)
    {
        ExecutionPlan steps = ExecutionPlan.Of(report.Plan!, report.Problem.Cluster);
        if (report.IsRehearsal) return report with { Execution = execution.Rehearse(parsed, hosts, steps, terminal) };
        (ExecutionReport done, ExecutionReport? back) = execution.Execute(
            parsed, hosts, steps, folder.Files, terminal, () => inventory.Collect(parsed, hosts, terminal, asksAgents: true), before);
        // The hosts are read again whatever became of the plan: the report says what is, not what should be.
        return report with { Execution = done, Back = back, After = SnapshotBuilder.Build(hosts, inventory.Collect(parsed, hosts, terminal)).Cluster };
    }

    private PlacementProblem Problem(ParseResult parsed, HostInventory hosts, IReadOnlyList<HostReading> readings, Terminal terminal)
    {
        PlacementProblem found = SnapshotBuilder.Build(hosts, readings);
        List<Constraint> rules = [.. found.Constraints, .. forecast.Rules(parsed, found.Cluster, terminal)];
        if (parsed.GetValue(migrationLimit) is { } limit) rules.Add(new MigrationLimit(limit));
        PlacementProblem problem = new(found.Cluster) { Constraints = rules, Objectives = found.Objectives };
        problem.Validate();
        return problem;
    }

    private PlacementSolution Solve(ParseResult parsed, PlacementProblem problem, Terminal terminal)
    {
        using ProgressDisplay progress = new(terminal);
        SolveOptions options = new() { Seed = (int)(parsed.GetValue(seed) ?? 1), Clock = terminal.Clock, Progress = progress };
        MaxRuntime limit = new(TimeSpan.FromSeconds(parsed.GetValue(timeLimit) ?? DefaultSolveSeconds));
        return new PlacementSolver().Solve(problem, limit, options, terminal.Cancellation);
    }

    private TimedPlan Plan(ParseResult parsed, PlacementProblem problem, PlacementSolution solution, RunFolder folder, Terminal terminal)
    {
        PlanSettings settings = new()
        {
            Transfer = folder.Migrations.Fitted(new TransferModel()),
            Vms = folder.Migrations.DirtyRates().Where(r => problem.Cluster.TryVmNamed(r.Key, out _))
                .ToDictionary(r => problem.Cluster.VmNamed(r.Key), r => new VmTransfer { DirtyRate = r.Value }),
            Limits = new PlanLimits
            {
                PerHost = (int)(parsed.GetValue(parallel) ?? 2),
                WaveSize = (int?)parsed.GetValue(waveSize),
                WavePause = (long)Math.Ceiling(parsed.GetValue(wavePause) ?? 0),
            },
        };
        PlanOptions options = new() { Seed = (int)(parsed.GetValue(seed) ?? 1), Clock = terminal.Clock, TimeLimit = TimeSpan.FromSeconds(5) };
        TimedPlan plan = new MigrationPlanner().Schedule(problem, solution.Placement!, settings, options, terminal.Cancellation);
        IReadOnlyList<string> faults = TimedPlanChecker.Check(problem, plan);
        return faults.Count == 0 ? plan : throw new InvalidOperationException($"The plan fails its check: {faults[0]}");
    }
}
