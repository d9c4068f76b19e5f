namespace VirtOpt.Core.Tests;

/// <summary>VMs kept off a group of hosts.</summary>
public sealed class BanTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(3, 0, 1, 2);
    private static readonly Ban Rule = new(Small.Vms(0, 1), Small.HostsOf(1, 2));

    [Fact]
    public void ElsewhereKeepsIt() => Judge.Keeps(Rule, Cluster.At(0, 0, 1));

    [Fact]
    public void EveryVmThereCounts()
    {
        IReadOnlyList<Violation> found = Judge.Breaks(Rule, Cluster.At(2, 1, 1), ("VM v1", 1), ("VM v0", 1));
        Assert.Equal("VM v1 is on host h1 of host group licensed, where it may not be.", found[0].Message);
    }

    [Fact]
    public void VmsThatAreNotPlacedAreIgnored() => Judge.Keeps(Rule, Cluster.At(-1, 0, 1));

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new Ban(Small.Vms(3), Small.HostsOf(0)), Cluster, "VM group (web)", "(3)");
        Judge.Refuses(new Ban(Small.Vms(0), Small.HostsOf(1, 1)), Cluster, "host group (licensed)", "without repeats", "(1)");
    }
}
