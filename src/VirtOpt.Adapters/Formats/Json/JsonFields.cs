using System.Collections;

namespace VirtOpt;

/// <summary>The fields that a JSON object may have, each with the way to read it into <typeparamref name="T"/>. At most 64.</summary>
/// <param name="what">What the object is, for messages.</param>
/// <param name="strict">True to refuse unknown fields, false to pass over them (formats of other projects).</param>
internal sealed class JsonFields<T>(string what, bool strict = true) : IEnumerable
{
    private readonly Dictionary<string, JsonField<T>> fields = new(StringComparer.Ordinal);
    private readonly List<string> required = [];
    private ulong requiredBits;

    public string What => what;

    public void Add(string name, Action<JsonCursor, T> read) => fields.Add(name, new(1UL << fields.Count, read));

    public void Add(string name, Action<JsonCursor, T> read, bool isRequired)
    {
        Add(name, read);
        if (!isRequired) return;
        required.Add(name);
        requiredBits |= fields[name].Bit;
    }

    /// <summary>The field with a name; null to pass over it.</summary>
    public JsonField<T>? Find(JsonCursor cursor, string name)
    {
        if (fields.TryGetValue(name, out JsonField<T>? field)) return field;
        if (!strict) return null;
        throw cursor.Error($"the {what} has an unknown field ({name})", JsonFields.Advice(name, fields.Keys));
    }

    public string? FirstMissing(ulong seen) => (requiredBits & ~seen) == 0 ? null : required.First(name => (fields[name].Bit & ~seen) != 0);

    public IEnumerator GetEnumerator() => fields.Keys.GetEnumerator();
}

/// <summary>One field.</summary>
/// <param name="Bit">Tells it from the others of its object.</param>
/// <param name="Read">Reads its value.</param>
internal sealed record JsonField<T>(ulong Bit, Action<JsonCursor, T> Read);

/// <summary>What all JSON formats share.</summary>
internal static class JsonFields
{
    /// <summary>Largest amount accepted, as in the domain model: sums over a million VMs stay within 64 bits.</summary>
    public const long MaxAmount = 1_000_000_000_000;

    /// <summary>Which of the known names was meant.</summary>
    public static string Advice(string name, IEnumerable<string> known)
    {
        string[] names = [.. known];
        if (names.Length == 0) return "it should be left out; there is no field at all.";
        string nearest = names.MinBy(candidate => Distance(name, candidate))!;
        string all = string.Join(", ", names.Take(20).Select(n => $"({n})"));
        return Distance(name, nearest) <= Math.Max(2, name.Length / 3) ? $"({nearest}) was meant; known are {all}." : $"one of {all} was meant.";
    }

    /// <summary>Levenshtein distance of the first 40 characters.</summary>
    private static int Distance(string a, string b)
    {
        (a, b) = (a[..Math.Min(40, a.Length)], b[..Math.Min(40, b.Length)]);
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[b.Length];
    }
}
