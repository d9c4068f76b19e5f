namespace VirtOpt.Forecasting.Tests;

/// <summary>Small histories.</summary>
internal static class Tiny
{
    public static readonly Dimension Cpu = new("cpu", "%");

    public static TimeGrid Grid(int slots, int minutes = 5) => new(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(minutes),
        slots);

    public static DemandHistory History(int minutes, params float[][] series) =>
        new("tiny", Grid(series[0].Length, minutes), [.. series.Select((s, i) => new DemandSeries($"vm{i}", Cpu, s))]);

    public static float[] Random(int slots, int seed, double level = 20, double spread = 5)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, slots).Select(_ => (float)(level + (spread * random.NextDouble())))];
    }

    public static float[] Daily(int slots, int day, int seed, double level = 20, double swing = 10, double noise = 2)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, slots).Select(i => (float)Math.Max(0,
            level + (swing * Math.Sin(2 * Math.PI * i / day)) + (noise * (random.NextDouble() - 0.5))))];
    }

    public static float[] Ask(IFittedForecaster fitted, DemandSeries series, int origin, params int[] leads)
    {
        float[] quantiles = new float[leads.Length * QuantileLevels.Count];
        fitted.Forecast(series, origin, leads, quantiles);
        return quantiles;
    }
}
