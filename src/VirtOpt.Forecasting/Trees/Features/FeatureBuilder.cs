using System.Runtime.CompilerServices;

namespace VirtOpt.Forecasting;

/// <summary>
/// Features of a target: what happened at the same time on earlier days, the last samples, averages, quantiles and extremes of three windows, and how the
/// simple forecasts
/// did. Levels enter as distances from the best simple forecast in units of the series' own day-to-day change, so that one model serves all VMs.
/// </summary>
/// <param name="grid">The grid of the series.</param>
/// <param name="floor">Least scale, in the unit of the dimension, above 0.</param>
internal sealed class FeatureBuilder(TimeGrid grid, float floor)
{
    private const float Most = 200;
    private const float OutlierFactor = 20;
    private static readonly int[] Lags = [1, 2, 3, 4, 6, 9, 12, 18, 24];
    private static readonly double[] Shares = [0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
    private readonly ConditionalWeakTable<DemandSeries, Dictionary<int, NaiveTrack>> tracks = [];
    private readonly ConditionalWeakTable<DemandSeries, SlidingWindows> windows = [];

    /// <summary>What the features are; a model fits only the features that it was trained on.</summary>
    public static string Schema { get; } = string.Join(
        ' ', ["features-1", string.Join(',', Lags), string.Join(',', Shares), string.Join(',', NaiveTrack.Names), $"{LeadLevels},{TraitCount},{LeadTraits}"]);

    /// <summary>Number of features.</summary>
    public static int Width => Lags.Length + 4 + (Shares.Length * 3) + NaiveTrack.Names.Length + LeadLevels + TraitCount + LeadTraits;

    private const int LeadLevels = 10;
    private const int TraitCount = 13;
    private const int LeadTraits = 9;

    /// <summary>Looks at a series from an origin.</summary>
    /// <param name="series">The series; it has a sample before the origin.</param>
    /// <param name="origin">Number of known slots.</param>
    public OriginState At(DemandSeries series, int origin)
    {
        int day = grid.Day;
        (float[] quarter, float[] last, float[] week) = windows.GetValue(series, s => new SlidingWindows(s, day)).At(origin);
        // A lone outlier, far beyond all but one in a hundred samples of the week, must not set the unit or the extremes.
        float middle = Quantiles.OfSorted(week, 0.5);
        float limit = middle + (OutlierFactor * (Quantiles.OfSorted(week, 0.99) - middle + floor));
        foreach (float[] window in (float[][])[quarter, last, week]) Limit(window, limit);
        WeekSpread spread = WeekSpread.Of(series, day, origin, limit, week);
        float scale = ScaleOf(spread, quarter);
        NaiveTrack track = TrackOf(series, origin);
        return new OriginState
        {
            Sorted = [quarter, last, week],
            Limit = limit,
            Scale = scale,
            Track = track,
            Levels = LevelsOf(series, origin, [quarter, last, week]),
            Traits = TraitsOf(series, origin, scale, week, spread),
        };
    }

    /// <summary>Fills one row of features.</summary>
    /// <returns>The reference that the target is a distance from.</returns>
    public float Fill(DemandSeries series, int origin, int lead, OriginState state, Span<float> row) =>
        Fill(series, origin, lead, state, row, stackalloc float[NaiveTrack.Names.Length]);

    /// <summary>Fills one row of features, and the simple forecasts that they were made from.</summary>
    /// <returns>The reference that the target is a distance from.</returns>
    public float Fill(DemandSeries series, int origin, int lead, OriginState state, Span<float> row, Span<float> points)
    {
        int band = Bands.Of(lead, grid);
        NaiveTrack.Points(
            series, grid, origin, lead, Quantiles.OfSorted(state.Sorted[1], 0.5), Quantiles.OfSorted(state.Sorted[2], 0.5), points);
        int best = state.Track.Best[band];
        float reference = NaiveTrack.RemembersOutliers(best) && points[best] > state.Limit ? points[NaiveTrack.Median1d] : points[best];
        int at = 0;
        foreach (float level in state.Levels) row[at++] = Scaled(level, reference, state.Scale);
        foreach (float point in points) row[at++] = Scaled(point, reference, state.Scale);
        FillSameTime(series, origin, lead, reference, state.Scale, row.Slice(at, LeadLevels));
        at += LeadLevels;
        state.Traits.CopyTo(row[at..]);
        at += TraitCount;
        FillLead(origin, lead, band, reference, state, row.Slice(at, LeadTraits));
        return reference;
    }

    /// <summary>Keeps for a series with later samples how the simple forecasts did before.</summary>
    public void GoOnWith(DemandSeries longer, DemandSeries series)
    {
        if (tracks.TryGetValue(series, out Dictionary<int, NaiveTrack>? known)) tracks.TryAdd(longer, known);
    }

    /// <summary>Mean change from day to day of a whole series before an origin, at least the floor.</summary>
    public float UsualChange(DemandSeries series, int origin)
    {
        double change = 0;
        int count = 0;
        for (int i = series.First + grid.Day; i < origin; i++, count++) change += Math.Abs(series.Filled[i] - series.Filled[i - grid.Day]);
        return count > 0 ? Math.Max(floor, (float)(change / count)) : Math.Max(floor, Deviation(series, origin, origin));
    }

    private static float Scaled(float level, float reference, float scale) => Math.Clamp((level - reference) / scale, -Most, Most);

    private NaiveTrack TrackOf(DemandSeries series, int origin)
    {
        // Within the first two days every origin tells something new; later once a day is enough.
        int age = origin - series.First;
        int step = age <= 2 * grid.Day ? Math.Max(1, grid.Day / 24) : grid.Day;
        int key = origin - (origin % step);
        if (key <= series.First) key = origin;
        Dictionary<int, NaiveTrack> known = tracks.GetOrCreateValue(series);
        lock (known)
        {
            if (!known.TryGetValue(key, out NaiveTrack? track)) known[key] = track = NaiveTrack.Of(series, grid, key);
            return track;
        }
    }

    private float ScaleOf(WeekSpread spread, float[] quarter)
    {
        double deviation = spread.MeanDeviation;
        // Two independent draws differ by about 1.4 times as much as one from its median: with less than a day of changes the deviation stands in.
        double trust = Math.Min(1, (double)spread.Changes / grid.Day);
        double mixed = (trust * (spread.Changes > 0 ? spread.Change / spread.Changes : 0)) + ((1 - trust) * 1.4 * deviation);
        // A series that wakes up changes more within hours than its days did: the unit follows at once.
        double now = 0.5 * MeanDeviation(quarter);
        return Math.Max(floor, (float)Math.Max(now, Math.Max(mixed, 0.3 * deviation)));
    }

    private static void Limit(float[] sorted, float most)
    {
        for (int i = sorted.Length - 1; i >= 0 && sorted[i] > most; i--) sorted[i] = most;
    }

    private static double MeanDeviation(float[] sorted)
    {
        float median = Quantiles.OfSorted(sorted, 0.5);
        double deviation = 0;
        foreach (float value in sorted) deviation += Math.Abs(value - median);
        return deviation / sorted.Length;
    }

    private float[] LevelsOf(DemandSeries series, int origin, float[][] sorted)
    {
        float[] levels = new float[Lags.Length + 4 + (Shares.Length * sorted.Length)];
        int at = 0;
        foreach (int lag in Lags) levels[at++] = series.Filled[Math.Max(series.First, origin - lag)];
        foreach (int part in (int[])[48, 4, 2, 1]) levels[at++] = series.Mean(origin - Math.Max(2, part == 1 ? 2 * grid.Day : grid.Day / part), origin);
        foreach (float[] window in sorted)
            foreach (double share in Shares)
                levels[at++] = Quantiles.OfSorted(window, share);
        return levels;
    }

    private float[] TraitsOf(DemandSeries series, int origin, float scale, float[] week, WeekSpread spread)
    {
        int day = grid.Day;
        float mean = series.Mean(origin - (7 * day), origin);
        float high = Quantiles.OfSorted(week, 0.95);
        ReadOnlySpan<float> values = series.Filled;
        int since = 0;
        while (since < day && origin - 1 - since >= series.First && values[origin - 1 - since] < high) since++;
        float zeros = (float)Zeros(week) / week.Length;
        return
        [
            Deviation(series, origin, Math.Max(3, day / 24)) / scale, Deviation(series, origin, Math.Max(3, day / 8)) / scale,
            Deviation(series, origin, day) / scale, (float)spread.StandardDeviation / scale,
            Steps(series, origin, Math.Max(3, day / 24)) / scale, Steps(series, origin, day) / scale,
            MathF.Log(scale), MathF.Log(mean + floor), (mean + floor) / scale > 100 ? 100 : (mean + floor) / scale,
            zeros, MathF.Log(1 + since), MathF.Log(origin - series.First), Scaled(series.Mean(origin - Math.Max(2, day / 24), origin),
                series.Mean(origin - day, origin), scale),
        ];
    }

    private int Zeros(ReadOnlySpan<float> sorted)
    {
        int count = 0;
        while (count < sorted.Length && sorted[count] <= floor * 0.1f) count++;
        return count;
    }

    private static float Deviation(DemandSeries series, int origin, int slots)
    {
        ReadOnlySpan<float> window = series.Filled[Math.Max(series.First, origin - slots)..origin];
        float mean = series.Mean(origin - slots, origin);
        double sum = 0;
        foreach (float value in window) sum += (value - mean) * (value - mean);
        return (float)Math.Sqrt(sum / window.Length);
    }

    private static float Steps(DemandSeries series, int origin, int slots)
    {
        int from = Math.Max(series.First + 1, origin - slots);
        double sum = 0;
        ReadOnlySpan<float> values = series.Filled;
        for (int i = from; i < origin; i++) sum += Math.Abs(values[i] - values[i - 1]);
        return origin > from ? (float)(sum / (origin - from)) : 0;
    }

    private void FillSameTime(DemandSeries series, int origin, int lead, float reference, float scale, Span<float> row)
    {
        int day = grid.Day;
        int reach = Math.Max(1, day / 48);
        int target = origin - 1 + lead;
        int ago = (lead + day - 1) / day;
        Span<float> known = [reference, reference, reference, reference, reference, reference, reference, reference, reference, reference];
        double sum = 0;
        int days = 0;
        float most = float.MinValue;
        for (int k = 0; k < 7; k++)
        {
            int slot = target - ((ago + k) * day);
            if (slot < series.First) break;
            float value = series.Filled[slot];
            (int from, int to) = (Math.Max(series.First, slot - reach), Math.Min(origin, slot + reach + 1));
            float smooth = series.Mean(from, to);
            if (k < 3) (known[k], known[3 + k]) = (value, smooth);
            if (k == 7 - ago) (known[6], known[7]) = (value, smooth);
            sum += smooth;
            most = Math.Max(most, value);
            days++;
        }

        if (days > 0) (known[8], known[9]) = ((float)(sum / days), most);
        for (int i = 0; i < known.Length; i++) row[i] = Scaled(known[i], reference, scale);
    }

    private void FillLead(int origin, int lead, int band, float reference, OriginState state, Span<float> row)
    {
        int at = 0;
        row[at++] = MathF.Log(lead);
        row[at++] = state.Track.Best[band];
        float error = state.Track.Errors[band];
        row[at++] = float.IsNaN(error) ? -1 : Math.Min(Most, error / state.Scale);
        for (int q = 0; q < QuantileLevels.Count; q++) row[at++] = Math.Clamp(state.Track.Quantiles[(band * QuantileLevels.Count) + q] / state.Scale, -Most,
            Most);
        row[at++] = Math.Min(100, reference / state.Scale);
        row[at] = (origin - 1 + lead) % Math.Max(1, grid.Day / 24);
    }
}
