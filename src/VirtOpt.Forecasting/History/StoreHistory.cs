namespace VirtOpt.Forecasting;

/// <summary>
/// Reads the store of <c>virtopt monitor</c>: what VMs used of CPU (millicore) and memory (MiB), by five minutes of at most the last 30 days. The most
/// that a VM can use is what it had at most in that time.
/// </summary>
public static class StoreHistory
{
    private const double MillicoresInCpu = 1000;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly (Dimension Dimension, UsageMetric Used, UsageMetric Most, double Unit)[] Columns =
    [
        (new("cpu", "millicore"), UsageMetric.Cpu, UsageMetric.Vcpus, MillicoresInCpu),
        (new("memory", "MiB"), UsageMetric.Used, UsageMetric.Memory, 1),
    ];

    /// <summary>Reads a store.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or has no two samples of a VM.</exception>
    public static CleanedHistory Read(string path)
    {
        using UsageStore store = UsageStore.OpenRead(path);
        UsageReader reader = store.Reader();
        (DateTimeOffset from, DateTimeOffset to) = reader.Span()
            ?? throw InvalidInputException.Because($"{path}: there is nothing in this store.", "virtopt monitor has just begun.");
        // Sums of hours reach back for years; five minutes do not, and an empty slot takes as much room as a full one.
        if (to - from > UsageRetention.Default.FiveMinutes) from = to - UsageRetention.Default.FiveMinutes;
        UsageTable Table(UsageMetric metric) => reader.Read(new UsageQuery(metric, from, to + Step, Step));
        SampleSeries[] series = [.. Columns.SelectMany(c => SeriesOf(path, c.Dimension, Table(c.Used), Table(c.Most), c.Unit))];
        if (series.Length == 0)
            throw InvalidInputException.Because($"{path}: no five minutes of any VM are summed up in this store.", "virtopt monitor has just begun.");
        return HistoryCleaner.Clean(Path.GetFileName(path), series);
    }

    /// <summary>True if a file is one.</summary>
    internal static bool IsStore(string path)
    {
        if (!File.Exists(path)) return false;
        using Stream stream = File.OpenRead(path);
        byte[] first = new byte[15];
        return stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length && first.AsSpan().SequenceEqual("SQLite format 3"u8);
    }

    private static IEnumerable<SampleSeries> SeriesOf(string path, Dimension dimension, UsageTable used, UsageTable most, double unit)
    {
        Dictionary<string, double> capacities = most.Names.Zip(most.Values, (name, row) => (name, row.Where(v => !double.IsNaN(v)).DefaultIfEmpty().Max()))
            .ToDictionary(pair => pair.name, pair => pair.Item2 * unit, StringComparer.Ordinal);
        for (int i = 0; i < used.Names.Count; i++)
        {
            int[] known = [.. Enumerable.Range(0, used.Values[i].Length).Where(slot => !double.IsNaN(used.Values[i][slot]))];
            yield return new SampleSeries(
                path,
                used.Names[i],
                dimension,
                [.. known.Select(slot => (used.Start + (slot * used.Step)).ToUnixTimeSeconds())],
                [.. known.Select(slot => used.Values[i][slot])])
            {
                Capacity = capacities.TryGetValue(used.Names[i], out double capacity) && capacity > 0 ? capacity : null,
            };
        }
    }
}
