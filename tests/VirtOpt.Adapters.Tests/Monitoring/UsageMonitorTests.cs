namespace VirtOpt.Adapters.Tests;

public sealed class UsageMonitorTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-monitor-");
    private readonly JumpingClock clock = new(Start);

    private string StoreFile => Path.Combine(folder.FullName, "usage.db");

    [Fact]
    public void Samples_lie_on_an_even_grid_after_a_first_reading_that_is_not_kept()
    {
        Scripted host = new("h1", clock, (n, at) => [Vm("h1", "v1", at, n)]);
        (long rounds, _) = Run(new MonitorOptions { Samples = 3 }, host);
        Assert.Equal((3, 4), (rounds, host.Asked));
        Assert.Equal([60, 120, 180], Values("v1", UsageMetric.Cpu).Select(v => v.Second));
        Assert.Equal([1, 2, 3], Values("v1", UsageMetric.Cpu).Select(v => v.Value));
    }

    [Fact]
    public void A_host_that_is_away_leaves_a_gap_and_is_asked_again_after_pauses_that_double()
    {
        Scripted here = new("h1", clock, (n, at) => [Vm("h1", "v1", at, n)]);
        Scripted away = new("h2", clock, (n, at) => n is >= 2 and < 6 ? throw new HostAwayException("no route") : [Vm("h2", "v2", at, n)]);
        (_, List<MonitorRound> told) = Run(new MonitorOptions { Samples = 40 }, here, away);
        Assert.Equal(40, Values("v1", UsageMetric.Cpu).Count);
        // Asked at minutes 0, 1, then in vain at 2, 3, 5 and 9 (pauses of 1, 2, 4 and at most 5 minutes), and again from 14 on.
        Assert.Equal([1, 14, 15, 16], Values("v2", UsageMetric.Cpu).Select(v => v.Second / 60).Take(4));
        Assert.Equal("no route", told.Single(r => r.At == Start.AddMinutes(7)).Away["h2"]);
        Assert.Empty(told.Single(r => r.At == Start.AddMinutes(20)).Away);
    }

    [Fact]
    public void A_host_that_hangs_holds_nobody_up_and_is_not_asked_twice()
    {
        using ManualResetEventSlim hang = new();
        Scripted here = new("h1", clock, (n, at) => [Vm("h1", "v1", at, n)]);
        Scripted stuck = new("h2", clock, (_, at) =>
        {
            hang.Wait(TestContext.Current.CancellationToken);
            return [Vm("h2", "v2", at, 1)];
        });
        MonitorOptions quick = new() { Samples = 3, Patience = TimeSpan.FromMilliseconds(200), Interval = TimeSpan.FromMilliseconds(50) };
        (_, List<MonitorRound> told) = Run(quick, here, stuck);
        hang.Set();
        Assert.Equal(1, stuck.Asked);
        Assert.All(told, r => Assert.Contains("h2", r.Away.Keys));
        Assert.All(told, r => Assert.Contains(r.Samples, s => s.Vm == "v1"));
    }

    [Fact]
    public void A_host_that_hangs_is_waited_for_once()
    {
        using ManualResetEventSlim hang = new();
        Scripted stuck = new("h2", clock, (_, at) =>
        {
            hang.Wait(TestContext.Current.CancellationToken);
            return [Vm("h2", "v2", at, 1)];
        });
        MonitorOptions patient = new() { Clock = clock, Samples = 20, Patience = TimeSpan.FromSeconds(100) };
        (_, List<MonitorRound> told) = Run(patient, stuck);
        hang.Set();
        // The first reading waits for 100 s; the rounds after it are a minute apart.
        Assert.Equal(Enumerable.Range(2, 20), told.Select(r => (int)(r.At - Start).TotalMinutes));
        Assert.All(told, r => Assert.Equal("it has not answered yet", r.Away["h2"]));
    }

    [Fact]
    public void Points_that_pass_during_a_long_round_are_left_out()
    {
        Scripted slow = new("h1", clock, (n, at) =>
        {
            if (n == 2) clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(190), Timeout.InfiniteTimeSpan).Dispose(); // jumps
            return [Vm("h1", "v1", at, n)];
        });
        Run(new MonitorOptions { Samples = 4 }, slow);
        Assert.Equal([60, 120, 360, 420], Values("v1", UsageMetric.Cpu).Select(v => v.Second));
    }

    [Fact]
    public void A_stop_ends_it_between_two_rounds()
    {
        using CancellationTokenSource stop = new();
        using UsageStore store = UsageStore.Open(StoreFile);
        Scripted host = new("h1", clock, (n, at) => [Vm("h1", "v1", at, n)]);
        MonitorOptions options = new() { Clock = clock, Interval = TimeSpan.FromMinutes(1), Patience = Timeout.InfiniteTimeSpan };
        long rounds = new UsageMonitor([host], store, options).Run(_ => StopAfter(5, host, stop), stop.Token);
        Assert.Equal((4, 5), (rounds, host.Asked));
    }

    [Fact]
    public void A_name_on_two_hosts_is_told_apart()
    {
        Scripted one = new("h1", clock, (n, at) => [Vm("h1", "twin", at, 1)]);
        Scripted two = new("h2", clock, (n, at) => [Vm("h2", "twin", at, 2)]);
        Run(new MonitorOptions { Samples = 1 }, one, two);
        Assert.Equal([1], Values("twin@h1", UsageMetric.Cpu).Select(v => v.Value));
        Assert.Equal([2], Values("twin@h2", UsageMetric.Cpu).Select(v => v.Value));
    }

    [Fact]
    public void What_is_no_absence_is_not_taken_for_one()
    {
        Scripted broken = new("h1", clock, (_, _) => throw new InvalidOperationException("a defect"));
        Assert.Throws<InvalidOperationException>(() => Run(new MonitorOptions { Samples = 1 }, broken));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static void StopAfter(int times, Scripted host, CancellationTokenSource stop)
    {
        if (host.Asked == times) stop.Cancel();
    }

    internal static UsageSample Vm(string host, string vm, DateTimeOffset at, long cpu) => new(host, vm, at) { [UsageMetric.Cpu] = cpu };

    private (long Rounds, List<MonitorRound> Told) Run(MonitorOptions options, params IUsageSampler[] hosts)
    {
        List<MonitorRound> told = [];
        using UsageStore store = UsageStore.Open(StoreFile);
        if (options.Clock == TimeProvider.System && options.Patience == new MonitorOptions().Patience)
            options = options with { Clock = clock, Patience = Timeout.InfiniteTimeSpan };
        return (new UsageMonitor(hosts, store, options).Run(told.Add, TestContext.Current.CancellationToken), told);
    }

    private List<(long Second, double Value)> Values(string vm, UsageMetric metric)
    {
        using UsageStore store = UsageStore.OpenRead(StoreFile);
        UsageTable table = store.Reader().Read(new UsageQuery(metric, Start, Start.AddHours(2), TimeSpan.FromSeconds(60)));
        int row = table.Names.ToList().IndexOf(vm);
        return [.. table.Values[row].Select((v, slot) => ((long)slot * 60, v)).Where(p => !double.IsNaN(p.v))];
    }

    private sealed class Scripted(string host, TimeProvider clock, Func<int, DateTimeOffset, IReadOnlyList<UsageSample>> script) : IUsageSampler
    {
        public int Asked { get; private set; }

        public string Host => host;

        public IReadOnlyList<UsageSample> Sample() => script(Asked++, clock.GetUtcNow());

        public void Dispose() { }
    }
}
