using System.Globalization;
using Spectre.Console;

namespace VirtOpt.Cli.Rendering;

/// <summary>The objective by its parts, before and after.</summary>
internal static class TermView
{
    /// <summary>Writes the table.</summary>
    /// <param name="console">Where.</param>
    /// <param name="start">What the checker says of the start.</param>
    /// <param name="report">What it says of the placement.</param>
    public static void Write(IAnsiConsole console, CheckReport start, CheckReport report)
    {
        if (report.Terms.Count == 0) return;
        Table table = Screen.NumberTable(1, "Objective", "Level", "Weight", "Before", "After", "Change");
        for (int i = 0; i < report.Terms.Count; i++)
        {
            TermValue term = report.Terms[i];
            long? before = i < start.Terms.Count ? start.Terms[i].Value : null;
            long? change = term.Value - before;
            table.AddRow(
                Screen.Plain(term.Name),
                Screen.Plain(Screen.Level(term.Level)),
                Screen.Plain(Screen.Number(term.Weight)),
                Screen.Plain(before is { } b ? Screen.Number(b) : "-"),
                Screen.Plain(Screen.Number(term.Value)),
                Change(change));
        }

        console.Heading("What it is worth");
        console.Write(table);
    }

    /// <summary>Writes the figures that belong to the format of the input.</summary>
    public static void WriteFigures(IAnsiConsole console, IReadOnlyDictionary<string, double> figures)
    {
        foreach ((string name, double value) in figures) console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {value:0.######}"));
    }

    private static Text Change(long? change) => change switch
    {
        null => Screen.Plain("-"),
        0 => Screen.Plain("0"),
        < 0 => Screen.Coloured(Screen.Number(change.Value), Color.Green),
        _ => Screen.Coloured($"+{Screen.Number(change.Value)}", Color.Yellow),
    };
}
