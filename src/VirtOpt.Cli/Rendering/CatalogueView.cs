using Newtonsoft.Json.Linq;
using Spectre.Console;

namespace VirtOpt.Cli.Rendering;

/// <summary>A line of a catalogue.</summary>
/// <param name="Name">What users write.</param>
/// <param name="Summary">What it means.</param>
/// <param name="Parameters">What can be set.</param>
internal sealed record CatalogueItem(string Name, string Summary, IReadOnlyList<CatalogueParameter> Parameters);

/// <summary>Shows the catalogues of constraints and objectives.</summary>
internal static class CatalogueView
{
    /// <summary>For programs.</summary>
    public static void WriteJson(Terminal terminal, string kind, IEnumerable<CatalogueItem> items) => JsonOut.Write(terminal, new JObject
    {
        [kind] = new JArray(items.Select(item => new JObject
        {
            ["name"] = item.Name,
            ["summary"] = item.Summary,
            ["parameters"] = new JArray(item.Parameters.Select(p => new JObject
            {
                ["name"] = p.Name,
                ["type"] = TypeName(p.Type),
                ["required"] = p.IsRequired,
                ["default"] = p.Default is null ? JValue.CreateNull() : JToken.FromObject(p.Default),
                ["summary"] = p.Summary,
            })),
        })),
    });

    /// <summary>For people.</summary>
    public static void WriteTables(Terminal terminal, IEnumerable<CatalogueItem> items, string note)
    {
        IAnsiConsole console = Screen.Of(terminal);
        foreach (CatalogueItem item in items)
        {
            console.Write(Screen.Strong(item.Name));
            console.WriteLine($"  {item.Summary}");
            if (item.Parameters.Count > 0) console.Write(new Padder(ParametersOf(item), new Padding(4, 0, 0, 0)));
            console.WriteLine();
        }

        console.WriteLine(note);
    }

    private static Grid ParametersOf(CatalogueItem item)
    {
        Grid grid = new();
        int[] widths = [18, 20, 12];
        foreach (int width in widths) grid.AddColumn(new GridColumn().Width(width));
        grid.AddColumn();
        foreach (CatalogueParameter p in item.Parameters)
            grid.AddRow(Screen.Plain(p.Name), Screen.Plain(TypeName(p.Type)), Screen.Plain(DefaultOf(p)), Screen.Plain(p.Summary));
        return grid;
    }

    private static string DefaultOf(CatalogueParameter parameter) => parameter.IsRequired ? "(required)" : parameter.Default?.ToString() ?? "(none)";

    private static string TypeName(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(VmGroup) => "VM group",
        var t when t == typeof(HostGroup) => "host group",
        var t when t == typeof(ResourceVector) => "amount per dimension",
        var t when t == typeof(DemandForecast) => "forecast",
        var t when t == typeof(IReadOnlyList<VmGroup>) => "VM groups",
        var t when t == typeof(HostMatrix) => "price per pair of hosts",
        var t when t == typeof(long) || t == typeof(int) => "whole number",
        var t when t == typeof(string) => "text",
        var t when t == typeof(bool) => "true or false",
        var t => t.Name,
    };
}
