namespace VirtOpt.Core.Tests;

/// <summary>Where VMs are.</summary>
public sealed class PlacementTests
{
    [Fact]
    public void TheStartIsThatOfTheCluster()
    {
        Placement start = Placement.StartOf(Small.Cluster(Small.Hosts(2), Small.Vm(0, 1), Small.New(1)));
        Assert.Equal([Small.On(1), Placement.Nowhere], start.Places);
        Assert.Equal((true, false, 2), (start.IsPlaced(new VmId(0)), start.IsPlaced(new VmId(1)), start.Count));
    }

    [Fact]
    public void APlacementDoesNotChangeWithItsSource()
    {
        Place[] source = [Small.On(0)];
        Placement placement = new(source);
        source[0] = Small.On(1);
        Assert.Equal(Small.On(0), placement[new VmId(0)]);
    }
}
