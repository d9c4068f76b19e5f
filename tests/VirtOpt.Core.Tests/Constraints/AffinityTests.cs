namespace VirtOpt.Core.Tests;

/// <summary>VMs kept together.</summary>
public sealed class AffinityTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(4, 0, 1, 2, 3);

    [Fact]
    public void AllOnOneHostKeepsIt() => Judge.Keeps(new Affinity(Small.Vms(0, 1, 2)), Cluster.At(3, 3, 3, 0));

    [Fact]
    public void EveryItemAboveOneCounts()
    {
        IReadOnlyList<Violation> found = Judge.Breaks(new Affinity(Small.Vms(0, 1, 2)), Cluster.At(0, 1, 2, 0), ("group web", 2));
        Assert.Equal("The VMs of web are in 3 items of host (h0, h1, h2); they belong in one.", found[0].Message);
    }

    [Fact]
    public void ARackMayBeShared()
    {
        Affinity rule = new(Small.Vms(0, 1), "rack");
        Judge.Keeps(rule, Cluster.At(0, 1, 2, 3));
        Judge.Breaks(rule, Cluster.At(0, 2, 2, 3), ("group web", 1));
    }

    [Fact]
    public void VmsThatAreNotPlacedAreIgnored() => Judge.Keeps(new Affinity(Small.Vms(0, 1)), Cluster.At(0, -1, 2, 3));

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new Affinity(Small.Vms(0), "zone"), Cluster, "scope (zone)", "host (h0)");
        Judge.Refuses(new Affinity(Small.Vms(4)), Cluster, "VM group (web)", "(4)");
    }
}
