namespace VirtOpt.Forecasting;

/// <summary>The VM's own quantiles over the last samples, whatever the time of day: hard to beat where demand is noise around a level.</summary>
/// <param name="name">Name in the catalogue.</param>
/// <param name="window">Stretch of time that is looked at.</param>
public sealed class RunningQuantile(string name, TimeSpan window) : IDemandForecaster
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default) =>
        new Fitted(name, history.Grid.SlotsIn(window), origin);

    private sealed class Fitted(string name, int slots, int trained) : IFittedForecaster
    {
        public SlotRange Training => new(0, trained);

        public string MethodFor(DemandSeries series, int lead) => name;

        public void Forecast(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> quantiles)
        {
            quantiles.Clear();
            if (series.First >= origin) return;
            float[] sorted = series.Filled[Math.Max(series.First, origin - slots)..origin].ToArray();
            Array.Sort(sorted);
            for (int i = 0; i < quantiles.Length; i++) quantiles[i] = Quantiles.OfSorted(sorted, QuantileLevels.All[i % QuantileLevels.Count]);
            for (int i = 0; i < leads.Length; i++) QuantileLevels.Order(quantiles.Slice(i * QuantileLevels.Count, QuantileLevels.Count), series.Capacity);
        }
    }
}
