using System.Globalization;

namespace VirtOpt.Forecasting;

/// <summary>
/// VirtOpt's own demand file: CSV with the columns <c>vm</c>, <c>time</c> and one for each dimension with its unit: <c>cpu [%]</c>, <c>memory [MiB]</c>. A
/// column
/// <c>memory capacity [MiB]</c> holds the most that the VM can use. Times are ISO 8601 (UTC unless an offset is given), or seconds or milliseconds since
/// 1970; an empty
/// field is a gap.
/// </summary>
public static class CsvHistory
{
    private const string CapacityEnding = " capacity";

    /// <summary>Reads a file, packed or not.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, a column is missing, or a field is not what it should be.</exception>
    public static CleanedHistory Read(string path)
    {
        using CsvTable table = new(path);
        (int vm, int time) = (table.Require("vm"), table.Require("time"));
        Column[] columns = ColumnsOf(table);
        Dictionary<(string Vm, int Column), Samples> samples = [];
        foreach (CsvRow row in table.Rows())
        {
            string name = row.Name(vm);
            double seconds = TimeOf(row, row.Text(time));
            for (int c = 0; c < columns.Length; c++)
            {
                if (!samples.TryGetValue((name, c), out Samples? list)) samples[(name, c)] = list = new Samples();
                double? capacity = columns[c].Capacity >= 0 ? Number(row, columns[c].Capacity) : columns[c].Dimension.Unit == "%" ? 100 : null;
                list.Add(seconds, Number(row, columns[c].Index) ?? double.NaN, capacity);
            }
        }

        return HistoryCleaner.Clean(
            Path.GetFileName(path), [.. samples.OrderBy(s => s.Key.Column).Select(s => s.Value.ToSeries(path, s.Key.Vm, columns[s.Key.Column]))]);
    }

    private static Column[] ColumnsOf(CsvTable table)
    {
        (int Column, Dimension Dimension)[] all = [.. table.Dimensions("")];
        int CapacityOf(string name) => all.Where(a => a.Dimension.Name == name + CapacityEnding).Select(a => a.Column).DefaultIfEmpty(-1).First();
        Column[] columns =
        [
            .. all.Where(a => !a.Dimension.Name.EndsWith(CapacityEnding, StringComparison.Ordinal))
                .Select(a => new Column(a.Column, a.Dimension, CapacityOf(a.Dimension.Name))),
        ];
        return columns.Length > 0 ? columns : throw InvalidInputException.Because(
            $"{table.Path}: there is no column of a dimension with its unit, like \"cpu [%]\".", "the unit in brackets is missing.");
    }

    private static double? Number(CsvRow row, int column)
    {
        string text = row.Text(column);
        if (text.Length == 0) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw row.Error($"({text}) in column ({row.Table.Header[column]}) is not a number",
                "the unit was written behind it, or a decimal comma was used.");
    }

    private static double TimeOf(CsvRow row, string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)) return seconds;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out DateTimeOffset time)
            ? (time - DateTimeOffset.UnixEpoch).TotalSeconds
            : throw row.Error($"({text}) is not a time such as 2026-01-31T13:05:00Z, nor seconds since 1970",
                "the columns are in another order than the header.");
    }

    private sealed record Column(int Index, Dimension Dimension, int Capacity);

    private sealed class Samples
    {
        private readonly List<double> times = [];
        private readonly List<double> values = [];
        private double? capacity;
        private double? latest;
        private int resizes;

        public void Add(double time, double value, double? most)
        {
            times.Add(time);
            values.Add(value);
            if (most is null) return;
            if (latest is { } known && known != most) resizes++;
            latest = most;
            capacity = Math.Max(capacity ?? 0, most.Value);
        }

        public SampleSeries ToSeries(string path, string vm, Column column) =>
            new(path, vm, column.Dimension, times, values) { Capacity = capacity, Resizes = resizes };
    }
}
