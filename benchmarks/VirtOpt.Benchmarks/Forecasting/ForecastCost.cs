using System.Diagnostics;
using System.Globalization;
using VirtOpt.Forecasting;

namespace VirtOpt.Benchmarks.Forecasting;

/// <summary>
/// What forecasting costs, on made-up VMs with daily cycles, noise and bursts: training on 30 days of 5-minute samples, then the next day of many VMs by
/// 15 minutes, P50 to P99 each, from 8 days of samples.
/// </summary>
internal static class ForecastCost
{
    private const int Day = 288;
    private const int TrainDays = 30;
    private const int KnownDays = 8;
    private static readonly Dimension Cpu = new("cpu", "%");

    /// <summary>Measures and prints.</summary>
    /// <param name="trained">Series to train on.</param>
    /// <param name="forecast">VMs to forecast.</param>
    public static void Run(string trained, string forecast)
    {
        int series = int.Parse(trained, CultureInfo.InvariantCulture);
        int vms = int.Parse(forecast, CultureInfo.InvariantCulture);
        Stopwatch watch = Stopwatch.StartNew();
        DemandHistory learnt = History(series, TrainDays * Day, 1);
        Print("made the series to train on", watch);
        watch.Restart();
        TreeModel model = TreeModel.Train(learnt, TrainDays * Day, new TreeSettings());
        Print($"trained on {series} series x {TrainDays} days", watch);
        DemandHistory known = History(vms, KnownDays * Day, 2);
        watch.Restart();
        IFittedForecaster fitted = new AutoForecaster(model).Fit(known, KnownDays * Day);
        QuantileForecast first = fitted.Forecast(known, KnownDays * Day, Horizon.Day);
        Print($"calibrated and forecast {first.Series.Count} VMs x {first.Series[0].Slots} slots", watch);
        watch.Restart();
        fitted.Forecast(known, KnownDays * Day, Horizon.Day);
        Print($"forecast them again, calibration kept", watch);
    }

    private static void Print(string what, Stopwatch watch) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: {watch.Elapsed.TotalSeconds:0.0} s, CPU so far {Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds:0} s, peak memory "
        + $"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));

    private static DemandHistory History(int count, int slots, int seed)
    {
        DemandSeries[] series = new DemandSeries[count];
        Parallel.For(0, count, i => series[i] = new DemandSeries($"vm{i}", Cpu, Values(slots, new Random((seed * 1_000_003) + i)), 125));
        return new DemandHistory("made up", new TimeGrid(DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(5), slots), series);
    }

    private static float[] Values(int slots, Random random)
    {
        float[] values = new float[slots];
        double level = Math.Exp(random.NextDouble() * 3.5);
        double swing = random.NextDouble();
        double noise = 0.3 * random.NextDouble();
        double phase = random.NextDouble() * 2 * Math.PI;
        double drift = 0;
        for (int i = 0; i < slots; i++)
        {
            drift = (0.98 * drift) + (noise * (random.NextDouble() - 0.5));
            double burst = random.Next(400) == 0 ? 3 : 1;
            double use = level * burst * (1 + (swing * Math.Sin((2 * Math.PI * i / Day) + phase)) + drift + (noise * (random.NextDouble() - 0.5)));
            values[i] = (float)Math.Clamp(use, 0, 100);
        }

        return values;
    }
}
