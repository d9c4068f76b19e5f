namespace VirtOpt.Forecasting;

/// <summary>
/// The last quarter of a day, day and week of one series before an origin, each in order. Origins that lie close to each other are reached by sliding.
/// Thread-safe.
/// </summary>
internal sealed class SlidingWindows(DemandSeries series, int day)
{
    private readonly Lock gate = new();
    private readonly RankedWindow quarter = new(series.Ranks, Math.Max(3, day / 4));
    private readonly RankedWindow last = new(series.Ranks, day);
    private readonly RankedWindow week = new(series.Ranks, 7 * day);

    /// <summary>Copies of the windows before an origin.</summary>
    public (float[] Quarter, float[] Day, float[] Week) At(int origin)
    {
        lock (gate)
        {
            foreach (RankedWindow window in (ReadOnlySpan<RankedWindow>)[quarter, last, week]) window.MoveTo(origin);
            return (quarter.ToSorted(), last.ToSorted(), week.ToSorted());
        }
    }
}
