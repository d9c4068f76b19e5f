namespace VirtOpt.Forecasting;

/// <summary>
/// Forecasts series that are noise about a level by trees that correct their own quantiles, learnt from other series. Nothing is calibrated for each series: with
/// hours of history, or few peaks of a sum in a week, calibration costs more pinball loss than it earns.
/// </summary>
/// <param name="name">Name in results.</param>
/// <param name="trees">Trees by dimension.</param>
/// <param name="grid">The grid of the series.</param>
/// <param name="origin">First origin that is asked for.</param>
/// <param name="isOwnPast">
/// True if the trees learnt from earlier slots of the same VMs, whose future differs more from these than they do among themselves: quantiles are then moved away
/// from the median, and beyond some hours mixed with the series' own.
/// </param>
internal sealed class OwnQuantileForecaster(
    string name, IReadOnlyDictionary<string, OwnQuantileTrees> trees, TimeGrid grid, int origin, bool isOwnPast) : IFittedForecaster
{
    // Chosen on days 15 to 21 of Bitbrains.
    private const float Stretch = 0.2f;
    private const float StretchFar = 0.1f;
    private const float OwnShareFar = 0.6f;

    /// <inheritdoc/>
    public SlotRange Training => new(0, origin);

    /// <inheritdoc/>
    public string MethodFor(DemandSeries series, int lead) => name;

    /// <inheritdoc/>
    public void Forecast(DemandSeries series, int at, ReadOnlySpan<int> leads, Span<float> quantiles)
    {
        quantiles.Clear();
        if (series.First >= at) return;
        OwnQuantileTrees own = trees[series.Dimension.Name];
        OwnState state = own.Features.At(series, at);
        float[] row = new float[OwnFeatures.Width];
        for (int i = 0; i < leads.Length; i++)
        {
            Span<float> answer = quantiles.Slice(i * QuantileLevels.Count, QuantileLevels.Count);
            own.Forecast(series, at, leads[i], state, row, answer);
            if (isOwnPast) Widen(answer, state.Starts, Bands.Of(leads[i], grid) == Bands.Count - 1);
            QuantileLevels.Order(answer, series.Capacity);
        }
    }

    private static void Widen(Span<float> answer, float[] own, bool isFar)
    {
        if (isFar)
            for (int q = 0; q < answer.Length; q++) answer[q] += OwnShareFar * (own[q] - answer[q]);
        for (int q = 1; q < answer.Length; q++) answer[q] += (isFar ? StretchFar : Stretch) * (answer[q] - answer[0]);
    }
}
