using System.CommandLine;
using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Plans;

/// <summary>Judges a plan file by the independent checker.</summary>
internal sealed class CheckPlanCommand : Verb
{
    private readonly PlanFileOptions files = new("judge");

    /// <summary>Makes the command.</summary>
    public CheckPlanCommand()
        : base("check-plan", "Replay a timed plan event by event with the naive checker, which shares no code with the planner.") =>
        files.AddTo(this, RefuseMistypedOptions);

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt check-plan cluster.json --plan plan.json", "see whether a plan keeps capacity, rules, limits and windows at every moment"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        (_, TimedPlan read, IReadOnlyList<string> faults) = files.Read(parsed, terminal);
        if (parsed.GetValue(Json))
            JsonOut.Write(terminal, new JObject
            {
                ["valid"] = faults.Count == 0,
                ["faults"] = new JArray(faults),
                ["makespan"] = read.Makespan,
                ["actions"] = read.Actions.Count,
                ["unreached"] = read.Unreached.Count,
            });
        else
        {
            terminal.Out.WriteLine(faults.Count == 0
                ? $"The plan is valid: {Screen.Count(read.Actions.Count, "action")} in {Screen.Number(read.Makespan)} s."
                : $"The plan has {Screen.Count(faults.Count, "fault")}{(faults.Count >= TimedPlanChecker.MostFaults ? " or more" : "")}:");
            foreach (string fault in faults) terminal.Out.WriteLine($"  {fault}");
        }

        return faults.Count == 0 ? ExitCode.Done : ExitCode.Infeasible;
    }
}
