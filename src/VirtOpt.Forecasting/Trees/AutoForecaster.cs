namespace VirtOpt.Forecasting;

/// <summary>
/// Gradient-boosted trees over all VMs, mixed for each VM and band of leads with its own quantiles and the best simple forecasts by how they did in the last
/// days, and calibrated with every sample that comes in. VMs without a sample get what the others use.
/// </summary>
/// <param name="model">Trees that were trained before; null to train on the history, or to take the shipped ones for less than three days of it.</param>
/// <param name="settings">How trees are grown.</param>
public sealed class AutoForecaster(TreeModel? model = null, TreeSettings? settings = null) : IPooledForecaster
{
    /// <summary>Name in the catalogue.</summary>
    public const string MethodName = "auto";

    private const int CalibrationDays = 4;
    private const int LeastDays = 3;

    /// <inheritdoc/>
    public string Name => MethodName;

    /// <inheritdoc/>
    public IDemandForecaster LearnFrom(DemandHistory other, CancellationToken cancellation = default) =>
        model is not null ? this
        : other.Grid.Slots < LeastDays * other.Grid.Day ? ShortHistoryForecaster.Learn(Name, other, settings ?? new TreeSettings(), cancellation)
        : new AutoForecaster(TreeModel.Train(other, other.Grid.Slots, settings ?? new TreeSettings(), null, cancellation));

    /// <summary>Trains now, so that it can be fitted several times to this origin.</summary>
    /// <param name="history">The history.</param>
    /// <param name="origin">Number of known slots.</param>
    /// <param name="cancellation">Ends the work.</param>
    public AutoForecaster TrainedOn(DemandHistory history, int origin, CancellationToken cancellation = default) =>
        new(TreesFor(history, origin, cancellation), settings);

    /// <inheritdoc/>
    public IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default) => new CalibratedTrees(
        TreesFor(history, origin, cancellation), history, origin - Math.Min(CalibrationDays * history.Grid.Day, origin), origin);

    private TreeModel TreesFor(DemandHistory history, int origin, CancellationToken cancellation)
    {
        if (model is not null) return model;
        if (origin < LeastDays * history.Grid.Day && ShippedModel.For(history) is { } shipped) return shipped;
        int days = Math.Min(CalibrationDays * history.Grid.Day, origin / 5);
        return TreeModel.Train(history, Math.Max(1, origin - days), settings ?? new TreeSettings(), null, cancellation);
    }
}

/// <summary>Trees with the calibration of a history.</summary>
internal sealed class CalibratedTrees : IFittedForecaster
{
    private const int StepsPerDay = 96;
    private const int StepsPerDayOfMany = 18;
    private const int Many = 2000;
    private const int PooledSamples = 48;
    private readonly Dictionary<string, TreeForecast> byDimension;
    private readonly Dictionary<string, float[]> pooledDemand;
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<DemandSeries, CalibrationWalk> walks = [];
    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string Vm, string Dimension), DemandSeries> latest = [];
    private readonly int calibrateFrom;
    private readonly int origin;
    private readonly int stride;

    public CalibratedTrees(TreeModel model, DemandHistory history, int calibrateFrom, int origin)
    {
        (this.calibrateFrom, this.origin, Training) = (calibrateFrom, origin, new SlotRange(0, origin));
        int perDay = history.Series.Count > Many ? StepsPerDayOfMany : StepsPerDay;
        stride = history.Grid.Slots > 2 * history.Grid.Day ? CalibrationWalk.StrideOf(history.Grid, perDay) : Math.Max(1, history.Grid.Day / perDay);
        byDimension = history.Dimensions.ToDictionary(d => d.Name, d => new TreeForecast(model.For(d.Name), history.Grid));
        pooledDemand = history.Series.Where(s => s.First < origin).GroupBy(s => s.Dimension.Name).ToDictionary(g => g.Key, g => Pool([.. g], origin));
    }

    /// <inheritdoc/>
    public SlotRange Training { get; }

    /// <inheritdoc/>
    public string MethodFor(DemandSeries series, int lead) => series.First >= origin ? "borrowed"
        : WalkOf(series).At(origin, Bands.Of(lead, byDimension[series.Dimension.Name].Grid)).Median.SimpleShare switch
        {
            < 0.25f => "trees",
            > 0.75f => "simple",
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
        int width = ((ICandidates)trees).Width;
        float[] candidates = new float[leads.Length * width];
        float scale = trees.Fill(series, origin, leads, candidates);
        Calibration?[] known = new Calibration?[Bands.Count];
        for (int i = 0; i < leads.Length; i++)
        {
            int band = Bands.Of(leads[i], trees.Grid);
            known[band] ??= WalkOf(series).At(origin, band);
            known[band]!.Apply(candidates.AsSpan(i * width, width), scale, series.Capacity,
                quantiles.Slice(i * QuantileLevels.Count, QuantileLevels.Count));
        }
    }

    private CalibrationWalk WalkOf(DemandSeries series) => walks.GetValue(series, Begin);

    /// <summary>Goes on where the walk of the same series with fewer samples stopped; else a new one.</summary>
    private CalibrationWalk Begin(DemandSeries series)
    {
        DemandSeries? earlier = latest.GetValueOrDefault((series.Vm, series.Dimension.Name));
        latest[(series.Vm, series.Dimension.Name)] = series;
        TreeForecast trees = byDimension[series.Dimension.Name];
        if (earlier is null || !series.Continues(earlier) || !walks.TryGetValue(earlier, out CalibrationWalk? walk))
            return new CalibrationWalk(trees, series, Math.Max(series.First + 1, calibrateFrom), stride, origin);
        trees.GoOnWith(series, earlier);
        walk.GoOnWith(series);
        return walk;
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
