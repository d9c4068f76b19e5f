using System.CommandLine;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Commands;

/// <summary>Lists the objectives that a policy can name.</summary>
internal sealed class ObjectivesCommand() : Verb("objectives", "List the objectives that a policy can name, with their parameters.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt objectives", "read the list"),
        new("virtopt objectives --json", "the same for a program"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        IEnumerable<CatalogueItem> items = ObjectiveCatalogue.Entries.Select(e => new CatalogueItem(e.Name, e.Summary, e.Parameters));
        if (parsed.GetValue(Json)) CatalogueView.WriteJson(terminal, "objectives", items);
        else CatalogueView.WriteTables(terminal, items, "Objectives of one level are added with their weights; level 2 is minimised after level 1, and so on.");
        return ExitCode.Done;
    }
}
