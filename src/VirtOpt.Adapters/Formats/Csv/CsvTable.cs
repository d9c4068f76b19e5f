using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;

namespace VirtOpt;

/// <summary>Names of the columns that are not dimensions or labels.</summary>
internal static class CsvColumns
{
    public const string Name = "name";
    public const string Vm = "vm";
    public const string Host = "host";
    public const string State = "state";
    public const string Price = "price";
    public const string HostGroups = "host groups";
    public const string Movable = "movable";
    public const string MigrationCost = "migration cost";
    public const string Priority = "priority";
    public const string AntiAffinity = "anti-affinity";
    public const string Affinity = "affinity";
    public const string Fence = "only on";
    public const string Ban = "not on";

    /// <summary>Begins the name of a column with an amount that the hypervisor keeps.</summary>
    public const string Reserve = "reserve ";

    /// <summary>Begins the name of a column with an overcommit ratio in per cent.</summary>
    public const string Overcommit = "overcommit ";

    /// <summary>Begins the name of a column with a label, beside <c>rack</c> and <c>zone</c>.</summary>
    public const string Label = "label ";
}

/// <summary>A CSV file whose header has been read.</summary>
internal sealed partial class CsvTable : IDisposable
{
    private static readonly CsvReaderOptions Options = new()
    {
        HasHeader = false,
        TrimWhitespace = true,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = 1 << 20,
    };

    /// <summary>Spreadsheets save with any of these; the header tells.</summary>
    private static readonly char[] Separators = [',', ';', '\t'];

    private readonly CsvReader reader;

    public CsvTable(string path)
    {
        Path = path;
        string header = Files.ReadHead(path).Split('\n')[0];
        char separator = Separators.MaxBy(candidate => header.Count(c => c == candidate));
        reader = CsvReader.Create(Files.OpenRead(path), Options with { Separator = separator }, leaveOpen: false);
        Header = Read() ?? throw InvalidInputException.Because($"{path}: the file is empty.", "the export failed.");
        foreach (IGrouping<string, string> twice in Header.GroupBy(h => h, StringComparer.Ordinal).Where(g => g.Count() > 1))
            throw InvalidInputException.Because($"{path}: the column ({twice.Key}) is there twice.", "one of them has another name.");
    }

    public string Path { get; }

    public string[] Header { get; }

    /// <summary>Rows below the header; empty lines are passed over.</summary>
    public IEnumerable<CsvRow> Rows()
    {
        while (Read() is { } fields)
        {
            CsvRow row = new(this, reader.LineNumber, fields);
            if (fields.Length != Header.Length)
                throw row.Error($"expected {Header.Length} fields; found {fields.Length}", "a comma inside a text has to be quoted, or the file was cut off.");
            yield return row;
        }
    }

    public int Find(string column) => Array.IndexOf(Header, column);

    public int Require(string column) => Find(column) is var index and >= 0
        ? index
        : throw InvalidInputException.Because(
            $"{Path}: the column ({column}) is missing.",
            $"the first line is not the header; it has {string.Join(", ", Header.Take(12).Select(h => $"({h})"))}.");

    /// <summary>Columns <c>prefix name [unit]</c>, or those without any prefix.</summary>
    public IEnumerable<(int Column, Dimension Dimension)> Dimensions(string prefix)
    {
        for (int i = 0; i < Header.Length; i++)
            if (DimensionHeader().Match(Header[i]) is { Success: true } match && match.Groups["prefix"].Value == prefix)
                yield return (i, new Dimension(match.Groups["name"].Value, match.Groups["unit"].Value));
    }

    /// <summary>Refuses columns that mean nothing.</summary>
    public void OnlyKnown(string[] known, bool labels)
    {
        foreach (string column in Header)
        {
            bool isLabel = labels && column.StartsWith(CsvColumns.Label, StringComparison.Ordinal);
            if (isLabel || known.Contains(column) || DimensionHeader().IsMatch(column)) continue;
            throw InvalidInputException.Because(
                $"{Path}: the column ({column}) is unknown; expected a dimension with its unit, like \"cpu [millicore]\", "
                + $"or one of {string.Join(", ", known.Select(k => $"({k})"))}.",
                "the unit in brackets is missing, or the column is not for VirtOpt and has to be deleted.");
        }
    }

    public void Dispose() => reader.Dispose();

    [GeneratedRegex(@"^(?<prefix>reserve |overcommit |)(?<name>[^\[\]]+?) \[(?<unit>[^\[\]]+)\]$", RegexOptions.CultureInvariant)]
    private static partial Regex DimensionHeader();

    private string[]? Read()
    {
        try
        {
            return reader.Read() ? [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)] : null;
        }
        catch (CsvFormatException e)
        {
            throw new InvalidInputException(
                $"{Path}: line {e.LineNumber}: this is not CSV: {e.Message.Split('\n')[0]}\n"
                + "Maybe a quotation mark is out of place, or the file is of another format.",
                e);
        }
    }
}

/// <summary>A row of a CSV file.</summary>
/// <param name="Table">Its file.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Fields">Its fields.</param>
internal sealed record CsvRow(CsvTable Table, long Line, string[] Fields)
{
    /// <summary>The text of a column; empty if there is no such column.</summary>
    public string Text(int column) => column < 0 ? "" : Fields[column];

    public string Name(int column) => Text(column) is { Length: > 0 } name ? name : throw Error(
        $"({Table.Header[column]}) is empty; expected a name", "an empty line was exported.");

    /// <summary>A whole number; the fallback if the field is empty or there is no such column; without one that is an error.</summary>
    public long Whole(int column, long? fallback = null, long least = 0)
    {
        string text = Text(column);
        if (text.Length == 0 && fallback is { } value) return value;
        bool isNumber = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
        return isNumber && number >= least && number <= JsonFields.MaxAmount
            ? number
            : throw Error(
                $"({Table.Header[column]}) is ({text}); expected a whole number within {least} .. {JsonFields.MaxAmount}",
                "a finer unit was meant, or the number has separators.");
    }

    public IEnumerable<string> Names(int column) =>
        Text(column).Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal);

    public InvalidInputException Error(string problem, string advice) => InvalidInputException.Because($"{Table.Path}: line {Line}: {problem}.", advice);
}
