using VirtOpt.Cli.Benchmarking;

namespace VirtOpt.Cli.Tests;

/// <summary>The parts of the benchmarks that can be checked by hand, and the suites that are shipped.</summary>
public sealed class SuiteTests
{
    private static string Benchmarks => Path.Combine(CommandLine.Root, "benchmarks");

    [Theory]
    [InlineData(110.0, 100.0, 1000.0, 1.0)]
    [InlineData(90.0, 100.0, 1000.0, -1.0)]
    [InlineData(100.0, 100.0, 1000.0, 0.0)]
    [InlineData(110.0, 100.0, null, null)]
    [InlineData(null, 100.0, 1000.0, null)]
    public void The_score_is_the_distance_to_the_peer_in_per_cent_of_the_start(double? cost, double peer, double? initial, double? score) =>
        Assert.Equal(score, new Peer("peer", peer, initial).Score(cost));

    [Fact]
    public void A_performance_profile_gives_the_share_of_problems_within_each_ratio()
    {
        IReadOnlyList<PerformanceProfile> profiles = PerformanceProfile.Of(
        [
            new("a", "p1", 10), new("a", "p2", 30), new("a", "p3", 0), new("a", "p4", null),
            new("b", "p1", 20), new("b", "p2", 20), new("b", "p3", 5), new("b", "p4", 7),
            new("c", "p1", 10), new("c", "p5", null),
        ]);
        Assert.Equal(["a", "b", "c"], profiles.Select(p => p.Solver));
        Assert.Equal([4, 4, 1], profiles.Select(p => p.Problems));
        Assert.Equal([new(1, 0.5), new(1.5, 0.75)], profiles[0].Steps);
        Assert.Equal([new(1, 0.5), new(2, 0.75)], profiles[1].Steps);
        Assert.Equal([new(1, 1)], profiles[2].Steps);
    }

    [Fact]
    public void Profiles_compare_limits_and_seeds_with_heuristics_and_peers()
    {
        LedgerRow Row(string instance, long seed, double? cost) => new("s", new RunKey(instance, "set", seed, 10, 2))
        {
            Status = "feasible",
            Objective = cost,
            Baseline = 50,
            Peer = instance == "x" ? "peer" : "",
            PeerValue = instance == "x" ? 8 : null,
        };
        ProfileValue[] values = [.. ProfileSource.Of([Row("x", 1, 10), Row("x", 2, 9), Row("y", 1, null)])];
        Assert.Equal(
        [
            new("10 s, seed 1", "x, set", 10), new("10 s, seed 2", "x, set", 9), new("10 s, seed 1", "y, set", null),
            new(ProfileSource.Heuristics, "x, set", 50), new("peer", "x, set", 8), new(ProfileSource.Heuristics, "y, set", 50),
        ], values);
    }

    [Theory]
    [InlineData("cloudbalancing", 3, 3)]
    [InlineData("hbal", 2, 6)]
    [InlineData("roadef", 18, 36)]
    [InlineData("scale", 8, 8)]
    [InlineData("synthetic", 11, 11)]
    [InlineData("vmr2l", 28, 29)]
    public void The_shipped_suites_can_be_read_and_fit_their_ledgers(string name, int cases, int runs)
    {
        Suite suite = SuiteFile.Read(Path.Combine(Benchmarks, "suites", $"{name}.json"));
        Assert.Equal((name, cases), (suite.Name, suite.Cases.Count));
        RunKey[] keys = [.. suite.Cases.SelectMany(c => new RunChoice().RunsOf(suite, c)).Select(r => r.Key)];
        Assert.Equal(runs, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Equal(2, key.Threads));
        LedgerFiles ledger = new(Path.Combine(Benchmarks, "quality"), suite);
        Assert.Empty(ledger.Rows.Select(r => r.Key).Except(keys));
        Assert.All(ledger.Rows, row => Assert.Equal(0, row.Violations));
        Assert.All(suite.Cases.Select(c => c.Peer).OfType<Peer>(), peer => Assert.Contains(peer.Name, suite.Sources.Keys));
    }

    [Fact]
    public void The_suite_of_the_challenge_scores_every_instance()
    {
        Suite suite = SuiteFile.Read(Path.Combine(Benchmarks, "suites", "roadef.json"));
        Assert.All(suite.Cases, c => Assert.True(c.Peer is { Value: > 0 } peer && peer.Initial > peer.Value, c.Instance));
        Assert.All(suite.Cases, c => Assert.Equal([60, 300], c.TimeLimits));
        Assert.Equal(44_306_501, suite.Cases.Single(c => c.Instance == "a1_1").Peer!.Value);
    }

    [Fact]
    public void A_ledger_is_read_back_as_it_was_written()
    {
        using CommandLine files = new();
        Suite suite = new("s", "", new Dictionary<string, string>(), []);
        LedgerRow row = new("s", new RunKey("a, \"quoted\" name", "at most 5", 3, 60, 2))
        {
            Hosts = 5,
            Vms = 7,
            Status = "feasible",
            Objective = 9_876_543_210,
            Bound = 12.5,
            Gap = 0.25,
            TimeToBest = 1.234,
            Migrations = 4,
            Hops = 1,
            Violations = 0,
            Wall = 60.25,
            Memory = 1234,
            Baseline = 9_999_999_999,
            Figure = 0.5,
            Peer = "p",
            PeerValue = 0.4,
            Score = -0.125,
        };
        CurvePoint[] curve = [new(0.5, 9_999_999_999, null, "start"), new(1.234, 9_876_543_210, 12.5, "exact model")];
        new LedgerFiles(files.Folder, suite).Enter(row, curve);
        LedgerFiles read = new(files.Folder, suite);
        Assert.Equal([row], read.Rows);
        Assert.Equal(curve, read.Curve(row.Key));
        Assert.True(read.Has(row.Key));
    }
}
