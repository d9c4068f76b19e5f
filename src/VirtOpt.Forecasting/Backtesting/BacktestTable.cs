namespace VirtOpt.Forecasting;

/// <summary>Sums up scores by dimension, lead, forecaster and class.</summary>
public static class BacktestTable
{
    /// <summary>Name of the forecaster that others must not be worse than.</summary>
    public const string Yardstick = BestSimple.MethodName;

    private const double Tolerance = 1.02;
    private const int High = 2;

    /// <summary>Makes the rows: for each dimension, lead and forecaster one over all series and one for each class.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="settings">What was done.</param>
    public static IReadOnlyList<BacktestRow> Rows(IReadOnlyList<SeriesScore> scores, BacktestSettings settings)
    {
        Dictionary<(DemandSeries, int), double> yardstick = scores.Where(s => s.Forecaster == Yardstick).ToDictionary(s => (s.Series, s.Lead), s => s.Mase);
        List<BacktestRow> rows = [];
        foreach (IGrouping<(Dimension, int, string), SeriesScore> group in scores.GroupBy(s => (s.Series.Dimension, s.Lead, s.Forecaster)))
        {
            SeriesScore[] all = [.. group];
            rows.Add(Row(all, null, yardstick, settings.Overload));
            rows.AddRange(all.GroupBy(s => s.VmClass).OrderBy(g => g.Key).Select(g => Row([.. g], g.Key, yardstick, settings.Overload)));
        }

        return rows;
    }

    private static BacktestRow Row(SeriesScore[] scores, VmClass? vmClass, Dictionary<(DemandSeries, int), double> yardstick, double overload)
    {
        SeriesScore[] scored = [.. scores.Where(s => s.Scale >= BacktestSettings.ScaleFloor(s.Series.Dimension))];
        double[] mase = [.. scored.Select(s => s.Mase).Order()];
        double[] coverage = [.. scores.Select(s => (double)s.Covered[High] / s.Targets).Order()];
        double demand = scores.Sum(s => s.Demand);
        long targets = scores.Sum(s => (long)s.Targets);
        SeriesScore[] compared = [.. scored.Where(s => yardstick.ContainsKey((s.Series, s.Lead)))];
        return new BacktestRow
        {
            Dimension = scores[0].Series.Dimension,
            Lead = scores[0].Lead,
            Forecaster = scores[0].Forecaster,
            VmClass = vmClass,
            Series = scores.Length,
            Scored = scored.Length,
            Mase = Mean(mase),
            MedianMase = mase.Length == 0 ? double.NaN : Quantiles.OfSorted(mase, 0.5),
            GeometricMase = Math.Exp(Mean(mase.Select(m => Math.Log(Math.Max(m, 1e-6))))),
            Wape = scores.Sum(s => s.AbsoluteError) / demand,
            Bias = (scores.Sum(s => s.Forecast) / demand) - 1,
            Pinball = [.. Enumerable.Range(0, QuantileLevels.Count).Select(q => Mean(scored.Select(s => s.Pinball[q] / s.Targets / s.Scale)))],
            Coverage = [.. Enumerable.Range(0, QuantileLevels.Count).Select(q => (double)scores.Sum(s => (long)s.Covered[q]) / targets)],
            SeriesCoverage = [.. ((double[])[0.05, 0.5, 0.95]).Select(level => Quantiles.OfSorted(coverage, level))],
            CoveredSeries = (double)coverage.Count(c => c is >= 0.90 and <= 0.98) / coverage.Length,
            NearlyCoveredSeries = (double)coverage.Count(c => c is >= 0.90 and <= 0.99) / coverage.Length,
            OverProvisioning = OverProvisioning(scores, overload, demand),
            Worse = compared.Length == 0 ? null : (double)compared.Count(s => s.Mase > Tolerance * yardstick[(s.Series, s.Lead)]) / compared.Length,
        };
    }

    /// <summary>The unused part of the plan P50 + f (P95 - P50), by demand, with the least f at which no more than a share of the targets exceeds it.</summary>
    internal static double OverProvisioning(IReadOnlyList<SeriesScore> scores, double overload, double demand)
    {
        List<float> needed = [];
        foreach (SeriesScore score in scores)
            for (int i = 0; i < score.Targets; i++)
                needed.Add((score.Actuals[i] - score.Medians[i]) / Math.Max(1e-6f, score.Highs[i] - score.Medians[i]));
        needed.Sort();
        double factor = Math.Max(0, Quantiles.OfSorted(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(needed), 1 - overload));
        double unused = 0;
        foreach (SeriesScore score in scores)
            for (int i = 0; i < score.Targets; i++)
                unused += Math.Max(0, score.Medians[i] + (factor * Math.Max(1e-6f, score.Highs[i] - score.Medians[i])) - score.Actuals[i]);
        return unused / demand;
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();
}
