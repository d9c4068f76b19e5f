using System.Runtime.CompilerServices;

namespace VirtOpt.Forecasting;

/// <summary>
/// Forecasts series that are noise about a level by trees that correct their own quantiles, learnt from other series. With days of history they are mixed with
/// these quantiles and calibrated for each series with every sample that comes in; with hours there is too little to tell what serves a series.
/// </summary>
/// <param name="name">Name in results.</param>
/// <param name="trees">Trees by dimension.</param>
/// <param name="grid">The grid of the series.</param>
/// <param name="origin">First origin that is asked for.</param>
/// <param name="isCalibrated">True to calibrate.</param>
internal sealed class OwnQuantileForecaster(
    string name, IReadOnlyDictionary<string, OwnQuantileTrees> trees, TimeGrid grid, int origin, bool isCalibrated) : IFittedForecaster
{
    /// <summary>Days of history with which calibration is worth it.</summary>
    public const int LeastDaysToCalibrate = 3;

    private const int CalibrationDays = 4;
    private const int StepsPerDay = 96;
    private readonly Dictionary<string, OwnCandidates> candidates = trees.ToDictionary(t => t.Key, t => new OwnCandidates(t.Value, grid));
    private readonly ConditionalWeakTable<DemandSeries, CalibrationWalk?[]> walks = [];

    /// <inheritdoc/>
    public SlotRange Training => new(0, origin);

    /// <inheritdoc/>
    public string MethodFor(DemandSeries series, int lead) => name;

    /// <inheritdoc/>
    public void Forecast(DemandSeries series, int at, ReadOnlySpan<int> leads, Span<float> quantiles)
    {
        quantiles.Clear();
        if (series.First >= at) return;
        OwnCandidates source = candidates[series.Dimension.Name];
        if (!isCalibrated)
        {
            source.Raw(series, at, leads, quantiles);
            return;
        }

        float[] made = new float[leads.Length * Experts.Width];
        float scale = source.Fill(series, at, leads, made);
        for (int i = 0; i < leads.Length; i++)
        {
            int band = Bands.Of(leads[i], grid);
            WalkOf(series, source, band).At(at, band).Apply(made.AsSpan(i * Experts.Width, Experts.Width), scale, series.Capacity,
                quantiles.Slice(i * QuantileLevels.Count, QuantileLevels.Count));
        }
    }

    private CalibrationWalk WalkOf(DemandSeries series, OwnCandidates source, int band)
    {
        CalibrationWalk?[] known = walks.GetValue(series, _ => new CalibrationWalk?[Bands.Count]);
        lock (known)
        {
            int first = Math.Max(series.First + OwnQuantileTrees.LeastSamples(grid), origin - (CalibrationDays * grid.Day));
            return known[band] ??= new CalibrationWalk(source, series, first, Math.Max(1, grid.Day / StepsPerDay), origin, band);
        }
    }
}

/// <summary>What may stand for the quantiles of a series: the trees, its own quantiles, and mixes and stretched forms of them.</summary>
internal sealed class OwnCandidates(OwnQuantileTrees trees, TimeGrid grid) : ICandidates
{
    /// <inheritdoc/>
    public TimeGrid Grid => grid;

    /// <inheritdoc/>
    public float Fill(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> candidates)
    {
        OwnState state = trees.Features.At(series, origin);
        float[] row = new float[OwnFeatures.Width];
        Span<float> raw = stackalloc float[QuantileLevels.Count];
        for (int i = 0; i < leads.Length; i++)
        {
            trees.Forecast(series, origin, leads[i], state, row, raw);
            Mix(raw, state.Starts, candidates.Slice(i * Experts.Width, Experts.Width));
        }

        return state.Scale;
    }

    /// <summary>Forecasts as the trees do.</summary>
    public void Raw(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> quantiles)
    {
        OwnState state = trees.Features.At(series, origin);
        float[] row = new float[OwnFeatures.Width];
        for (int i = 0; i < leads.Length; i++)
            trees.Forecast(series, origin, leads[i], state, row, quantiles.Slice(i * QuantileLevels.Count, QuantileLevels.Count));
    }

    private static void Mix(ReadOnlySpan<float> raw, float[] own, Span<float> candidates)
    {
        for (int q = 0; q < raw.Length; q++)
        {
            float spread = raw[q] - raw[0];
            float half = (raw[q] + own[q]) / 2;
            ReadOnlySpan<float> one = q == 0
                ? [raw[0], half, half, own[0], raw[0], (0.7f * raw[0]) + (0.3f * own[0]), raw[0]]
                : [raw[q], half, half, own[q], raw[q] + (0.2f * spread), raw[q] - (0.15f * spread), raw[q]];
            one.CopyTo(candidates[(q * Experts.Count)..]);
        }
    }
}
