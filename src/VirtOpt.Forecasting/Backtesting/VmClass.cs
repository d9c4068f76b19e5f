namespace VirtOpt.Forecasting;

/// <summary>What the demand of a VM looks like.</summary>
public enum VmClass
{
    /// <summary>More than half of its samples are 0, or it hardly changes.</summary>
    Idle,

    /// <summary>The hour of the day explains 30 % or more of its hourly means.</summary>
    Daily,

    /// <summary>Its P99 is above five times its median.</summary>
    Bursty,

    /// <summary>None of these.</summary>
    Steady,
}

/// <summary>Sorts series into classes.</summary>
internal static class VmClasses
{
    private const double DailyShare = 0.3;
    private const double BurstRatio = 5;

    /// <summary>The class of a series by its first slots.</summary>
    public static VmClass Of(DemandSeries series, TimeGrid grid, int trained, double scale, double floor)
    {
        if (series.First >= trained) return VmClass.Idle;
        float[] sorted = series.Filled[series.First..trained].ToArray();
        Array.Sort(sorted);
        if (scale < floor || sorted[sorted.Length / 2] <= 0) return VmClass.Idle;
        if (DailyProfile(series, grid, trained) >= DailyShare) return VmClass.Daily;
        return Quantiles.OfSorted(sorted, 0.99) > BurstRatio * Quantiles.OfSorted(sorted, 0.5) ? VmClass.Bursty : VmClass.Steady;
    }

    /// <summary>Share of the variance of hourly means that the hour of the day explains, 0 with less than three days.</summary>
    internal static double DailyProfile(DemandSeries series, TimeGrid grid, int trained)
    {
        int hour = Math.Max(1, grid.Day / 24);
        int hours = grid.Day / hour;
        int first = (series.First + grid.Day - 1) / grid.Day * grid.Day;
        int days = (trained - first) / grid.Day;
        if (days < 3) return 0;
        double[] means = [.. Enumerable.Range(0, days * hours).Select(i => (double)series.Mean(first + (i * hour), first + ((i + 1) * hour)))];
        double all = means.Average();
        double total = means.Sum(m => (m - all) * (m - all));
        double[] profile = [.. Enumerable.Range(0, hours).Select(h => means.Where((_, i) => i % hours == h).Average())];
        return total > 0 ? days * profile.Sum(p => (p - all) * (p - all)) / total : 0;
    }
}
