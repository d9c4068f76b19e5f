using System.CommandLine;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Commands;

/// <summary>Lists the rules that a policy can name.</summary>
internal sealed class ConstraintsCommand() : Verb("constraints", "List the rules that a policy can name, with their parameters.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt constraints", "read the list"),
        new("virtopt constraints --json", "the same for a program"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        IEnumerable<CatalogueItem> items = ConstraintCatalogue.Entries.Select(e => new CatalogueItem(e.Name, e.Summary, e.Parameters));
        if (parsed.GetValue(Json)) CatalogueView.WriteJson(terminal, "constraints", items);
        else CatalogueView.WriteTables(terminal, items,
            "Every rule is hard unless it has \"soft\": {\"weight\": 1, \"level\": 1}; \"continuous\": true makes it hold during the migrations too.");
        return ExitCode.Done;
    }
}
