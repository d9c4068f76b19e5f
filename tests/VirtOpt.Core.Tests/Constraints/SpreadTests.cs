namespace VirtOpt.Core.Tests;

/// <summary>VMs spread over items of a scope.</summary>
public sealed class SpreadTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(4, 0, 1, 2, 3);

    [Fact]
    public void EnoughItemsKeepIt() => Judge.Keeps(new Spread(Small.Vms(0, 1, 2)), Cluster.At(0, 0, 1, 1));

    [Fact]
    public void EveryItemThatIsMissingCounts()
    {
        IReadOnlyList<Violation> found = Judge.Breaks(new Spread(Small.Vms(0, 1, 2), Min: 3), Cluster.At(0, 0, 0, 1), ("group web", 2));
        Assert.Equal("The VMs of web use 1 items of host; at least 3 were asked for.", found[0].Message);
    }

    [Fact]
    public void TwoHostsOfOneRackAreOneItem() => Judge.Breaks(new Spread(Small.Vms(0, 1), "rack"), Cluster.At(0, 1, 2, 3), ("group web", 1));

    [Fact]
    public void ItIsNotJudgedBeforeAllVmsArePlaced() => Assert.Empty(new Spread(Small.Vms(0, 1)).Check(Cluster.At(0, -1, 0, 0)));

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new Spread(Small.Vms(0, 1), Min: 0), Cluster, "min of spread (0)", "at least 1");
        Judge.Refuses(new Spread(Small.Vms(0, 1), Min: 3), Cluster, "min (3)", "(web)", "2 VMs, 4 items", "at most 2 was meant");
        Judge.Refuses(new Spread(Small.Vms(0, 1, 2), "rack", 3), Cluster, "min (3)", "3 VMs, 2 items");
        Judge.Refuses(new Spread(Small.Vms(0, 1), "zone"), Cluster, "scope (zone)");
        Judge.Refuses(new Spread(Small.Vms(3, 4)), Cluster, "VM group (web)", "(4)");
    }
}
