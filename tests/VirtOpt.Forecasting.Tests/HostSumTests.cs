namespace VirtOpt.Forecasting.Tests;

public sealed class HostSumTests
{
    private const int Day = 24;
    private static readonly DemandHistory Fleet = Tiny.History(
        60, [.. Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? Tiny.Daily(Day * 20, Day, i, 10 + i, 8, 6) : Tiny.Random(Day * 20, i, i, 10))]);

    [Fact]
    public void A_host_is_the_sum_of_different_vms_and_the_same_seed_draws_the_same()
    {
        HostSums hosts = HostSums.Draw(Fleet, new HostDraw(5, 3, 8));
        Assert.Equal(5, hosts.Sums.Series.Count);
        foreach (DemandSeries host in hosts.Sums.Series)
        {
            IReadOnlyList<DemandSeries> members = hosts.MembersOf(host);
            Assert.InRange(members.Count, 3, 8);
            Assert.Equal(members.Count, members.Distinct().Count());
            for (int slot = 0; slot < host.Length; slot += 17) Assert.Equal(members.Sum(m => (double)m.Values[slot]), host.Values[slot], 3);
        }

        HostSums again = HostSums.Draw(Fleet, new HostDraw(5, 3, 8));
        for (int i = 0; i < 5; i++) Assert.Equal(hosts.Sums.Series[i].Values.ToArray(), again.Sums.Series[i].Values.ToArray());
    }

    [Fact]
    public void Gaps_of_some_are_filled_and_gaps_of_most_stay()
    {
        float gap = float.NaN;
        DemandSeries[] vms = [Series("a", 1, 1, gap, 1, gap), Series("b", gap, 2, 2, gap, gap), Series("c", 4, 4, 4, gap, 4)];
        float[] sum = HostSums.SumOf("host", vms).Values.ToArray();
        Assert.Equal([5f, 7f, 7f], sum[..3]);
        Assert.True(float.IsNaN(sum[3]) && float.IsNaN(sum[4]));
    }

    [Fact]
    public void Adding_up_quantiles_of_independent_vms_plans_too_much_and_the_sums_own_forecast_does_not()
    {
        HostSums hosts = HostSums.Draw(Fleet, new HostDraw(6, 6, 10));
        RunningQuantile own = new("quantile-7d", TimeSpan.FromDays(7));
        BacktestSettings settings = new(Day * 14, [1]) { Threads = 1 };
        IReadOnlyList<SeriesScore> scores = Backtest.Run(
            Fleet, hosts.Sums, [own, new SumOfQuantiles(own, hosts, Fleet)], settings, cancellation: TestContext.Current.CancellationToken);
        BacktestRow[] rows = [.. BacktestTable.Rows(scores, settings).Where(r => r.VmClass is null)];
        BacktestRow sum = rows.Single(r => r.Forecaster == "sum-of-quantile-7d");
        BacktestRow joint = rows.Single(r => r.Forecaster == "quantile-7d");
        Assert.True(sum.Coverage[2] > 0.985);
        Assert.InRange(joint.Coverage[2], 0.9, 0.98);
        Assert.True(joint.Pinball[2] < sum.Pinball[2]);
    }

    [Fact]
    public void A_joint_forecast_covers_the_sum_and_looks_at_nothing_after_its_origin()
    {
        HostSums hosts = HostSums.Draw(Fleet, new HostDraw(4, 6, 10));
        JointForecaster joint = new(new HostDraw(4, 6, 10), null, new TreeSettings { Rows = 2000, Threads = 1 });
        BacktestSettings settings = new(Day * 14, [1, 4]) { Threads = 1 };
        IReadOnlyList<SeriesScore> scores = Backtest.Run(Fleet, hosts.Sums, [joint], settings, cancellation: TestContext.Current.CancellationToken);
        foreach (int lead in settings.Leads)
            Assert.InRange(scores.Where(s => s.Lead == lead).Average(s => (double)s.Covered[2] / s.Targets), 0.9, 0.99);

        DemandHistory changed = new("t", Fleet.Grid, [.. Fleet.Series.Select(s => new DemandSeries(
            s.Vm, s.Dimension, [.. s.Values.ToArray().Select((v, i) => i < Day * 16 ? v : 500 - v)]))]);
        HostSums changedHosts = HostSums.Draw(changed, new HostDraw(4, 6, 10));
        IFittedForecaster one = joint.Fit(Fleet, Day * 14, TestContext.Current.CancellationToken);
        IFittedForecaster two = joint.Fit(changed, Day * 14, TestContext.Current.CancellationToken);
        for (int i = 0; i < 4; i++)
            Assert.Equal(Tiny.Ask(one, hosts.Sums.Series[i], Day * 16, 1, 4, 24), Tiny.Ask(two, changedHosts.Sums.Series[i], Day * 16, 1, 4, 24));
    }

    [Fact]
    public void A_joint_forecast_learns_from_other_days_and_covers_the_sum_of_one()
    {
        DemandHistory days = new("days", Tiny.Grid(96, 15), [.. Enumerable.Range(0, 60).Select(i => Noise($"day{i / 20}/vm{i % 20}", i))]);
        DemandHistory today = new("today", days.Grid, [.. Enumerable.Range(0, 20).Select(i => Noise($"vm{i}", 100 + i))]);
        HostDraw draw = new(10, 6, 10);
        IDemandForecaster joint = new JointForecaster(draw, null, new TreeSettings { Rows = 3000, Threads = 1 }).LearnFrom(days, TestContext.Current.CancellationToken);
        BacktestSettings settings = new(12, [4]) { Threads = 1 };
        RunningQuantile own = new("quantile-1d", TimeSpan.FromDays(1));
        IReadOnlyList<SeriesScore> scores = Backtest.Run(
            today, HostSums.Draw(today, draw).Sums, [joint, own], settings, cancellation: TestContext.Current.CancellationToken);
        BacktestRow[] rows = [.. BacktestTable.Rows(scores, settings).Where(r => r.VmClass is null)];
        Assert.InRange(rows[0].Coverage[2], 0.92, 0.98);
        Assert.True(rows[0].Pinball[3] < rows[1].Pinball[3]);
    }

    [Fact]
    public void Hosts_larger_than_the_fleet_are_refused() => Assert.Contains(
        "hosts of 8 to 30 VMs cannot be drawn from 12",
        Assert.Throws<InvalidInputException>(() => HostSums.Draw(Fleet, new HostDraw(1, 8, 30))).Message,
        StringComparison.Ordinal);

    private static DemandSeries Noise(string vm, int seed) => new(vm, Tiny.Cpu, Tiny.Random(96, seed, 5 + (seed % 7), 20));

    private static DemandSeries Series(string vm, params float[] values) => new(vm, Tiny.Cpu, values);
}
