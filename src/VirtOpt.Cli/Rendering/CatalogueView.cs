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
        Table table = Screen.Table("Name", "Parameter", "Type", "Default", "Meaning");
        foreach (CatalogueItem item in items)
        {
            table.AddRow(Screen.Strong(item.Name), Screen.Plain(""), Screen.Plain(""), Screen.Plain(""), Screen.Strong(item.Summary));
            foreach (CatalogueParameter p in item.Parameters)
                table.AddRow(Screen.Plain(""), Screen.Plain(p.Name), Screen.Plain(TypeName(p.Type)), Screen.Plain(DefaultOf(p)), Screen.Plain(p.Summary));
        }

        console.Write(table);
        console.WriteLine(note);
    }

    private static string DefaultOf(CatalogueParameter parameter) => parameter.IsRequired ? "(required)" : parameter.Default?.ToString() ?? "(none)";

    private static string TypeName(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(VmGroup) => "VM group",
        var t when t == typeof(HostGroup) => "host group",
        var t when t == typeof(ResourceVector) => "amount per dimension",
        var t when t == typeof(DemandForecast) => "forecast",
        var t when t == typeof(long) || t == typeof(int) => "whole number",
        var t when t == typeof(string) => "text",
        var t when t == typeof(bool) => "true or false",
        var t => t.Name,
    };
}
