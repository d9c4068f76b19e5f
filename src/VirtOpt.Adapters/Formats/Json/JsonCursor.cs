using System.Globalization;
using System.Numerics;
using System.Text;
using Newtonsoft.Json;

namespace VirtOpt;

/// <summary>
/// Walks through a JSON file in one pass. Each method reads the value that the cursor stands on and leaves the cursor on its last token. Every
/// error names file, JSON path and line.
/// </summary>
internal sealed class JsonCursor : IDisposable
{
    private readonly string path;
    private readonly JsonTextReader reader;

    public JsonCursor(string path)
        : this(path, new StreamReader(Files.OpenRead(path), Encoding.UTF8)) { }

    /// <summary>Walks through a text.</summary>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="text">The text.</param>
    public JsonCursor(string name, string text)
        : this(name, new StringReader(text)) { }

    private JsonCursor(string path, TextReader text)
    {
        this.path = path;
        reader = new(text) { DateParseHandling = DateParseHandling.None, MaxDepth = 32 };
    }

    /// <summary>What the cursor stands on.</summary>
    public JsonToken Token => reader.TokenType;

    /// <summary>Reads the one object of the file.</summary>
    public static void ReadFile<T>(string path, JsonFields<T> fields, T target)
    {
        using JsonCursor cursor = new(path);
        cursor.Next();
        cursor.Object(fields, target);
        cursor.End();
    }

    public void Object<T>(JsonFields<T> fields, T target)
    {
        if (Token != JsonToken.StartObject) throw Expected($"an object ({fields.What})");
        ulong seen = 0;
        while (Next() != JsonToken.EndObject)
        {
            string name = (string)reader.Value!;
            if (fields.Find(this, name) is { } field)
            {
                if ((seen & field.Bit) != 0) throw Error($"the field ({name}) is there twice", "two versions were joined.");
                seen |= field.Bit;
                Next();
                field.Read(this, target);
            }
            else
            {
                Next();
                Skip();
            }
        }

        if (fields.FirstMissing(seen) is { } missing) throw Error($"the field ({missing}) of the {fields.What} is missing", "it was left out or is mistyped.");
    }

    /// <summary>Reads an object whose field names are data.</summary>
    public void Map(string what, Action<string> value)
    {
        if (Token != JsonToken.StartObject) throw Expected($"an object ({what})");
        while (Next() != JsonToken.EndObject)
        {
            string name = (string)reader.Value!;
            Next();
            value(name);
        }
    }

    public void Array(string what, Action item)
    {
        if (Token != JsonToken.StartArray) throw Expected($"an array ({what})");
        while (Next() != JsonToken.EndArray) item();
    }

    public List<T> List<T>(string what, Func<T> item)
    {
        List<T> items = [];
        Array(what, () => items.Add(item()));
        return items;
    }

    public string Text() => Token == JsonToken.String ? (string)reader.Value! : throw Expected("a text");

    public string Name() => Text() is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Expected("a name");

    /// <summary>A name that may be written as a number.</summary>
    public string Scalar() => Token == JsonToken.Integer ? Convert.ToString(reader.Value, CultureInfo.InvariantCulture)! : Name();

    public bool Flag() => Token == JsonToken.Boolean ? (bool)reader.Value! : throw Expected("true or false");

    /// <summary>A whole number; 8.0 is one only for formats whose writers do not care.</summary>
    public long Whole(long least, long most, bool floatsToo = false)
    {
        long? value = reader.Value switch
        {
            long number when Token == JsonToken.Integer => number,
            double number when floatsToo && number == Math.Floor(number) && Math.Abs(number) < 1e15 => (long)number,
            _ => null,
        };
        return value is { } whole && whole >= least && whole <= most ? whole : throw NotWhole(least, most);
    }

    /// <summary>A finite number, whole or not.</summary>
    public double Number() => reader.Value switch
    {
        long whole => whole,
        double number when double.IsFinite(number) => number,
        _ => throw Expected("a number"),
    };

    public long Amount(bool floatsToo = false) => Whole(0, JsonFields.MaxAmount, floatsToo);

    /// <summary>One of the values of an enumeration, in lower case.</summary>
    public T Choice<T>()
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];
        int index = Token == JsonToken.String ? System.Array.IndexOf(names, (string)reader.Value!) : -1;
        return index >= 0 ? Enum.GetValues<T>()[index] : throw Expected($"one of {string.Join(", ", names.Select(n => $"\"{n}\""))}");
    }

    public bool IsNull => Token == JsonToken.Null;

    public void Skip()
    {
        if (Token is not (JsonToken.StartObject or JsonToken.StartArray)) return;
        int depth = reader.Depth;
        do Next();
        while (reader.Depth > depth);
    }

    public JsonToken Next()
    {
        try
        {
            do
                if (!reader.Read()) throw Error("the file ends in the middle", "a copy or download was cut off, or the file is empty.");
            while (reader.TokenType == JsonToken.Comment);
            return reader.TokenType;
        }
        catch (Exception e) when (e is JsonException or OverflowException or FormatException)
        {
            throw new InvalidInputException($"{Place()}: this is not JSON: {Short(e.Message, 300)}\nMaybe the file is of another format or was cut off.", e);
        }
    }

    /// <summary>Refuses anything after the value that was read.</summary>
    public void End()
    {
        try
        {
            while (reader.Read())
                if (reader.TokenType != JsonToken.Comment) throw Error("there is more after the end of the object", "two files were joined.");
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"{Place()}: there is more after the end of the object: {e.Message}\nMaybe two files were joined.", e);
        }
    }

    /// <summary>An error at the place of the cursor.</summary>
    public InvalidInputException Error(string problem, string advice) => InvalidInputException.Because($"{Place()}: {Short(problem, 600)}.", advice);

    public InvalidInputException Expected(string what) => Error(
        $"expected {what}; found {Found()}", "the field is mistyped or its value is of the wrong kind.");

    /// <summary>Adds the place of the cursor to errors of what is done with a value.</summary>
    public T Located<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{Place()}: {e.Message}", e);
        }
    }

    /// <summary>What a name stands for.</summary>
    public T Named<T>(Func<string, T> find)
    {
        string name = Name();
        return Located(() => find(name));
    }

    public void Dispose() => ((IDisposable)reader).Dispose();

    private InvalidInputException NotWhole(long least, long most)
    {
        string advice = reader.Value switch
        {
            BigInteger => "the number has digits too many.",
            double number when !double.IsFinite(number) => "a sensor gave no value; leave the field out or repair it.",
            double => "a finer unit was meant: 1.5 core is 1500 millicore.",
            _ => "the unit is wrong or the sign is.",
        };
        return Error($"expected a whole number within {least} .. {most}; found {Found()}", advice);
    }

    private string Found()
    {
        string text = Token switch
        {
            JsonToken.StartObject => "an object",
            JsonToken.StartArray => "an array",
            JsonToken.Null => "null",
            JsonToken.String => $"the text (\"{reader.Value}\")",
            _ => $"({Convert.ToString(reader.Value, CultureInfo.InvariantCulture)})",
        };
        return Short(text, 120);
    }

    private static string Short(string text, int most) => text.Length <= most ? text : text[..(most - 3)] + "...";

    private string Place() => $"{path}: {(reader.Path.Length == 0 ? "top level" : Short(reader.Path, 200))} (line {reader.LineNumber})";
}
