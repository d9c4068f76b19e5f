namespace VirtOpt.Forecasting.Tests;

public sealed class ShortHistoryTests
{
    private const int Day = 96;
    private const int Minutes = 15;
    private const int Vms = 40;
    private static readonly DemandHistory OtherDays = new("other", Tiny.Grid(Day, Minutes),
        [.. Enumerable.Range(0, 4).SelectMany(day => Enumerable.Range(0, Vms).Select(vm => Series($"day{day}/vm{vm}", vm, day + 1)))]);

    private static readonly DemandHistory Today = new("today", Tiny.Grid(Day, Minutes), [.. Enumerable.Range(0, Vms).Select(vm => Series($"vm{vm}", vm, 9))]);
    private static readonly TreeSettings Small = new() { Rows = 2000, Threads = 1 };

    [Fact]
    public void A_day_learnt_from_other_days_is_covered_and_better_than_the_vms_own_quantiles()
    {
        IDemandForecaster auto = new AutoForecaster(null, Small).LearnFrom(OtherDays, TestContext.Current.CancellationToken);
        Assert.Equal("auto", auto.Name);
        BacktestSettings settings = new(8, [4]) { Threads = 1 };
        RunningQuantile own = new("quantile-1d", TimeSpan.FromDays(1));
        IReadOnlyList<SeriesScore> scores = Backtest.Run(Today, [auto, own], settings, cancellation: TestContext.Current.CancellationToken);
        BacktestRow[] rows = [.. BacktestTable.Rows(scores, settings).Where(r => r.VmClass is null)];
        Assert.InRange(rows[0].Coverage[2], 0.93, 0.975);
        Assert.True(rows[0].Pinball[2] < rows[1].Pinball[2]);
        Assert.True(rows[0].Pinball[3] < 0.95 * rows[1].Pinball[3]);
    }

    [Fact]
    public void Nothing_after_the_origin_counts_and_the_same_seed_learns_the_same()
    {
        IFittedForecaster one = new AutoForecaster(null, Small).LearnFrom(OtherDays, TestContext.Current.CancellationToken)
            .Fit(Today, 8, TestContext.Current.CancellationToken);
        IFittedForecaster two = new AutoForecaster(null, Small).LearnFrom(OtherDays, TestContext.Current.CancellationToken)
            .Fit(Today, 8, TestContext.Current.CancellationToken);
        for (int vm = 0; vm < Vms; vm += 7)
        {
            DemandSeries known = Today.Series[vm];
            DemandSeries changed = new(known.Vm, known.Dimension, [.. known.Values.ToArray().Select((v, i) => i < 40 ? v : 99 - v)], known.Capacity);
            float[] answer = Tiny.Ask(one, known, 40, 1, 4, 24);
            Assert.Equal(answer, Tiny.Ask(two, changed, 40, 1, 4, 24));
            for (int i = 1; i < answer.Length; i++)
                if (i % QuantileLevels.Count > 0)
                    Assert.InRange(answer[i], answer[i - 1], 100);
        }
    }

    [Fact]
    public void A_vm_that_nobody_knows_is_forecast_too_and_one_without_samples_gets_nothing()
    {
        IFittedForecaster auto = new AutoForecaster(null, Small).LearnFrom(OtherDays, TestContext.Current.CancellationToken)
            .Fit(Today, 8, TestContext.Current.CancellationToken);
        float[] stranger = Tiny.Ask(auto, Series("stranger", 3, 17), 40, 4);
        Assert.InRange(stranger[2], Series("stranger", 3, 17).Values[..40].ToArray().Average(), 100);
        Assert.All(Tiny.Ask(auto, new DemandSeries("new", Tiny.Cpu, [.. Enumerable.Repeat(float.NaN, Day)]), 40, 4), q => Assert.Equal(0, q));
    }

    [Fact]
    public void What_a_vm_used_on_other_days_is_found_by_its_name_without_the_series_itself()
    {
        EarlierSamples earlier = new(OtherDays);
        float[] points = earlier.Of(Today.Series[5]);
        float[] all = [.. OtherDays.Series.Where(s => s.Vm.EndsWith("/vm5", StringComparison.Ordinal)).SelectMany(s => s.Values.ToArray()).Order()];
        Assert.Equal(EarlierSamples.Points, points.Length);
        Assert.InRange(points[EarlierSamples.Points / 2], all[(int)(0.45 * all.Length)], all[(int)(0.6 * all.Length)]);
        Assert.Equal(points.Order(), points);
        float[] three = earlier.Of(OtherDays.Series.Single(s => s.Vm == "day2/vm5"));
        float[] without = [.. OtherDays.Series.Where(s => s.Vm is "day0/vm5" or "day1/vm5" or "day3/vm5").SelectMany(s => s.Values.ToArray()).Order()];
        Assert.Equal(without[(without.Length / 48) - (without.Length % 48 == 0 ? 1 : 0)], three[0]);
        Assert.Empty(earlier.Of(Series("stranger", 1, 1)));
        Assert.Empty(new EarlierSamples(null).Of(Today.Series[0]));
    }

    /// <summary>Noise about the VM's level, skewed, with a level of its own each day.</summary>
    private static DemandSeries Series(string name, int vm, int day)
    {
        Random random = new((vm * 31) + day);
        double level = (3 + (vm % 10)) * (0.8 + (0.4 * random.NextDouble()));
        return new DemandSeries(name, Tiny.Cpu, [.. Enumerable.Range(0, Day).Select(_ => (float)Math.Min(100, level - (level * Math.Log(1 - random.NextDouble()))))],
            100);
    }
}
