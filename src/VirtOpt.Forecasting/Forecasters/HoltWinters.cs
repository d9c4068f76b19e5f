using System.Runtime.CompilerServices;

namespace VirtOpt.Forecasting;

/// <summary>
/// Exponential smoothing with a damped trend and an additive daily season (Holt and Winters). Level, trend and season are followed through the whole
/// history; the
/// weight of the level is chosen by the one-step error in training.
/// </summary>
public sealed class HoltWinters : PointForecaster
{
    private const double TrendWeight = 0.01;
    private const double SeasonWeight = 0.15;
    private const double Damping = 0.95;
    private static readonly double[] LevelWeights = [0.02, 0.1, 0.3, 0.6];
    private static readonly double[] Damped = [.. Enumerable.Range(0, 4096).Select(DampedBy)]; // of all usual leads: a power is dear
    private static readonly ConditionalWeakTable<DemandSeries, PointForecast[]> Known = [];

    /// <inheritdoc/>
    public override string Name => "holt-winters";

    /// <inheritdoc/>
    protected internal override PointForecast ForecastsOf(DemandSeries series, TimeGrid grid, int trained)
    {
        int day = grid.Day;
        Path best = LevelWeights.Select(w => new Path(series, day, w, Math.Min(trained, series.Length))).MinBy(p => p.Error)!;
        return best.Point;
    }

    /// <summary>Slow and quick smoothing of a series, without a choice that looks at its errors.</summary>
    internal static PointForecast[] SlowAndQuick(DemandSeries series, TimeGrid grid) =>
        Known.GetValue(series, s => [.. ((double[])[0.1, 0.6]).Select(weight => (PointForecast)new Path(s, grid.Day, weight, 0).Point)]);

    private static double DampedBy(int lead) => Damping * (1 - Math.Pow(Damping, lead)) / (1 - Damping);

    private sealed class Path
    {
        private readonly DemandSeries series;
        private readonly int day;
        private readonly float[] level;
        private readonly float[] trend;
        private readonly float[] season;

        public Path(DemandSeries series, int day, double weight, int trained)
        {
            (this.series, this.day) = (series, day);
            (level, trend, season) = (new float[series.Length], new float[series.Length], new float[series.Length]);
            if (series.First >= series.Length) return;
            ReadOnlySpan<float> values = series.Filled;
            float levelBefore = level[series.First] = values[series.First];
            float trendBefore = 0;
            for (int i = series.First + 1; i < values.Length; i++)
            {
                double seasonal = i - day >= series.First ? season[i - day] : 0;
                double expected = levelBefore + (Damping * trendBefore);
                double value = values[i];
                if (i < trained) Error += Math.Abs(value - expected - seasonal);
                double now = (weight * (value - seasonal)) + ((1 - weight) * expected);
                trendBefore = trend[i] = (float)((TrendWeight * (now - levelBefore)) + ((1 - TrendWeight) * Damping * trendBefore));
                levelBefore = level[i] = (float)now;
                season[i] = (float)((SeasonWeight * (value - now)) + ((1 - SeasonWeight) * seasonal));
            }
        }

        public double Error { get; }

        public float Point(int origin, int lead)
        {
            double damped = lead < Damped.Length ? Damped[lead] : DampedBy(lead);
            return (float)(level[origin - 1] + (damped * trend[origin - 1]) + Season(origin, origin - 1 + lead));
        }

        private double Season(int known, int target)
        {
            int slot = target - (day * ((target - known) / day + 1));
            return slot >= series.First ? season[slot] : 0;
        }
    }
}
