namespace VirtOpt.Core.Tests;

/// <summary>VMs that stay.</summary>
public sealed class PinTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0), Small.Vm(1, 1), Small.New(2));

    [Fact]
    public void StayingKeepsIt() => Judge.Keeps(new Pin(Small.Vms(0)), Cluster.At(0, 0, 0));

    [Fact]
    public void EveryVmThatMovedCounts()
    {
        IReadOnlyList<Violation> found = Judge.Breaks(new Pin(Small.Vms(0, 1)), Cluster.At(1, 0, 0), ("VM v0", 1), ("VM v1", 1));
        Assert.Equal("VM v0 of web has moved but is pinned.", found[0].Message);
    }

    [Fact]
    public void AVmWithoutAStartMayGoAnywhere() => Judge.Keeps(new Pin(Small.Vms(2)), Cluster.At(0, 1, 1));

    [Fact]
    public void VmsThatAreNotPlacedAreIgnored() => Judge.Keeps(new Pin(Small.Vms(0)), Cluster.At(-1, 1, 1));

    [Fact]
    public void NonsenseIsRefused() => Judge.Refuses(new Pin(Small.Vms(9)), Cluster, "VM group (web)", "(9)");
}
