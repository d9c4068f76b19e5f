using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Rendering;

/// <summary>Writes the one JSON document of a command.</summary>
internal static class JsonOut
{
    /// <summary>Writes a document and ends the line.</summary>
    public static void Write(Terminal terminal, JObject document) => terminal.Out.WriteLine(document.ToString(Formatting.Indented));

    /// <summary>A number, or null where JSON has none: nothing known, or infinite. There is no negative zero.</summary>
    public static JToken Number(double? value) => value is { } v && double.IsFinite(v) ? new JValue(v + 0.0) : JValue.CreateNull();
}
