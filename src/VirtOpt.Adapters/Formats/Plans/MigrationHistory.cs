using System.Globalization;

namespace VirtOpt;

/// <summary>
/// Executed migrations, from CSV with a header (<c>memory</c>, <c>seconds</c>, and, where known, <c>moved</c>, <c>downtime</c>, <c>disk</c>, <c>dirty</c>,
/// <c>mode</c>, <c>vm</c>; MiB, seconds and MiB/s) or from JSON with the same names: <c>"format": "virtopt-history"</c>, described by <c>virtopt-history.schema.json</c>.
/// </summary>
public static class MigrationHistory
{
    private const string FormatName = "virtopt-history";
    private const int Version = 1;
    private static readonly string[] Columns = ["memory", "seconds", "moved", "downtime", "disk", "dirty", "mode", "vm", "begin"];

    private static readonly JsonFields<Draft> Fields = new("executed migration")
    {
        { "memory", (c, d) => d.Values[0] = c.Number(), true },
        { "seconds", (c, d) => d.Values[1] = c.Number(), true },
        { "moved", (c, d) => d.Values[2] = c.Number() },
        { "downtime", (c, d) => d.Values[3] = c.Number() },
        { "disk", (c, d) => d.Values[4] = c.Number() },
        { "dirty", (c, d) => d.Values[5] = c.Number() },
        { "mode", (c, d) => d.Mode = c.Choice<TransferMode>() },
        { "vm", (c, d) => d.Vm = c.Scalar() },
        { "begin", (c, _) => c.Scalar() },
    };

    /// <summary>Reads a history.</summary>
    /// <param name="path">The file: JSON if its text begins with a brace, else CSV; <c>.gz</c> as well.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, or a value makes no sense.</exception>
    public static IReadOnlyList<ExecutedMigration> Read(string path) =>
        Files.ReadHead(path).TrimStart('\uFEFF', ' ', '\t', '\r', '\n').StartsWith('{') ? ReadJson(path) : ReadCsv(path);

    private static List<ExecutedMigration> ReadJson(string path)
    {
        List<ExecutedMigration> read = [];
        JsonFields<List<ExecutedMigration>> fields = new("history")
        {
            { "migrations", (c, list) => c.Array("migrations", () => list.Add(One(c, list.Count))), true },
        };
        PlanSettingsJson.ReadVersioned(path, fields, read, FormatName, Version);
        return read;

        ExecutedMigration One(JsonCursor cursor, int index)
        {
            Draft draft = new();
            cursor.Object(Fields, draft);
            return draft.ToMigration($"{path}: migrations[{index}]");
        }
    }

    private static List<ExecutedMigration> ReadCsv(string path)
    {
        using CsvTable table = new(path);
        foreach (string column in table.Header.Where(c => !Columns.Contains(c)))
            throw InvalidInputException.Because(
                $"{path}: the column ({column}) is unknown; expected {string.Join(", ", Columns.Select(c => $"({c})"))}.",
                "units do not belong into the header: MiB and seconds.");
        int[] at = [table.Require("memory"), table.Require("seconds"), .. Columns[2..8].Select(table.Find)];
        List<ExecutedMigration> read = [];
        foreach (CsvRow row in table.Rows())
        {
            Draft draft = new();
            for (int i = 0; i < draft.Values.Length; i++)
                if (row.Text(at[i]) is { Length: > 0 } text) draft.Values[i] = Number(row, Columns[i], text);
                else if (i < 2) throw row.Error($"({Columns[i]}) is empty; expected a number", "a migration that failed has to be left out.");
            if (row.Text(at[6]) is { Length: > 0 } mode) draft.Mode = Mode(row, mode);
            draft.Vm = row.Text(at[7]);
            read.Add(draft.ToMigration($"{path}: line {row.Line}"));
        }

        return read;
    }

    private static double Number(CsvRow row, string column, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number : throw row.Error($"({column}) is ({text}); expected a number", "the unit stands behind it, or a comma is where a point belongs.");

    private static TransferMode Mode(CsvRow row, string text) =>
        Enum.TryParse(text, ignoreCase: true, out TransferMode mode) && Enum.IsDefined(mode) && !char.IsAsciiDigit(text[0])
            ? mode : throw row.Error($"(mode) is ({text}); expected one of precopy, postcopy, cold", "leave it empty for precopy.");

    private sealed class Draft
    {
        /// <summary>Memory, seconds, moved, downtime, disk, dirty rate.</summary>
        public double?[] Values { get; } = new double?[6];

        public string Vm { get; set; } = "";

        public TransferMode Mode { get; set; }

        public ExecutedMigration ToMigration(string where)
        {
            ExecutedMigration migration = new()
            {
                Vm = Vm,
                MemoryMiB = Values[0]!.Value,
                Seconds = Values[1]!.Value,
                MovedMiB = Values[2],
                DowntimeSeconds = Values[3],
                DiskMiB = Values[4] ?? 0,
                DirtyRate = Values[5],
                Mode = Mode,
            };
            migration.Validate(where);
            return migration;
        }
    }
}
