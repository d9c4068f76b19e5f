using System.Globalization;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>The columns of the ledger's CSV file, each with the way to write a cell and to read it back.</summary>
internal static class LedgerColumns
{
    /// <summary>The columns in their order.</summary>
    public static IReadOnlyList<LedgerColumn> All { get; } =
    [
        Text("suite", r => r.Suite, (r, t) => r with { Suite = t }),
        Text("instance", r => r.Key.Instance, (r, t) => r with { Key = r.Key with { Instance = t } }),
        Text("setting", r => r.Key.Setting, (r, t) => r with { Key = r.Key with { Setting = t } }),
        Number("hosts", 0, r => r.Hosts, (r, v) => r with { Hosts = (long?)v }),
        Number("vms", 0, r => r.Vms, (r, v) => r with { Vms = (long?)v }),
        Key("seed", r => r.Seed, (k, v) => k with { Seed = v }),
        Key("limit_s", r => r.Limit, (k, v) => k with { Limit = v }),
        Key("threads", r => r.Threads, (k, v) => k with { Threads = v }),
        Text("status", r => r.Status, (r, t) => r with { Status = t }),
        Number("objective", 3, r => r.Objective, (r, v) => r with { Objective = v }),
        Number("bound", 3, r => r.Bound, (r, v) => r with { Bound = v }),
        Number("gap", 5, r => r.Gap, (r, v) => r with { Gap = v }),
        Number("time_to_best_s", 3, r => r.TimeToBest, (r, v) => r with { TimeToBest = v }),
        Number("migrations", 0, r => r.Migrations, (r, v) => r with { Migrations = (long?)v }),
        Number("hops", 0, r => r.Hops, (r, v) => r with { Hops = (long?)v }),
        Number("violations", 0, r => r.Violations, (r, v) => r with { Violations = (long?)v }),
        Number("wall_s", 2, r => r.Wall, (r, v) => r with { Wall = v }),
        Number("memory_mib", 0, r => r.Memory, (r, v) => r with { Memory = v }) with { MayLack = true },
        Number("baseline", 3, r => r.Baseline, (r, v) => r with { Baseline = v }),
        Number("figure", 4, r => r.Figure, (r, v) => r with { Figure = v }),
        Text("peer", r => r.Peer, (r, t) => r with { Peer = t }),
        Number("peer_value", 4, r => r.PeerValue, (r, v) => r with { PeerValue = v }),
        Number("score", 6, r => r.Score, (r, v) => r with { Score = v }),
    ];

    /// <summary>A number as it stands in a cell: with a point, rounded, without trailing zeros; empty for null or without end.</summary>
    /// <param name="value">The number.</param>
    /// <param name="digits">Most digits behind the point.</param>
    public static string Cell(double? value, int digits) => value is { } number && double.IsFinite(number)
        ? (Math.Round(number, digits) + 0.0).ToString($"0.{new string('#', digits)}", CultureInfo.InvariantCulture)
        : "";

    /// <summary>The number of a cell; null for an empty one.</summary>
    /// <exception cref="InvalidInputException">It is none.</exception>
    public static double? Number(CsvRow row, int column)
    {
        if (row.Text(column).Length == 0) return null;
        bool isNumber = double.TryParse(row.Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);
        return isNumber ? value : throw row.Error(
            $"({row.Table.Header[column]}) is ({row.Text(column)}); expected a number or nothing", "a spreadsheet has changed the file.");
    }

    private static LedgerColumn Text(string name, Func<LedgerRow, string> write, Func<LedgerRow, string, LedgerRow> read) =>
        new(name, IsNumber: false, write, (row, cells, column) => read(row, cells.Text(column)));

    private static LedgerColumn Number(string name, int digits, Func<LedgerRow, double?> write, Func<LedgerRow, double?, LedgerRow> read) =>
        new(name, IsNumber: true, row => Cell(write(row), digits), (row, cells, column) => read(row, Number(cells, column)));

    private static LedgerColumn Key(string name, Func<RunKey, long> write, Func<RunKey, long, RunKey> read) => new(
        name, IsNumber: true, row => write(row.Key).ToString(CultureInfo.InvariantCulture),
        (row, cells, column) => row with { Key = read(row.Key, cells.Whole(column)) });
}

/// <summary>A column of the ledger.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsNumber">True if its cells hold numbers.</param>
/// <param name="Write">The cell of a row.</param>
/// <param name="Read">The row with what a line of a file says in this column.</param>
internal sealed record LedgerColumn(string Name, bool IsNumber, Func<LedgerRow, string> Write, Func<LedgerRow, CsvRow, int, LedgerRow> Read)
{
    /// <summary>True if ledgers that were begun before there was such a column are read all the same.</summary>
    public bool MayLack { get; init; }
}
