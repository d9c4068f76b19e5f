using System.Globalization;
using Newtonsoft.Json.Linq;
using Spectre.Console;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Executing;

/// <summary>What became of a plan, for people and programs.</summary>
internal static class ExecutionView
{
    /// <summary>Writes a table and a closing sentence.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="report">What became of the plan.</param>
    /// <param name="isRehearsal">True if nothing was done.</param>
    public static void Write(Terminal terminal, ExecutionReport report, bool isRehearsal)
    {
        IAnsiConsole console = Screen.Of(terminal);
        if (report.Steps.Count > 0)
        {
            Table table = Screen.Table("action", "VM", "from", "to", isRehearsal ? "would be" : "outcome", "planned s", "took s", "downtime ms", "note");
            foreach (StepReport step in report.Steps)
                table.AddRow(
                    step.Action.Id.ToString(CultureInfo.InvariantCulture) + " " + step.Action.Kind.Word(),
                    step.Action.Vm,
                    step.Action.From ?? "",
                    step.Action.To ?? "",
                    step.Outcome.ToString().ToLowerInvariant(),
                    Screen.Number(step.PlannedSeconds),
                    isRehearsal ? "" : step.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
                    step.Result?.DowntimeMilliseconds is { } downtime ? Screen.Number(downtime) : "",
                    step.Message);
            console.Write(table);
        }

        int done = report.Steps.Count(s => s.IsDone);
        if (report.Stopped.Length > 0) console.WriteLine($"No further action was begun: {report.Stopped}.");
        console.WriteLine(isRehearsal
            ? $"{done} of {Screen.Count(report.Steps.Count, "action")} can begin. Nothing was done: --yes acts."
            : $"{done} of {Screen.Count(report.Steps.Count, "action")} done in {Screen.Seconds(report.Elapsed)}.");
    }

    /// <summary>The same as JSON.</summary>
    public static JObject Document(ExecutionReport report, bool isRehearsal) => new()
    {
        ["run"] = report.Run,
        ["dryRun"] = isRehearsal,
        ["complete"] = report.IsComplete,
        ["stopped"] = report.Stopped,
        ["seconds"] = Math.Round(report.Elapsed.TotalSeconds, 3),
        ["actions"] = new JArray(report.Steps.Select(s => new JObject
        {
            ["id"] = s.Action.Id,
            ["kind"] = s.Action.Kind.Word(),
            ["vm"] = s.Action.Vm,
            ["from"] = s.Action.From,
            ["to"] = s.Action.To,
            ["outcome"] = s.Outcome.ToString().ToLowerInvariant(),
            ["message"] = s.Message,
            ["attempts"] = s.Attempts,
            ["plannedSeconds"] = s.PlannedSeconds,
            ["seconds"] = Math.Round(s.Seconds, 3),
            ["downtimeMs"] = s.Result?.DowntimeMilliseconds,
            ["transferredMiB"] = s.Result?.TransferredMiB,
            ["dirtyRate"] = s.Result?.DirtyRate,
        })),
    };
}
