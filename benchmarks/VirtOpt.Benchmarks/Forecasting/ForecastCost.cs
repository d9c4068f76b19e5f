using System.Diagnostics;
using System.Globalization;
using VirtOpt.Forecasting;

namespace VirtOpt.Benchmarks.Forecasting;

/// <summary>
/// What forecasting costs, on made-up VMs with daily cycles, noise and bursts: training on 30 days of 5-minute samples, then the next day of many VMs by
/// 15 minutes, P50 to P99 each, from 8 days of samples. The trained model and the samples are in memory; what is counted is everything from there on: sums and
/// orders of the samples, features, the calibration of each VM on its last four days, trees and quantiles.
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
        DemandHistory learnt = History(series, TrainDays * Day, 1);
        TreeModel model = Measured($"trained on {series} series x {TrainDays} days", () => TreeModel.Train(learnt, TrainDays * Day, new TreeSettings()));
        DemandHistory known = History(vms, KnownDays * Day, 2);
        IFittedForecaster fitted = new AutoForecaster(model).Fit(known, KnownDays * Day);
        QuantileForecast Ask() => fitted.Forecast(known, KnownDays * Day, Horizon.Day);
        QuantileForecast first = Measured($"calibrated and forecast {vms} VMs x 24 h", Ask);
        Measured($"forecast them again, {first.Series[0].Slots} slots, calibration kept", Ask);
    }

    private static T Measured<T>(string what, Func<T> work)
    {
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        T result = work();
        process.Refresh();
        double cpu = (process.TotalProcessorTime - before).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {watch.Elapsed.TotalSeconds:0.0} s, {cpu:0.0} s CPU, peak memory {process.PeakWorkingSet64 >> 20} MiB"));
        return result;
    }

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
