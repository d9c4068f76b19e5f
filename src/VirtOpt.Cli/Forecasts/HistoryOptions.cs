using System.CommandLine;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>The argument and options that name a demand history; the report of its cleaning goes to the error stream.</summary>
internal sealed class HistoryOptions
{
    private readonly Argument<string> input = new("HISTORY") { Description = "file, folder or archive with the demand of VMs over time" };
    private readonly Option<string?> format = new("--format")
    {
        Description = "kind of history; told from the name if left out: "
            + string.Join("; ", HistoryFormatCatalogue.Entries.Select(e => $"{e.Name} ({e.Summary})")),
        HelpName = "KIND",
    };

    private readonly Option<string?> dimension = new("--dimension") { Description = "only this dimension, for example cpu", HelpName = "NAME" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Verb verb, Action<System.CommandLine.Parsing.ArgumentResult> refuse)
    {
        input.Validators.Add(refuse);
        verb.Arguments.Add(input);
        verb.Options.Add(format);
        verb.Options.Add(dimension);
    }

    /// <summary>The path that was named.</summary>
    public string PathOf(ParseResult parsed) => parsed.GetValue(input)!;

    /// <summary>Reads and cleans the history, and tells what was done.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public CleanedHistory Read(ParseResult parsed, Terminal terminal) => Read(PathOf(parsed), parsed, terminal);

    /// <summary>Reads another history of the same kind.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public CleanedHistory Read(string path, ParseResult parsed, Terminal terminal)
    {
        HistoryFormat kind = parsed.GetValue(format) is { } name ? HistoryFormatCatalogue.Find(name) : HistoryFormatCatalogue.Guess(path);
        CleanedHistory clean = kind.Read(path);
        foreach (string line in clean.Report.Summary) terminal.Error.WriteLine($"cleaning: {line}");
        if (parsed.GetValue(dimension) is not { } only) return clean;
        if (clean.History.Dimensions.All(d => d.Name != only))
            throw InvalidInputException.Because(
                $"{path}: there is no dimension ({only}).", $"one of these was meant: {string.Join(", ", clean.History.Dimensions.Select(d => d.Name))}.");
        return clean with { History = clean.History.Where(s => s.Dimension.Name == only) };
    }
}
