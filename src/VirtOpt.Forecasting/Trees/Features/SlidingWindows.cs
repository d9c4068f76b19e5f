namespace VirtOpt.Forecasting;

/// <summary>
/// The last quarter of a day, day and week of one series before an origin, each in order. Origins that lie close to each other are reached by sliding, which
/// is much cheaper than sorting anew. Thread-safe.
/// </summary>
internal sealed class SlidingWindows(DemandSeries series, int day)
{
    private const int Near = 100;
    private readonly Lock gate = new();
    private readonly int[] lengths = [Math.Max(3, day / 4), day, 7 * day];
    private readonly SortedWindow[] sorted = [new(Math.Max(3, day / 4)), new(day), new(7 * day)];
    private int known = -1;

    /// <summary>Copies of the windows before an origin.</summary>
    public (float[] Quarter, float[] Day, float[] Week) At(int origin)
    {
        lock (gate)
        {
            if (known < 0 || Math.Abs(origin - known) > Near) Fill(origin);
            for (; known < origin; known++) Move(known, true);
            for (; known > origin; known--) Move(known - 1, false);
            return (sorted[0].Values.ToArray(), sorted[1].Values.ToArray(), sorted[2].Values.ToArray());
        }
    }

    private void Fill(int origin)
    {
        for (int w = 0; w < sorted.Length; w++) sorted[w].Fill(series.Filled[Math.Max(series.First, origin - lengths[w])..origin]);
        known = origin;
    }

    /// <summary>Takes the slot in or out at the near end, and the one a window's length before it out or in at the far end.</summary>
    private void Move(int near, bool isForward)
    {
        for (int w = 0; w < sorted.Length; w++)
        {
            int far = near - lengths[w];
            if (isForward)
            {
                if (far >= series.First) sorted[w].Remove(series.Filled[far]);
                sorted[w].Add(series.Filled[near]);
            }
            else
            {
                sorted[w].Remove(series.Filled[near]);
                if (far >= series.First) sorted[w].Add(series.Filled[far]);
            }
        }
    }
}
