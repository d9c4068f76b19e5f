using System.Runtime.CompilerServices;

namespace VirtOpt.Forecasting;

/// <summary>For each VM and band of leads the simple forecaster that did best on the last four days of training, with that one's own error quantiles.</summary>
public sealed class BestSimple : IDemandForecaster
{
    internal const string MethodName = "best-simple";
    private const int Days = 4;
    private const int Origins = 200;

    /// <inheritdoc/>
    public string Name => MethodName;

    /// <inheritdoc/>
    public IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default)
    {
        IFittedForecaster[] fitted = [.. ForecasterCatalogue.Points().Select(f => f.Fit(history, origin, cancellation))];
        return new Fitted(fitted, history.Grid, origin);
    }

    private sealed class Fitted(IFittedForecaster[] simple, TimeGrid grid, int trained) : IFittedForecaster
    {
        private readonly ConditionalWeakTable<DemandSeries, IFittedForecaster[]> chosen = [];

        public SlotRange Training => new(0, trained);

        public string MethodFor(DemandSeries series, int lead) => Of(series, lead).MethodFor(series, lead);

        public void Forecast(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> quantiles)
        {
            for (int i = 0; i < leads.Length; i++)
                Of(series, leads[i]).Forecast(series, origin, leads.Slice(i, 1), quantiles.Slice(i * QuantileLevels.Count, QuantileLevels.Count));
        }

        private IFittedForecaster Of(DemandSeries series, int lead) =>
            chosen.GetValue(series, s => [.. Enumerable.Range(0, Bands.Count).Select(band => Choose(s, Bands.Typical(band, grid)))])[Bands.Of(lead, grid)];

        private IFittedForecaster Choose(DemandSeries series, int lead)
        {
            int first = Math.Max(series.First + 1, trained - lead - (Days * grid.Day));
            int stride = Math.Max(1, (trained - lead - first) / Origins);
            return simple.MinBy(f =>
            {
                float[] quantiles = new float[QuantileLevels.Count];
                double error = 0;
                for (int origin = first; origin - 1 + lead < trained; origin += stride)
                {
                    if (!series.IsObserved(origin - 1 + lead)) continue;
                    f.Forecast(series, origin, [lead], quantiles);
                    error += Math.Abs(series.Values[origin - 1 + lead] - quantiles[0]);
                }

                return error;
            })!;
        }
    }
}
