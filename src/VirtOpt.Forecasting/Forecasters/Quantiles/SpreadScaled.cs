namespace VirtOpt.Forecasting;

/// <summary>
/// Moving average with quantiles of the errors that it makes on all series, each in units of the series' own spread so far: hard to beat where VMs differ in
/// level and spread but not in kind, as on PlanetLab.
/// </summary>
/// <param name="name">Name in the catalogue.</param>
/// <param name="window">Stretch of time that is averaged.</param>
/// <param name="other">Other series to learn the errors from; null for those that are fitted.</param>
public sealed class SpreadScaled(string name, TimeSpan window, DemandHistory? other = null) : IPooledForecaster
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IDemandForecaster LearnFrom(DemandHistory other, CancellationToken cancellation = default) => new SpreadScaled(name, window, other);

    /// <inheritdoc/>
    public IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default) =>
        new Fitted(name, history.Grid.SlotsIn(window), other ?? history, other is null ? origin : other.Grid.Slots, origin);

    private sealed class Fitted(string name, int slots, DemandHistory learnt, int end, int trained) : IFittedForecaster
    {
        private const int OriginsOfOne = 64;
        private readonly Dictionary<(string, int), float[]> errors = [];

        public SlotRange Training => new(0, trained);

        public string MethodFor(DemandSeries series, int lead) => name;

        public void Forecast(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> quantiles)
        {
            quantiles.Clear();
            if (series.First >= origin) return;
            float mean = series.Mean(origin - slots, origin);
            float spread = Spread(series, origin);
            for (int i = 0; i < leads.Length; i++)
            {
                Span<float> one = quantiles.Slice(i * QuantileLevels.Count, QuantileLevels.Count);
                float[] scaled = ErrorsOf(series.Dimension.Name, leads[i]);
                for (int q = 0; q < one.Length; q++) one[q] = mean + (spread * scaled[q]);
                QuantileLevels.Order(one, series.Capacity);
            }
        }

        private static float Spread(DemandSeries series, int origin)
        {
            float mean = series.Mean(0, origin);
            double sum = 0;
            foreach (float value in series.Filled[series.First..origin]) sum += (value - mean) * (value - mean);
            return (float)Math.Sqrt(sum / (origin - series.First));
        }

        private float[] ErrorsOf(string dimension, int lead)
        {
            lock (errors)
            {
                if (!errors.TryGetValue((dimension, lead), out float[]? known)) errors[(dimension, lead)] = known = Learn(dimension, lead);
                return known;
            }
        }

        private float[] Learn(string dimension, int lead)
        {
            List<float> scaled = [];
            foreach (DemandSeries series in learnt.Series.Where(s => s.Dimension.Name == dimension))
            {
                int first = series.First + slots;
                int stride = Math.Max(1, (end - lead - first) / OriginsOfOne);
                for (int origin = first; origin - 1 + lead < end; origin += stride)
                {
                    float spread = Spread(series, origin);
                    if (spread <= 0 || !series.IsObserved(origin - 1 + lead)) continue;
                    scaled.Add((series.Values[origin - 1 + lead] - series.Mean(origin - slots, origin)) / spread);
                }
            }

            if (scaled.Count == 0) return new float[QuantileLevels.Count];
            scaled.Sort();
            return [.. QuantileLevels.All.Select(l => Quantiles.OfSorted(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(scaled), l))];
        }
    }
}
