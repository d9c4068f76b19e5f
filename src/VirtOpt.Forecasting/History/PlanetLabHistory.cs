namespace VirtOpt.Forecasting;

/// <summary>
/// PlanetLab days as a history: one day (archive or folder of VM files), or a folder of days, whose VMs are then called <c>day/vm</c> and lie on one grid of
/// 24 hours as independent series. Amounts are per cent of the VM's CPU.
/// </summary>
public static class PlanetLabHistory
{
    /// <summary>Reads one day or a folder of days.</summary>
    /// <exception cref="InvalidInputException">A day cannot be read.</exception>
    public static CleanedHistory Read(string path)
    {
        string[] days = Directory.Exists(path) ? [.. Directory.EnumerateFileSystemEntries(path).Where(IsDay).Order(StringComparer.Ordinal)] : [];
        List<DemandSeries> series = [];
        if (days.Length == 0) Add(series, PlanetLabTrace.Read(path), "");
        foreach (string day in days) Add(series, PlanetLabTrace.Read(day), $"{Path.GetFileName(day).Split('.')[0]}/");
        TimeGrid grid = new(StartOf(path), TimeSpan.FromSeconds(PlanetLabTrace.IntervalSeconds), PlanetLabTrace.Samples);
        string name = Path.GetFileName(path.TrimEnd('/', '\\'));
        return new CleanedHistory(new DemandHistory(name, grid, series), new CleaningReport(series.Sum(s => (long)s.Length), []));
    }

    private static void Add(List<DemandSeries> all, DemandTrace trace, string prefix)
    {
        foreach (TraceSeries one in trace.Series)
            all.Add(new DemandSeries(prefix + one.Name, Dimensions.CpuPercent, [.. one.Use.Select(u => (float)(u * 100))], 100));
    }

    private static bool IsDay(string entry) => Directory.Exists(entry)
        || entry.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || entry.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);

    private static DateTimeOffset StartOf(string path) =>
        DateTimeOffset.TryParseExact(
            Path.GetFileName(path.TrimEnd('/', '\\')).Split('.')[0],
            "yyyyMMdd",
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal,
            out DateTimeOffset day) ? day : DateTimeOffset.UnixEpoch;
}

/// <summary>Dimensions that histories measure.</summary>
internal static class Dimensions
{
    /// <summary>CPU use in per cent of what the VM has.</summary>
    public static readonly Dimension CpuPercent = new("cpu", "%");

    /// <summary>Memory in use.</summary>
    public static readonly Dimension MemoryMiB = new("memory", "MiB");
}
