namespace VirtOpt.Forecasting;

/// <summary>What is known of a series at an origin for trees that start from its own quantiles.</summary>
/// <param name="Starts">By quantile what the series' own samples suggest, in its unit.</param>
/// <param name="Scale">Its spread, in its unit, above 0: the unit of the trees' answers.</param>
/// <param name="Middle">Its median.</param>
/// <param name="Common">Features that no lead changes.</param>
internal sealed record OwnState(float[] Starts, float Scale, float Middle, float[] Common);

/// <summary>
/// Features for trees that correct a series' own quantiles: its quantiles and averages of an hour to a week, what the VM used on other days, and the same time
/// on earlier days. For series that are noise about a level, as VMs with hours of history and sums of many VMs are. Thread-safe.
/// </summary>
/// <param name="grid">The grid of the series.</param>
/// <param name="variation">Usual ratio of spread to mean, above 0: what a series is taken for as long as it has few samples.</param>
/// <param name="floor">Least spread, in the dimension's unit, above 0.</param>
/// <param name="earlier">What VMs used on other days.</param>
internal sealed class OwnFeatures(TimeGrid grid, float variation, float floor, EarlierSamples earlier)
{
    private const float Most = 100;
    private const float Missing = -100;
    private const int SpreadSamples = 12;
    private const float WeightOfOld = 0.5f;
    private const float WeightOfEarlier = 0.5f;
    private static readonly double[] Shares = [0.1, 0.25, 0.75, 0.9, 0.95, 0.98, 0.99, 1];
    private static readonly double[] RecentShares = [0.5, 0.9, 0.95, 1];
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<DemandSeries, SlidingWindows> windows = [];

    /// <summary>Number of features.</summary>
    public const int Width = 60;

    /// <summary>Looks at a series from an origin after its first sample.</summary>
    public OwnState At(DemandSeries series, int origin)
    {
        (float[] quarter, float[] day, float[] week) = windows.GetValue(series, s => new SlidingWindows(s, grid.Day)).At(origin);
        float[] other = earlier.Of(series);
        (float mean, float deviation) = Moments(series, origin, week.Length);
        float prior = (variation * mean) + floor;
        float scale = MathF.Sqrt(((week.Length * deviation * deviation) + (SpreadSamples * prior * prior)) / (week.Length + SpreadSamples));
        float middle = Quantiles.OfSorted(week, 0.5);
        float[] starts = [.. QuantileLevels.All.Select(level => WeightedQuantile(quarter, week, other, level))];
        List<float> row = [MathF.Log(week.Length), MathF.Log(scale), MathF.Log(middle + floor), middle / scale, ((float)(series.Capacity ?? 0) - middle) / scale];
        void Level(float value) => row.Add((value - middle) / scale);
        foreach (double share in Shares) Level(Quantiles.OfSorted(week, share));
        Level(week[Math.Max(0, week.Length - 2)]);
        Level(week[Math.Max(0, week.Length - 3)]);
        Level(mean);
        row.Add((float)Zeros(week) / week.Length);
        for (int q = 1; q < starts.Length; q++) Level(starts[q]);
        AddWindow(row, series, origin, Sorted(series, origin, grid.Day / 24), middle, scale);
        AddWindow(row, series, origin, Sorted(series, origin, grid.Day / 8), middle, scale);
        AddWindow(row, series, origin, quarter, middle, scale);
        AddWindow(row, series, origin, day, middle, scale);
        for (int lag = 1; lag <= 3; lag++) Level(series.Filled[Math.Max(series.First, origin - lag)]);
        row.Add(Steps(series, origin, grid.Day / 4) / scale);
        AddOther(row, other, mean, middle, scale);
        return new OwnState(starts, scale, middle, [.. row.Select(v => Math.Clamp(v, -Most, Most))]);
    }

    /// <summary>Writes the features of one lead.</summary>
    public void Fill(DemandSeries series, int origin, int lead, OwnState state, Span<float> row)
    {
        state.Common.CopyTo(row);
        int at = state.Common.Length;
        int day = grid.Day;
        int ago = (lead + day - 1) / day;
        float sum = 0;
        int days = 0;
        Span<float> same = [Missing, Missing, Missing, Missing];
        for (int k = 0; k < 7; k++)
        {
            int slot = origin - 1 + lead - ((ago + k) * day);
            if (slot < series.First) break;
            float smooth = (series.Mean(slot - (day / 48), Math.Min(origin, slot + (day / 48) + 1)) - state.Middle) / state.Scale;
            if (k < 2) same[k] = smooth;
            if (k == 7 - ago) same[2] = smooth;
            sum += smooth;
            days++;
        }

        if (days > 0) same[3] = sum / days;
        foreach (float value in same) row[at++] = Math.Clamp(value, -Most, Most);
        row[at] = MathF.Log(lead);
    }

    /// <summary>The quantile of the last week, in which the last quarter of a day counts twice and points of other days count half.</summary>
    private static float WeightedQuantile(float[] quarter, float[] week, float[] other, double level)
    {
        double above = (1 - level) * ((WeightOfOld * (week.Length + quarter.Length)) + (WeightOfEarlier * other.Length));
        (int q, int w, int o) = (quarter.Length - 1, week.Length - 1, other.Length - 1);
        float value = float.NaN;
        for (double sum = 0; sum <= above && (q >= 0 || w >= 0 || o >= 0);)
        {
            float next = Math.Max(q >= 0 ? quarter[q] : float.MinValue, Math.Max(w >= 0 ? week[w] : float.MinValue, o >= 0 ? other[o] : float.MinValue));
            value = next;
            if (q >= 0 && quarter[q] == next) (q, sum) = (q - 1, sum + WeightOfOld);
            else if (w >= 0 && week[w] == next) (w, sum) = (w - 1, sum + WeightOfOld);
            else (o, sum) = (o - 1, sum + WeightOfEarlier);
        }

        return value;
    }

    private static void AddWindow(List<float> row, DemandSeries series, int origin, float[] sorted, float middle, float scale)
    {
        (float mean, float deviation) = Moments(series, origin, sorted.Length);
        row.Add((mean - middle) / scale);
        row.Add(deviation / scale);
        foreach (double share in RecentShares) row.Add((Quantiles.OfSorted(sorted, share) - middle) / scale);
    }

    private static void AddOther(List<float> row, float[] other, float mean, float middle, float scale)
    {
        foreach (double share in (double[])[0.5, 0.75, 0.9, 0.95, 1])
            row.Add(other.Length == 0 ? Missing : (Quantiles.OfSorted(other, share) - middle) / scale);
        row.Add(other.Length == 0 ? Missing : (other.Average() - mean) / scale);
        row.Add(other.Length == 0 ? Missing : MathF.Log((other[^1] - other[0]) / scale + 0.1f));
    }

    private static float[] Sorted(DemandSeries series, int origin, int slots)
    {
        float[] sorted = series.Filled[Math.Max(series.First, origin - Math.Max(2, slots))..origin].ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    private static (float Mean, float Deviation) Moments(DemandSeries series, int origin, int slots)
    {
        float mean = series.Mean(origin - slots, origin);
        double sum = 0;
        foreach (float value in series.Filled[Math.Max(series.First, origin - slots)..origin]) sum += (value - mean) * (value - mean);
        return (mean, (float)Math.Sqrt(sum / slots));
    }

    private int Zeros(float[] sorted)
    {
        int count = 0;
        while (count < sorted.Length && sorted[count] <= floor * 0.1f) count++;
        return count;
    }

    private static float Steps(DemandSeries series, int origin, int slots)
    {
        int from = Math.Max(series.First + 1, origin - slots);
        double sum = 0;
        for (int i = from; i < origin; i++) sum += Math.Abs(series.Filled[i] - series.Filled[i - 1]);
        return origin > from ? (float)(sum / (origin - from)) : 0;
    }
}
