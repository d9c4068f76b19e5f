using System.Globalization;
using System.Text;
using Newtonsoft.Json;

namespace VirtOpt;

/// <summary>Copies a cloud balancing document token by token and fills in the computers.</summary>
internal static class CloudBalancingDocument
{
    /// <summary>
    /// Writes the document with the placement filled in; the type of the ids (number or text) is kept. Processes come in the order of the VMs.
    /// </summary>
    public static void Fill(string path, ClusterSnapshot cluster, Placement placement, Stream stream)
    {
        Dictionary<string, object> ids = Ids(path);
        using JsonTextReader reader = Open(path);
        StreamWriter text = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        using JsonTextWriter writer = new(text) { Formatting = Formatting.Indented, CloseOutput = true };
        (int process, bool filled) = (-1, false);
        while (reader.Read())
        {
            bool inProcess = reader.Path.StartsWith("processList[", StringComparison.Ordinal);
            if (inProcess && reader is { TokenType: JsonToken.StartObject, Depth: 2 }) (process, filled) = (process + 1, false);
            if (inProcess && !filled && reader is { TokenType: JsonToken.EndObject, Depth: 2 }) WriteComputer();
            bool isComputer = inProcess && reader.Depth == 3 && IsProperty(reader, "computer");
            if (!isComputer)
            {
                writer.WriteToken(reader, writeChildren: false);
                continue;
            }

            reader.Read();
            WriteComputer();
            filled = true;
        }

        writer.WriteWhitespace("\n");

        void WriteComputer()
        {
            Place place = placement[new VmId(process)];
            writer.WritePropertyName("computer");
            writer.WriteValue(place == Placement.Nowhere ? null : ids[cluster[place.Host].Name]);
        }
    }

    private static bool IsProperty(JsonTextReader reader, string name) => reader.TokenType == JsonToken.PropertyName && (string)reader.Value! == name;

    private static Dictionary<string, object> Ids(string path)
    {
        Dictionary<string, object> ids = new(StringComparer.Ordinal);
        using JsonTextReader reader = Open(path);
        while (reader.Read())
        {
            if (!IsProperty(reader, "id") || !reader.Path.StartsWith("computerList[", StringComparison.Ordinal)) continue;
            reader.Read();
            ids[Convert.ToString(reader.Value, CultureInfo.InvariantCulture)!] = reader.Value!;
        }

        return ids;
    }

    private static JsonTextReader Open(string path) => new(new StreamReader(Files.OpenRead(path))) { DateParseHandling = DateParseHandling.None };
}
