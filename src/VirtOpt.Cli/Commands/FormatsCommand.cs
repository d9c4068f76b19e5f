using System.CommandLine;
using Newtonsoft.Json.Linq;
using Spectre.Console;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Commands;

/// <summary>Lists the file formats.</summary>
internal sealed class FormatsCommand() : Verb("formats", "List the file formats that are read and written.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt formats", "read the list"),
        new("virtopt formats --json", "the same for a program"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue(Json))
        {
            JsonOut.Write(terminal, new JObject
            {
                ["formats"] = new JArray(FormatCatalogue.Entries.Select(f => new JObject { ["name"] = f.Name, ["summary"] = f.Summary, ["usage"] = f.Usage })),
            });
            return ExitCode.Done;
        }

        IAnsiConsole console = Screen.Of(terminal);
        foreach (IProblemFormat format in FormatCatalogue.Entries)
        {
            console.Write(Screen.Strong(format.Name));
            console.WriteLine($"  {format.Summary}");
            console.Write(new Padder(Screen.Plain(format.Usage), new Padding(4, 0, 0, 1)));
        }

        console.WriteLine("The format of an input is detected; --format overrides that. Files may be packed with gzip (.gz).");
        return ExitCode.Done;
    }
}
