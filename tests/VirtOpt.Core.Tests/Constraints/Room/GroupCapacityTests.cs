namespace VirtOpt.Core.Tests;

/// <summary>What the hosts of a group hold together.</summary>
public sealed class GroupCapacityTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(Small.Hosts(3), Small.Vm(0, 0, 4), Small.Vm(1, 1, 3), Small.Vm(2, 2, 2));

    [Fact]
    public void WithinTheLimitItHolds() => Judge.Keeps(new GroupCapacity(Small.HostsOf(0, 1), 7, "cpu"), Cluster.AtStart());

    [Fact]
    public void TheExcessIsTheAmount()
    {
        IReadOnlyList<Violation> found = Judge.Breaks(new GroupCapacity(Small.HostsOf(0, 1), 5, "cpu"), Cluster.AtStart(), ("host group licensed", 2));
        Assert.Equal("The hosts of licensed hold 7 (cpu); the limit is 5.", found[0].Message);
    }

    [Fact]
    public void WithoutADimensionVmsAreCounted() => Judge.Breaks(new GroupCapacity(Small.HostsOf(1, 2), 1), Cluster.At(1, 1, 2), ("host group licensed", 2));

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new GroupCapacity(Small.HostsOf(0), -1), Cluster, "max of group capacity (-1)", "at least 0");
        Judge.Refuses(new GroupCapacity(Small.HostsOf(0), 1, "disk"), Cluster, "(disk)", "(cpu)");
        Judge.Refuses(new GroupCapacity(Small.HostsOf(5), 1), Cluster, "(licensed)", "(5)");
    }
}
