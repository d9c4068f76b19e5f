namespace VirtOpt.Core.Tests;

/// <summary>Headroom for hosts that fail.</summary>
public sealed class FailoverTests
{
    private static readonly Failover OneHost = new();

    [Fact]
    public void WhatFitsOnTheOtherHostsSurvives() => Judge.Keeps(OneHost, Small.Cluster(Small.Hosts(2), Small.Vm(0, 0, 6), Small.Vm(1, 1, 4)).AtStart());

    [Fact]
    public void EveryFailureThatIsNotSurvivedCounts()
    {
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0, 6), Small.Vm(1, 1, 5));
        IReadOnlyList<Violation> found = Judge.Breaks(OneHost, cluster.AtStart(), ("failure of h0", 1), ("failure of h1", 1));
        Assert.Equal("If h0 fails, its VMs do not all fit on the other hosts.", found[0].Message);
    }

    [Fact]
    public void VmsAreRestartedWhole()
    {
        // 5 + 5 cores are free for 8, but on no single host.
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(3), Small.Vm(0, 0, 8), Small.Vm(1, 1, 5), Small.Vm(2, 2, 5));
        Judge.Breaks(OneHost, cluster.AtStart(), ("failure of h0", 1));
    }

    [Fact]
    public void VmsThatCannotMoveGoDownWithTheirHost()
    {
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0, 6) with { Movable = false }, Small.Vm(1, 1, 5));
        Judge.Breaks(OneHost, cluster.AtStart(), ("failure of h1", 1));
    }

    [Fact]
    public void HostsThatAreNotAvailableReceiveNothing()
    {
        ClusterSnapshot cluster = Small.Cluster([Small.Host(0), Small.Host(1) with { State = HostState.Maintenance }], Small.Vm(0, 0));
        Judge.Breaks(OneHost, cluster.AtStart(), ("failure of h0", 1));
    }

    [Fact]
    public void TwoHostsMayFailAtOnce()
    {
        Failover rule = new(Failures: 2);
        Judge.Keeps(rule, Small.Cluster(Small.Hosts(4), [.. Enumerable.Range(0, 4).Select(h => Small.Vm(h, h, 5))]).AtStart());
        ClusterSnapshot tight = Small.Cluster(Small.Hosts(3), Small.Vm(0, 0, 5), Small.Vm(1, 1, 5), Small.Vm(2, 2, 3));
        Judge.Breaks(rule, tight.AtStart(), ("failure of h0, h1", 1), ("failure of h0, h2", 1), ("failure of h1, h2", 1));
        Judge.Keeps(OneHost, tight.AtStart());
    }

    [Fact]
    public void ARackFailsAsAWhole()
    {
        Failover rule = new(Scope: "rack");
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(4), Small.Vm(0, 0, 8), Small.Vm(1, 2, 5), Small.Vm(2, 3, 5));
        Judge.Breaks(rule, cluster.AtStart(), ("failure of h0, h1", 1));
        Judge.Keeps(rule, cluster.At(0, 2, 2));
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        ClusterSnapshot two = Small.Cluster(2, 0);
        Judge.Refuses(new Failover(0), two, "failures of failover (0)", "at least 1");
        Judge.Refuses(new Failover(2), two, "failures (2)", "fewer than the 2 items of host");
        Judge.Refuses(new Failover(1, "rack"), two, "failures (1)", "fewer than the 1 items of rack");
        Judge.Refuses(new Failover(1, "zone"), two, "scope (zone)");
        Judge.Refuses(new Failover(3), Small.Cluster(300), "failures (3)", "at most 1000000 ways");
    }
}
