namespace VirtOpt.Forecasting;

/// <summary>A lasting change of the level of a VM's demand.</summary>
/// <param name="Vm">Name of the VM.</param>
/// <param name="Dimension">What was measured, with its unit.</param>
/// <param name="Slot">The slot at which the new level begins, to about an hour.</param>
/// <param name="Before">Median of the day before it.</param>
/// <param name="After">Median of the day after it.</param>
public sealed record LevelShift(string Vm, Dimension Dimension, int Slot, double Before, double After);

/// <summary>
/// Finds level shifts: places where the medians of the day before and the day after differ by more than three times the usual change from day to day, and
/// by more than all slots within the days do. Bursts, outliers and a daily cycle are none.
/// </summary>
public static class LevelShifts
{
    private const double LeastChange = 3;
    private const double LeastOverlap = 0.25;

    /// <summary>The shifts of a history, series by series in order of time.</summary>
    /// <param name="history">The history.</param>
    public static IReadOnlyList<LevelShift> Find(DemandHistory history) => [.. history.Series.SelectMany(s => Find(s, history.Grid))];

    /// <summary>The shifts of one series, in order of time; none with less than two days of samples.</summary>
    /// <param name="series">The series.</param>
    /// <param name="grid">Its grid.</param>
    public static IReadOnlyList<LevelShift> Find(DemandSeries series, TimeGrid grid)
    {
        int day = grid.Day;
        int step = Math.Max(1, day / 24);
        List<LevelShift> found = [];
        if (series.Length - series.First < 2 * day) return found;
        double usual = UsualChange(series, day);
        (int Slot, double Size, LevelShift? Shift) best = default;
        for (int slot = series.First + day; slot + day <= series.Length; slot += step)
        {
            LevelShift? here = At(series, slot, day, usual);
            double size = here is null ? 0 : Math.Abs(here.After - here.Before);
            if (best.Shift is not null && (here is null || slot - best.Slot >= day))
            {
                found.Add(best.Shift);
                best = default;
            }

            if (size > best.Size) best = (slot, size, here);
        }

        if (best.Shift is not null) found.Add(best.Shift);
        return found;
    }

    private static LevelShift? At(DemandSeries series, int slot, int day, double usual)
    {
        // Means cost nothing, and where medians are far apart for a day so are they.
        if (!(Math.Abs(series.Mean(slot, slot + day) - series.Mean(slot - day, slot)) > usual)) return null;
        float[] before = Sorted(series, slot - day, slot);
        float[] after = Sorted(series, slot, slot + day);
        (double low, double high) = (Quantiles.OfSorted(before, 0.5), Quantiles.OfSorted(after, 0.5));
        if (!(Math.Abs(high - low) > LeastChange * usual)) return null;
        // Within a shift three quarters of one day are beyond three quarters of the other.
        bool isApart = high > low
            ? Quantiles.OfSorted(after, LeastOverlap) > Quantiles.OfSorted(before, 1 - LeastOverlap)
            : Quantiles.OfSorted(after, 1 - LeastOverlap) < Quantiles.OfSorted(before, LeastOverlap);
        return isApart ? new LevelShift(series.Vm, series.Dimension, slot, low, high) : null;
    }

    /// <summary>The median change from day to day; a thousandth of the mean where most slots never change.</summary>
    private static double UsualChange(DemandSeries series, int day)
    {
        ReadOnlySpan<float> values = series.Filled;
        float[] changes = new float[values.Length - series.First - day];
        for (int i = 0; i < changes.Length; i++) changes[i] = Math.Abs(values[series.First + i + day] - values[series.First + i]);
        changes.AsSpan().Sort();
        return Math.Max(Quantiles.OfSorted(changes, 0.5), 0.001 * series.Mean(series.First, series.Length));
    }

    private static float[] Sorted(DemandSeries series, int from, int to)
    {
        float[] part = series.Filled[from..to].ToArray();
        part.AsSpan().Sort();
        return part;
    }
}
