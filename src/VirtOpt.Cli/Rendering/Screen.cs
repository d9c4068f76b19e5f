using System.Globalization;
using Spectre.Console;

namespace VirtOpt.Cli.Rendering;

/// <summary>How VirtOpt's tables look and how its numbers are written.</summary>
internal static class Screen
{
    /// <summary>A console that writes results: with colours only where a person reads along.</summary>
    public static IAnsiConsole Of(Terminal terminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Out),
            Ansi = terminal.IsOutTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal.IsOutTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = terminal.Width;
        return console;
    }

    /// <summary>An empty table with a heading per column.</summary>
    public static Table Table(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns) table.AddColumn(new TableColumn(Strong(column)));
        return table;
    }

    /// <summary>A table whose columns after the first few hold numbers.</summary>
    /// <param name="words">How many columns hold words.</param>
    /// <param name="columns">The headings.</param>
    public static Table NumberTable(int words, params string[] columns)
    {
        Table table = Table(columns);
        for (int c = words; c < columns.Length; c++) table.Columns[c].RightAligned();
        return table;
    }

    /// <summary>Text as it is.</summary>
    public static Text Plain(string text) => new(text);

    /// <summary>Text that stands out.</summary>
    public static Text Strong(string text) => new(text, new Style(decoration: Decoration.Bold));

    /// <summary>Text in a colour.</summary>
    public static Text Coloured(string text, Color colour) => new(text, new Style(colour));

    /// <summary>A heading over what follows.</summary>
    public static void Heading(this IAnsiConsole console, string text)
    {
        console.WriteLine();
        console.Write(Strong(text));
        console.WriteLine();
    }

    /// <summary>A whole number in groups of three.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A bound: whole where it is whole.</summary>
    public static string Number(double? value) => value switch
    {
        null => "none",
        { } v when Math.Abs(v - Math.Round(v)) < 1e-6 => (Math.Round(v) + 0.0).ToString("N0", CultureInfo.InvariantCulture),
        { } v => v.ToString("N2", CultureInfo.InvariantCulture),
    };

    /// <summary>A gap in per cent.</summary>
    public static string Gap(double? gap) => gap switch
    {
        null => "unknown",
        0 => "0 %",
        { } g when !double.IsFinite(g) => "unknown",
        < 0.0001 => "<0.01 %",
        { } g => string.Create(CultureInfo.InvariantCulture, $"{g * 100:0.00} %"),
    };

    /// <summary>A time in seconds.</summary>
    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0##} s");

    /// <summary>A level as people call it.</summary>
    public static string Level(int level) => level switch
    {
        0 => "repair",
        >= PlacementProblem.TieBreakLevel => "ties",
        _ => level.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A number of things with the right ending.</summary>
    public static string Count(long number, string thing) => $"{Number(number)} {thing}{(number == 1 ? "" : "s")}";
}
