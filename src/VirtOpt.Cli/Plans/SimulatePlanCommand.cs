using System.CommandLine;
using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Plans;

/// <summary>Carries a plan out many times with durations that vary.</summary>
internal sealed class SimulatePlanCommand : Verb
{
    private const int DefaultRuns = 1000;
    private const double DefaultSpread = 20;
    private readonly PlanFileOptions files = new("simulate");
    private readonly Option<long?> runs = Numbers.Whole("--runs", "N", $"number of runs [default: {DefaultRuns}]", 1, 1_000_000);
    private readonly Option<double?> spread = Numbers.Positive(
        "--spread", "PERCENT", $"how much durations vary (log-normal, standard deviation) [default: {DefaultSpread}]", 500);

    private readonly Option<long?> seed = Numbers.Whole("--seed", "N", "seed of all chance [default: 1]", 0, int.MaxValue);

    /// <summary>Makes the command.</summary>
    public SimulatePlanCommand()
        : base("simulate-plan", "Carry a timed plan out in thought, many times, with durations that vary; judge every run.")
    {
        files.AddTo(this, RefuseMistypedOptions);
        foreach (Option option in (Option[])[runs, spread, seed]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt simulate-plan cluster.json --plan plan.json --runs 1000", "how long the plan may take, and how likely it misses its window"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        (PlacementProblem problem, TimedPlan read, IReadOnlyList<string> faults) = files.Read(parsed, terminal);
        if (faults.Count > 0)
            throw InvalidInputException.Because(
                $"{files.FileOf(parsed)}: the plan cannot be carried out as it stands; the first of its faults: {faults[0]}",
                "it belongs to another input; virtopt check-plan lists all faults.");
        PlanSimulator simulator = new(problem, read, (parsed.GetValue(spread) ?? DefaultSpread) / 100, (int)(parsed.GetValue(seed) ?? 1));
        List<SimulatedRun> done = [];
        for (long run = parsed.GetValue(runs) ?? DefaultRuns; run > 0; run--)
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            done.Add(simulator.Run());
        }

        Report(parsed.GetValue(Json), terminal, read, done);
        return done.All(run => run.Faults.Count == 0) ? ExitCode.Done : ExitCode.Infeasible;
    }

    private static void Report(bool asJson, Terminal terminal, TimedPlan plan, List<SimulatedRun> done)
    {
        long[] makespans = [.. done.Select(run => run.Makespan).Order()];
        long At(double share) => makespans[(int)Math.Min(makespans.Length - 1, share * makespans.Length)];
        double late = done.Count(run => run.MissesTime) / (double)done.Count;
        int broken = done.Count(run => run.Faults.Count > 0);
        if (asJson)
        {
            JsonOut.Write(terminal, new JObject
            {
                ["runs"] = done.Count,
                ["planned"] = plan.Makespan,
                ["mean"] = Math.Round(makespans.Average(), 3),
                ["p5"] = At(0.05),
                ["p50"] = At(0.5),
                ["p95"] = At(0.95),
                ["most"] = makespans[^1],
                ["missesTime"] = late,
                ["runsWithFaults"] = broken,
                ["faults"] = new JArray(done.SelectMany(run => run.Faults).Take(20)),
            });
            return;
        }

        terminal.Out.WriteLine(
            $"{Screen.Count(done.Count, "run")}: planned {Screen.Number(plan.Makespan)} s; half end by {Screen.Number(At(0.5))} s, "
            + $"95 % by {Screen.Number(At(0.95))} s, all by {Screen.Number(makespans[^1])} s.");
        if (TimedPlanView.HasEnd(plan.Settings.Limits)) terminal.Out.WriteLine($"The window or the deadline is missed in {late * 100:0.#} % of the runs.");
        terminal.Out.WriteLine(broken == 0 ? "No run breaks a rule on the way." : $"{Screen.Count(broken, "run")} break a rule on the way.");
    }
}
