namespace VirtOpt.Forecasting;

/// <summary>
/// How the simple forecasts of one series did in the days before an origin: which was best for each band of leads, and the quantiles of its errors. This
/// is what the trees
/// start from: they learn corrections of the best simple forecast, not the demand itself.
/// </summary>
internal sealed class NaiveTrack
{
    /// <summary>Names of the simple forecasts, in the order of all arrays.</summary>
    public static readonly string[] Names =
        ["last", "average-15m", "average-1h", "average-3h", "average-1d", "average-7d", "median-1d", "median-7d", "day", "week", "holt-winters-slow",
            "holt-winters"];

    private const int OriginsPerDay = 48;
    private const int FewOrigins = 96;
    private const int Days = 4;
    /// <summary>Position of the mean of the last day, the first of those that look back further than some hours.</summary>
    public const int Average1d = 4;

    /// <summary>Position of the median of the last day.</summary>
    public const int Median1d = 6;

    private const int Median7d = 7;
    private const int Day = 8;
    private const int Week = 9;
    private static readonly int[] WithoutErrors = [0, 2, Median1d];

    private NaiveTrack(int bands) => (Best, Errors, Quantiles) = (new int[bands], new float[bands], new float[bands * QuantileLevels.Count]);

    /// <summary>By band of leads the best forecast.</summary>
    public int[] Best { get; }

    /// <summary>By band its mean absolute error; NaN if there is no history to tell.</summary>
    public float[] Errors { get; }

    /// <summary>By band the quantiles of its signed errors.</summary>
    public float[] Quantiles { get; }

    /// <summary>True for forecasts that an outlier of days ago still moves: averages of a day and a week, the same time on earlier days.</summary>
    public static bool RemembersOutliers(int method) => method is 4 or 5 or Day or Week;

    /// <summary>Looks at the slots before an origin.</summary>
    public static NaiveTrack Of(DemandSeries series, TimeGrid grid, int origin)
    {
        NaiveTrack track = new(Bands.Count);
        for (int band = 0; band < Bands.Count; band++) track.Look(series, grid, origin, band);
        return track;
    }

    /// <summary>All simple forecasts from an origin, given the medians of the last day and week.</summary>
    public static void Points(DemandSeries series, TimeGrid grid, int origin, int lead, float day, float week, Span<float> points)
    {
        int perDay = grid.Day;
        points[0] = series.Filled[origin - 1];
        points[1] = series.Mean(origin - Math.Max(2, perDay / 96), origin);
        points[2] = series.Mean(origin - Math.Max(2, perDay / 24), origin);
        points[3] = series.Mean(origin - Math.Max(2, perDay / 8), origin);
        points[4] = series.Mean(origin - perDay, origin);
        points[5] = series.Mean(origin - (7 * perDay), origin);
        (points[Median1d], points[Median7d]) = (day, week);
        points[Day] = series.Filled[SeasonalNaive.SlotBefore(series, origin, lead, perDay)];
        PointForecast[] smooth = HoltWinters.SlowAndQuick(series, grid);
        (points[Week + 1], points[Week + 2]) = (smooth[0](origin, lead), smooth[1](origin, lead));
        points[Week] = series.Filled[SeasonalNaive.SlotBefore(series, origin, lead, 7 * perDay)];
    }

    private void Look(DemandSeries series, TimeGrid grid, int origin, int band)
    {
        int lead = Bands.Typical(band, grid);
        int last = origin - lead;
        int first = Math.Max(series.First + 1, last - (Days * grid.Day));
        int stride = Math.Min(CalibrationWalk.StrideOf(grid, OriginsPerDay), Math.Max(1, (last - first) / FewOrigins));
        List<float[]> errors = [];
        if (last - first >= 8) Collect(series, grid, lead, first, last, stride, errors);
        if (errors.Count < 8)
        {
            (Best[band], Errors[band]) = (WithoutErrors[band], float.NaN);
            return;
        }

        double[] sums = new double[Names.Length];
        foreach (float[] error in errors)
            for (int m = 0; m < sums.Length; m++)
                sums[m] += Math.Abs(error[m]);
        int best = 0;
        for (int m = 1; m < sums.Length; m++)
            if ((float)sums[m] < (float)sums[best])
                best = m;
        float[] sorted = [.. errors.Select(e => e[best])];
        Array.Sort(sorted);
        (Best[band], Errors[band]) = (best, (float)(sums[best] / errors.Count));
        for (int q = 0; q < QuantileLevels.Count; q++)
            Quantiles[(band * QuantileLevels.Count) + q] = VirtOpt.Forecasting.Quantiles.OfSorted(sorted, QuantileLevels.All[q]);
    }

    private static void Collect(DemandSeries series, TimeGrid grid, int lead, int first, int last, int stride, List<float[]> errors)
    {
        RankedWindow day = new(series.Ranks, grid.Day);
        RankedWindow week = new(series.Ranks, 7 * grid.Day);
        for (int from = first; from <= last; from += stride)
        {
            day.MoveTo(from);
            week.MoveTo(from);
            float[] points = new float[Names.Length];
            Points(series, grid, from, lead, day.Quantile(0.5), week.Quantile(0.5), points);
            int target = from - 1 + lead;
            if (!series.IsObserved(target)) continue;
            for (int m = 0; m < points.Length; m++) points[m] = series.Values[target] - points[m];
            errors.Add(points);
        }
    }
}
