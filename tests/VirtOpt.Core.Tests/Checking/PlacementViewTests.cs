namespace VirtOpt.Core.Tests;

/// <summary>Simple questions to a placement.</summary>
public sealed class PlacementViewTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0, 2, 3), Small.Vm(1, 0, 4, 5), Small.New(2));

    [Fact]
    public void VmsAndDemandAreFoundByHost()
    {
        PlacementView view = Cluster.At(1, 1, -1);
        Assert.Equal([new VmId(0), new VmId(1)], view.VmsOn(new HostId(1)));
        Assert.Equal((6, 8, 0), (view.DemandOn(new HostId(1), 0), view.DemandOn(new HostId(1), 1), view.DemandOn(new HostId(0), 0)));
    }

    [Fact]
    public void AVmHasMovedIfItIsAtAnotherPlaceThanItsStart()
    {
        PlacementView view = Cluster.At(1, 0, 1);
        Assert.Equal([true, false, false], Cluster.AllVms.Members.Select(view.HasMoved));
    }

    [Fact]
    public void AVmThatIsNotPlacedHasNotMoved() => Assert.False(Cluster.At(-1, 0, 1).HasMoved(new VmId(0)));

    [Fact]
    public void PlacedVmsAreGroupedByTheItemTheyAreIn()
    {
        IGrouping<string, VmId> rack = Assert.Single(Cluster.At(0, 1, -1).ByItem(Small.Vms(0, 1, 2), "rack"));
        Assert.Equal(("r0", 2), (rack.Key, rack.Count()));
    }
}
