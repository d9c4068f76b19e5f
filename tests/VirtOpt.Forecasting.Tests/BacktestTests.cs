namespace VirtOpt.Forecasting.Tests;

public sealed class BacktestTests
{
    [Fact]
    public void Scores_are_those_of_a_naive_count()
    {
        DemandHistory history = Tiny.History(60, Tiny.Random(24 * 10, 1), Tiny.Daily(24 * 10, 24, 2));
        BacktestSettings settings = new(24 * 7, [3]) { Stride = 2, Threads = 1 };
        IReadOnlyList<SeriesScore> scores = Backtest.Run(history, [new LastValue()], settings, cancellation: TestContext.Current.CancellationToken);
        float[] values = history.Series[0].Values.ToArray();
        int[] targets = [.. Enumerable.Range(24 * 7, 24 * 3).Where(t => t % 2 == 0)];
        double error = targets.Average(t => Math.Abs(values[t] - values[t - 3]));
        double scale = Enumerable.Range(24, 24 * 6).Average(t => Math.Abs(values[t] - values[t - 24]));
        Assert.Equal(targets.Length, scores[0].Targets);
        Assert.Equal(error / scale, scores[0].Mase, 5);
        Assert.Equal(targets.Sum(t => (double)values[t]), scores[0].Demand, 2);
        Assert.Equal(error * targets.Length / 2, scores[0].Pinball[0], 2);
        BacktestRow row = BacktestTable.Rows(scores, settings).First(r => r.VmClass is null);
        Assert.Equal(scores.Average(s => s.Mase), row.Mase, 9);
        Assert.Equal(scores.Sum(s => s.AbsoluteError) / scores.Sum(s => s.Demand), row.Wape, 9);
        Assert.Equal(scores.Sum(s => s.Covered[2]) / (2.0 * targets.Length), row.Coverage[2], 9);
    }

    [Fact]
    public void Over_provisioning_is_that_of_the_least_plan_with_the_wanted_overload()
    {
        SeriesScore score = new(new DemandSeries("a", Tiny.Cpu, [1]), 1, "x", 1, VmClass.Steady);
        for (int i = 1; i <= 100; i++) score.Add(i, [0, 5, 10, 20]);
        // The plan 10 f is exceeded in at most 5 of 100 slots from 95 on; its unused part is then 94 + 93 + ... + 0.
        Assert.Equal(94 * 95 / 2 / 5050.0, BacktestTable.OverProvisioning([score], 0.05, 5050), 6);
    }

    [Fact]
    public void Classes_tell_idle_daily_bursty_and_steady_apart()
    {
        TimeGrid grid = Tiny.Grid(24 * 10, 60);
        VmClass Of(float[] values)
        {
            DemandSeries series = new("a", Tiny.Cpu, values);
            return VmClasses.Of(series, grid, series.Length, Backtest.DayChange(series, grid, series.Length), 0.05);
        }

        Assert.Equal(VmClass.Idle, Of(new float[240]));
        Assert.Equal(VmClass.Daily, Of(Tiny.Daily(240, 24, 1)));
        Assert.Equal(VmClass.Steady, Of(Tiny.Random(240, 1)));
        Assert.Equal(VmClass.Bursty, Of([.. Tiny.Random(240, 1, 1, 1).Select((v, i) => i % 50 == 7 ? 40 : v)]));
    }

    [Fact]
    public void The_best_simple_forecaster_is_chosen_for_each_vm()
    {
        DemandHistory history = Tiny.History(60, Tiny.Daily(24 * 20, 24, 1, 30, 20, 0.1), Tiny.Random(24 * 20, 2));
        IFittedForecaster fitted = new BestSimple().Fit(history, 24 * 15, TestContext.Current.CancellationToken);
        Assert.Contains(fitted.MethodFor(history.Series[0], 24), (string[])["last", "day", "week", "holt-winters"]);
        Assert.Contains(fitted.MethodFor(history.Series[1], 24), (string[])["median-1d", "median-7d", "average-1d", "average-7d", "exponential-6h"]);
    }

    [Fact]
    public void A_training_part_that_leaves_nothing_is_refused() => Assert.Contains(
        "10 of 10 slots are to be learnt from",
        Assert.Throws<InvalidInputException>(() => Backtest.Run(
            Tiny.History(60, Tiny.Random(10, 1)), [new LastValue()], new BacktestSettings(10, [1]),
                cancellation: TestContext.Current.CancellationToken)).Message,
        StringComparison.Ordinal);
}
