using System.Globalization;
using System.Text;
using Newtonsoft.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace VirtOpt;

/// <summary>
/// YAML as JSON text whose lines are those of the YAML file, so that all that reads JSON, and its messages with line numbers, serves YAML too. Plain words
/// that look like numbers, true, false or null are these; quoted ones are texts.
/// </summary>
internal static class YamlText
{
    private const int MostDepth = 32;

    /// <summary>The only document of a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read or is not YAML.</exception>
    public static YamlNode Read(string path)
    {
        try
        {
            using StreamReader reader = new(Files.OpenRead(path), Encoding.UTF8);
            YamlStream stream = [];
            stream.Load(reader);
            if (stream.Documents.Count == 1) return stream.Documents[0].RootNode;
            throw InvalidInputException.Because(
                $"{path}: expected one YAML document; found {stream.Documents.Count}.", "the file is empty or two were joined.");
        }
        catch (YamlException e)
        {
            throw new InvalidInputException($"{path} (line {e.Start.Line}): this is not YAML: {e.Message}\nMaybe the indentation is not even.", e);
        }
    }

    /// <summary>A node as JSON.</summary>
    /// <param name="node">The node.</param>
    /// <param name="without">Field of the outermost object that is left out.</param>
    public static string ToJson(YamlNode node, string? without = null)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using JsonTextWriter writer = new(text) { Formatting = Formatting.None };
        long line = 1;
        Write(node, without, MostDepth);
        return text.ToString();

        void Write(YamlNode at, string? skipped, int depth)
        {
            if (depth == 0) throw InvalidInputException.Because($"Line {at.Start.Line} of the YAML file is nested too deeply.", "an anchor holds itself.");
            Line(at);
            switch (at)
            {
                case YamlMappingNode map:
                    writer.WriteStartObject();
                    foreach ((YamlNode key, YamlNode value) in map.Children)
                    {
                        string name = (key as YamlScalarNode)?.Value ?? "";
                        if (name == skipped) continue;
                        Line(key);
                        writer.WritePropertyName(name);
                        Write(value, null, depth - 1);
                    }

                    writer.WriteEndObject();
                    break;
                case YamlSequenceNode list:
                    writer.WriteStartArray();
                    foreach (YamlNode item in list.Children) Write(item, null, depth - 1);
                    writer.WriteEndArray();
                    break;
                case YamlScalarNode scalar:
                    Scalar(scalar);
                    break;
            }
        }

        void Line(YamlNode at)
        {
            if (at.Start.Line <= line) return;
            writer.WriteWhitespace(new string('\n', (int)(at.Start.Line - line)));
            line = at.Start.Line;
        }

        void Scalar(YamlScalarNode scalar)
        {
            string value = scalar.Value ?? "";
            if (scalar.Style != ScalarStyle.Plain) writer.WriteValue(value);
            else if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)) writer.WriteValue(whole);
            else if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
                writer.WriteValue(number);
            else if (value is "true" or "false") writer.WriteValue(value == "true");
            else if (value is "" or "~" or "null") writer.WriteNull();
            else writer.WriteValue(value);
        }
    }
}
