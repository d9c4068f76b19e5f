namespace VirtOpt.Core.Tests;

/// <summary>Room for further VMs.</summary>
public sealed class HotAddReserveTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0, cpu: 3));

    [Fact]
    public void WholeCopiesAreCountedHostByHost()
    {
        // Free are 7 and 10 cores: 1 + 2 copies of 4 cores, although 17 cores would be 4 copies in all.
        Judge.Keeps(new HotAddReserve([4, 0], 3), Cluster.AtStart());
        IReadOnlyList<Violation> found = Judge.Breaks(new HotAddReserve([4, 0], 5), Cluster.AtStart(), ("the cluster", 2));
        Assert.Equal("3 further VMs of the shape [4, 0] fit; 5 must.", found[0].Message);
    }

    [Fact]
    public void TheScarcestDimensionDecides() => Judge.Breaks(new HotAddReserve([2, 8], 5), Cluster.AtStart(), ("the cluster", 1));

    [Fact]
    public void HostsThatAreNotAvailableOrOverfullHaveNoRoom()
    {
        ClusterSnapshot cluster = Small.Cluster([Small.Host(0), Small.Host(1) with { State = HostState.Maintenance }, Small.Host(2)], Small.Vm(0, 0, cpu: 12));
        Judge.Breaks(new HotAddReserve([5, 0], 4), cluster.AtStart(), ("the cluster", 2));
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new HotAddReserve([4, 0], 0), Cluster, "count of hot-add reserve (0)", "at least 1");
        Judge.Refuses(new HotAddReserve([0, 0]), Cluster, "shape ([0, 0])", "2 dimensions");
        Judge.Refuses(new HotAddReserve([4]), Cluster, "shape ([4])", "2 dimensions");
        Judge.Refuses(new HotAddReserve([-4, 1]), Cluster, "shape ([-4, 1])");
    }
}
