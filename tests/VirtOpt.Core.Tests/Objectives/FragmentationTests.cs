namespace VirtOpt.Core.Tests;

/// <summary>Copies of a shape that no longer fit.</summary>
public sealed class FragmentationTests
{
    private static readonly Fragmentation PerHost = new([4, 0]);

    [Fact]
    public void PerHostItCountsTheCopiesLost()
    {
        // Empty hosts of 10 cores hold 2 copies each. With 7 and 7 cores free it is 1 each; with 4 and 10 it is 1 and 2.
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0, 3), Small.Vm(1, 1, 3));
        Judge.IsWorth(2, PerHost, cluster.AtStart());
        Judge.IsWorth(1, PerHost, cluster.At(0, 0));
        Assert.Equal(3, PerHost.Copies(cluster.At(0, 0)));
    }

    [Fact]
    public void PerNumaNodeItIsTheNumberThatTheFragmentRateOfVmr2lFallsBy()
    {
        // VMR2L: fragment rate = (free - 16 Y) / free, with Y the number of 16-core VMs that fit into the free cores of single nodes.
        Host host = new() { Name = "pm", Capacity = [88, 256], NumaNodes = [new([44, 128], [0, 1]), new([44, 128], [0, 1])] };
        VirtualMachine Vm(int number, uint node, long cores) => Small.New(number, cores) with { NumaNodes = 1, Start = new Place(new HostId(0), node) };
        ClusterSnapshot cluster = Small.Cluster([host], Vm(0, 0b01, 16), Vm(1, 0b10, 16));
        Fragmentation objective = new([16, 0], Fragmentation.Numa);
        PlacementView together = new(cluster, new Placement([new Place(new HostId(0), 0b01), new Place(new HostId(0), 0b01)]));
        Assert.Equal(1 + 1, objective.Copies(cluster.AtStart()));
        Assert.Equal(0 + 2, objective.Copies(together));
        Judge.IsWorth(4 - 2, objective, cluster.AtStart());
        Judge.IsWorth(4 - 2, objective, together);
        Assert.Equal(3, new Fragmentation([16, 0]).Copies(together));
    }

    [Fact]
    public void AVmOverTwoNodesTakesItsShareOfBoth()
    {
        Host host = new() { Name = "pm", Capacity = [88, 256], NumaNodes = [new([44, 128], [0, 1]), new([44, 128], [0, 1])] };
        ClusterSnapshot cluster = Small.Cluster([host], Small.New(0, 25) with { NumaNodes = 2, Start = new Place(new HostId(0), 0b11) });
        Judge.IsWorth(4 - 2, new Fragmentation([16, 0], Fragmentation.Numa), cluster.AtStart());
        Judge.IsWorth(5 - 3, new Fragmentation([16, 0]), cluster.AtStart());
    }

    [Fact]
    public void HostsThatAreNotAvailableHaveNoRoomToLose()
    {
        ClusterSnapshot cluster = Small.Cluster([Small.Host(0) with { State = HostState.Maintenance }, Small.Host(1)], Small.Vm(0, 0, 9));
        Judge.IsWorth(0, PerHost, cluster.AtStart());
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        ClusterSnapshot cluster = Small.Cluster(1, 0);
        Judge.Refuses(new Fragmentation([0, 0]), cluster, "shape ([0, 0])");
        Judge.Refuses(new Fragmentation([1]), cluster, "shape ([1])", "2 dimensions");
        Judge.Refuses(new Fragmentation([4, 0], "rack"), cluster, "per (rack)", "(host) nor (numa)");
        Judge.Refuses(new Fragmentation([4, 0], Fragmentation.Numa), cluster, "needs hosts with NUMA nodes");
    }
}
