using Newtonsoft.Json.Linq;
using Spectre.Console;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>What became of a suite, for people and for programs.</summary>
internal static class SuiteView
{
    /// <summary>For people.</summary>
    public static void Write(Terminal terminal, SuiteOutcome outcome, IReadOnlyList<string> files)
    {
        IAnsiConsole console = Screen.Of(terminal);
        if (outcome.Done.Count > 0) console.Write(TableOf(outcome.Done));
        console.WriteLine($"{Screen.Count(outcome.Done.Count, "run")} done, {Screen.Number(outcome.Kept)} kept from before.");
        double[] scores = [.. outcome.Done.Select(r => r.Score).OfType<double>()];
        if (scores.Length > 0)
            console.WriteLine($"Score of {Screen.Count(scores.Length, "run")}: {LedgerColumns.Cell(scores.Sum(), 4)} (below 0: better than the peers)");
        foreach (SkippedCase skipped in outcome.Skipped)
            console.WriteLine($"Skipped {skipped.Case.Instance} ({skipped.Case.Setting}): {skipped.Reason}.");
        if (outcome.IsCancelled) console.WriteLine("Cancelled: the run at hand was not entered; the same command goes on from here.");
        foreach (string file in files) console.WriteLine($"Wrote {file}");
    }

    /// <summary>For programs. The page src/VirtOpt.Cli/json-output.md lists the fields.</summary>
    public static void WriteJson(Terminal terminal, Suite suite, SuiteOutcome outcome, IReadOnlyList<string> files) => JsonOut.Write(terminal, new JObject
    {
        ["suite"] = suite.Name,
        ["runs"] = new JArray(outcome.Done.Select(row => new JObject(LedgerColumns.All.Select(c => new JProperty(c.Name, Cell(c, row)))))),
        ["kept"] = outcome.Kept,
        ["skipped"] = new JArray(outcome.Skipped.Select(s => new JObject
        {
            ["instance"] = s.Case.Instance,
            ["setting"] = s.Case.Setting,
            ["reason"] = s.Reason,
        })),
        ["score"] = outcome.Done.Any(r => r.Score is not null) ? JsonOut.Number(outcome.Done.Sum(r => r.Score)) : null,
        ["cancelled"] = outcome.IsCancelled,
        ["files"] = new JArray(files),
    });

    private static Table TableOf(IReadOnlyList<LedgerRow> rows)
    {
        Table table = Screen.NumberTable(3, "Instance", "Setting", "Status", "Limit", "Seed", "Objective", "Gap", "Migrations", "Violations", "Score");
        foreach (LedgerRow row in rows)
            table.AddRow(
                Screen.Plain(row.Key.Instance),
                Screen.Plain(row.Key.Setting),
                Screen.Plain(row.Status),
                Screen.Plain($"{row.Key.Limit} s"),
                Screen.Plain(LedgerColumns.Cell(row.Key.Seed, 0)),
                Screen.Plain(Screen.Number(row.Objective)),
                Screen.Plain(Screen.Gap(row.Gap)),
                Screen.Plain(LedgerColumns.Cell(row.Migrations, 0)),
                row.Violations > 0 ? Screen.Coloured(Screen.Number(row.Violations.Value), Color.Red) : Screen.Plain(LedgerColumns.Cell(row.Violations, 0)),
                Screen.Plain(LedgerColumns.Cell(row.Score, 4)));
        return table;
    }

    private static JToken Cell(LedgerColumn column, LedgerRow row)
    {
        string cell = column.Write(row);
        if (!column.IsNumber) return cell;
        return cell.Length == 0 ? JValue.CreateNull() : JToken.Parse(cell);
    }
}
