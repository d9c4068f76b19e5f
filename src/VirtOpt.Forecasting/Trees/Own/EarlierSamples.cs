namespace VirtOpt.Forecasting;

/// <summary>
/// What a VM used on other days, by its name: histories of several days name their VMs <c>day/vm</c>, and what comes after the last slash is taken for the VM.
/// Kept as a few points of its distribution. Thread-safe.
/// </summary>
/// <param name="other">History of other days; null if there is none.</param>
internal sealed class EarlierSamples(DemandHistory? other)
{
    /// <summary>Points of a distribution.</summary>
    public const int Points = 24;

    private readonly Dictionary<(string, string), DemandSeries[]> byVm = other is null ? [] : other.Series.Where(s => s.First < s.Length)
        .GroupBy(s => (BareName(s.Vm), s.Dimension.Name)).ToDictionary(g => g.Key, g => g.ToArray());

    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<DemandSeries, float[]> known = [];

    /// <summary>Points of what the VM of a series used in its other series, in order; empty if there are none.</summary>
    public float[] Of(DemandSeries series) => known.GetValue(series, Make);

    /// <summary>The day of a VM named <c>day/vm</c>, or nothing.</summary>
    public static string DayOf(string vm) => vm[..(vm.LastIndexOf('/') + 1)];

    private static string BareName(string vm) => vm[(vm.LastIndexOf('/') + 1)..];

    private float[] Make(DemandSeries series)
    {
        if (!byVm.TryGetValue((BareName(series.Vm), series.Dimension.Name), out DemandSeries[]? same)) return [];
        float[] all = [.. same.Where(s => s.Vm != series.Vm).SelectMany(s => s.Filled[s.First..].ToArray())];
        if (all.Length == 0) return [];
        Array.Sort(all);
        return [.. Enumerable.Range(0, Points).Select(i => Quantiles.OfSorted(all, i < Points - 1 ? (i + 0.5) / Points : 0.99))];
    }
}
