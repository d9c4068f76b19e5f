using System.Text;
using Newtonsoft.Json;

namespace VirtOpt;

/// <summary>Writes JSON as it goes: sections on lines of their own, each item of a section on one line.</summary>
internal sealed class JsonOutput : IDisposable
{
    private readonly JsonTextWriter writer;

    public JsonOutput(Stream stream)
    {
        StreamWriter text = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer = new JsonTextWriter(text) { Formatting = Formatting.Indented, Indentation = 1 };
        writer.WriteStartObject();
    }

    /// <summary>Writes a section: an array with one item per line; nothing if there is none and it may be left out.</summary>
    public void Section<T>(string name, IEnumerable<T> items, Action<T> fields, bool mayOmit = false)
    {
        bool started = !mayOmit;
        if (started) Start(name);
        foreach (T item in items)
        {
            if (!started) Start(name);
            started = true;
            writer.WriteStartObject();
            writer.Formatting = Formatting.None;
            fields(item);
            writer.WriteEndObject();
            writer.Formatting = Formatting.Indented;
        }

        if (started) writer.WriteEndArray();
    }

    public void Field(string name, object? value)
    {
        writer.WritePropertyName(name);
        writer.WriteValue(value);
    }

    /// <summary>Writes a field unless it has its default.</summary>
    public void Field<T>(string name, T value, T unless)
    {
        if (!EqualityComparer<T>.Default.Equals(value, unless)) Field(name, value);
    }

    public void Names(string name, IEnumerable<string> values) => Array(name, values, writer.WriteValue);

    public void Numbers(string name, IEnumerable<int> values) => Array(name, values, writer.WriteValue);

    public void Empty(string name)
    {
        writer.WritePropertyName(name);
        writer.WriteStartArray();
        writer.WriteEndArray();
    }

    /// <summary>Writes an array; nothing if it is empty.</summary>
    public void Array<T>(string name, IEnumerable<T> values, Action<T> value)
    {
        bool started = false;
        foreach (T item in values)
        {
            if (!started)
            {
                writer.WritePropertyName(name);
                writer.WriteStartArray();
            }

            started = true;
            value(item);
        }

        if (started) writer.WriteEndArray();
    }

    public void Object(string name, Action fields)
    {
        writer.WritePropertyName(name);
        Object(fields);
    }

    public void Object(Action fields)
    {
        writer.WriteStartObject();
        fields();
        writer.WriteEndObject();
    }

    public void Numbers(IEnumerable<long> values)
    {
        writer.WriteStartArray();
        foreach (long value in values) writer.WriteValue(value);
        writer.WriteEndArray();
    }

    /// <summary>Writes amounts by dimension; those that are left out by <paramref name="named"/> are not written.</summary>
    public void Amounts(string name, IReadOnlyList<Dimension> dimensions, ResourceVector amounts, Func<int, bool>? named = null)
    {
        if (amounts.Count == 0) return;
        Object(name, () =>
        {
            for (int d = 0; d < amounts.Count; d++)
                if (named is null || named(d)) Field(dimensions[d].Name, amounts[d]);
        });
    }

    private void Start(string name)
    {
        writer.WritePropertyName(name);
        writer.WriteStartArray();
    }

    public void Dispose()
    {
        writer.WriteEndObject();
        writer.WriteWhitespace("\n");
        ((IDisposable)writer).Dispose();
    }
}
