namespace VirtOpt.Forecasting;

/// <summary>
/// Gradient-boosted trees over all VMs, calibrated on the last days of the history and after that with every sample that comes in; for each VM and band of
/// leads the best
/// simple forecast instead, or the mean of both, where that did better lately. VMs without a sample get what the others use.
/// </summary>
/// <param name="model">Trees that were trained before; null to train on the history.</param>
/// <param name="settings">How trees are grown.</param>
public sealed class AutoForecaster(TreeModel? model = null, TreeSettings? settings = null) : IDemandForecaster
{
    private const int CalibrationDays = 4;

    /// <inheritdoc/>
    public string Name => "auto";

    /// <inheritdoc/>
    public IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default)
    {
        int days = Math.Min(CalibrationDays * history.Grid.Day, origin / 5);
        TreeModel trees = model ?? TreeModel.Train(history, Math.Max(1, origin - days), settings ?? new TreeSettings(), null, cancellation);
        return new CalibratedTrees(trees, history, origin - days, origin, cancellation);
    }
}

/// <summary>Trees with the calibration of a history.</summary>
internal sealed class CalibratedTrees : IFittedForecaster
{
    private const int CalibrationSteps = 128;
    private const int PooledSamples = 48;
    private readonly Dictionary<string, TreeForecast> byDimension;
    private readonly Dictionary<string, float[]> pooledMoves = [];
    private readonly Dictionary<string, float[]> pooledDemand = [];
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<DemandSeries, CalibrationWalk> walks = [];
    private readonly int origin;
    private readonly int stride;

    public CalibratedTrees(TreeModel model, DemandHistory history, int calibrateFrom, int origin, CancellationToken cancellation)
    {
        (this.origin, Training) = (origin, new SlotRange(0, origin));
        stride = Math.Max(1, (origin - calibrateFrom) / CalibrationSteps);
        byDimension = history.Dimensions.ToDictionary(d => d.Name, d => new TreeForecast(model.For(d.Name), history.Grid));
        foreach (IGrouping<string, DemandSeries> group in history.Series.Where(s => s.First < origin).GroupBy(s => s.Dimension.Name))
        {
            DemandSeries[] series = [.. group];
            pooledDemand[group.Key] = Pool(series, origin);
            Calibrate(group.Key, series, calibrateFrom, cancellation);
        }
    }

    /// <inheritdoc/>
    public SlotRange Training { get; }

    /// <inheritdoc/>
    public string MethodFor(DemandSeries series, int lead) => series.First >= origin ? "borrowed" : ShareFor(series, lead, origin) switch
    {
        1 => "trees",
        0 => "simple",
        _ => "trees and simple",
    };

    /// <inheritdoc/>
    public void Forecast(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> quantiles)
    {
        if (series.First >= origin)
        {
            Borrow(series, quantiles);
            return;
        }

        TreeForecast trees = byDimension[series.Dimension.Name];
        OriginState state = trees.At(series, origin);
        float[] row = new float[FeatureBuilder.Width];
        for (int i = 0; i < leads.Length; i++)
        {
            Span<float> one = quantiles.Slice(i * QuantileLevels.Count, QuantileLevels.Count);
            float reference = trees.Raw(series, origin, leads[i], state, row, one);
            Adjust(series, origin, leads[i], state, reference, one);
            QuantileLevels.Order(one, series.Capacity);
        }
    }

    private void Adjust(DemandSeries series, int origin, int lead, OriginState state, float reference, Span<float> quantiles)
    {
        int band = Bands.Of(lead, byDimension[series.Dimension.Name].Grid);
        Snapshot? known = WalkOf(series).At(origin, band);
        float[] moves = known?.Moves ?? pooledMoves[series.Dimension.Name][(band * QuantileLevels.Count)..((band + 1) * QuantileLevels.Count)];
        for (int q = 1; q < quantiles.Length; q++) quantiles[q] += moves[q] * state.Scale;
        float share = known?.TreeShare ?? 1;
        quantiles[0] = (share * quantiles[0]) + ((1 - share) * reference);
    }

    private float ShareFor(DemandSeries series, int lead, int at) =>
        WalkOf(series).At(at, Bands.Of(lead, byDimension[series.Dimension.Name].Grid))?.TreeShare ?? 1;

    private CalibrationWalk WalkOf(DemandSeries series) => walks.GetValue(series, s =>
        new CalibrationWalk(byDimension[s.Dimension.Name], s, Math.Max(s.First + 1, origin), stride, pooledMoves[s.Dimension.Name]));

    private void Calibrate(string dimension, DemandSeries[] series, int from, CancellationToken cancellation)
    {
        int count = Bands.Count * QuantileLevels.Count;
        CalibrationWalk[] first = [.. series.Select(s => new CalibrationWalk(byDimension[dimension], s, Math.Max(s.First + 1, from), stride,
            new float[count]))];
        List<float>[][] errors = new List<float>[series.Length][];
        Parallel.For(0, series.Length, new ParallelOptions { CancellationToken = cancellation }, s =>
            errors[s] = [.. Enumerable.Range(0, Bands.Count).SelectMany(band => first[s].Residuals(origin, band))]);
        float[] pooled = [.. Enumerable.Range(0, count).Select(c => Move([.. errors.SelectMany(e => e[c])], c))];
        pooledMoves[dimension] = pooled;
        for (int s = 0; s < series.Length; s++)
        {
            float[] own = [.. pooled.Select((move, c) => Shrunk(errors[s][c], move, c))];
            walks.Add(series[s], first[s].Restarted(own));
        }
    }

    private static float Shrunk(List<float> errors, float pooled, int c)
    {
        double level = QuantileLevels.All[c % QuantileLevels.Count];
        // A VM's own quantile counts by the number of errors beyond it that are to be expected.
        double beyond = errors.Count * (1 - level);
        float share = (float)(beyond / (beyond + 6));
        return errors.Count == 0 ? pooled : ((1 - share) * pooled) + (share * Move(errors, c));
    }

    private static float Move(List<float> errors, int c)
    {
        int q = c % QuantileLevels.Count;
        if (q == 0 || errors.Count == 0) return 0;
        float[] sorted = [.. errors];
        Array.Sort(sorted);
        return sorted[Quantiles.ConformalRank(sorted.Length, QuantileLevels.All[q])];
    }

    private static float[] Pool(DemandSeries[] series, int origin)
    {
        List<float> shares = [];
        foreach (DemandSeries one in series)
            for (int k = 0; k < PooledSamples; k++)
                shares.Add(one.Filled[one.First + (int)((long)k * (origin - one.First) / PooledSamples)] / (float)(one.Capacity ?? 1));
        shares.Sort();
        return [.. QuantileLevels.All.Select(level => Quantiles.OfSorted(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(shares), level))];
    }

    private void Borrow(DemandSeries series, Span<float> quantiles)
    {
        float[]? shares = pooledDemand.GetValueOrDefault(series.Dimension.Name);
        for (int i = 0; i < quantiles.Length; i++) quantiles[i] = (shares?[i % QuantileLevels.Count] ?? 0) * (float)(series.Capacity ?? 1);
    }
}
