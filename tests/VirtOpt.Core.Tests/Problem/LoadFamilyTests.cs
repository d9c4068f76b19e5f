namespace VirtOpt.Core.Tests;

/// <summary>Loads of cells: who charges what where.</summary>
public sealed class LoadFamilyTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(
        [Small.Host(0), Small.Host(1) with { NumaNodes = [new([5, 0], [0]), new([5, 0], [0])] }],
        Small.Vm(0, 0, cpu: 3),
        Small.New(1, cpu: 5) with { NumaNodes = 2, Start = new Place(new HostId(1), 0b11) },
        Small.New(2, cpu: 1));

    private static readonly MigrationLimit Limit = new(0, "cpu", "host", Small.Vms(0, 2));

    private static readonly PlacementModel Model = new PlacementProblem(Cluster) { Constraints = [Limit] }.Compile();

    [Fact]
    public void EveryVmChargesItsDemandToItsHost()
    {
        LoadFamily demand = Model.Families.Single(f => f.Name == "cpu demand by host");
        Assert.True(demand.IsDense);
        Assert.False(demand.DependsOnStart);
        Assert.Equal([3L, 6], TermReader.Loads(demand, Cluster.At(0, 1, 1)));
    }

    [Fact]
    public void NumaNodesAreCellsOfTheHostsThatHaveThem()
    {
        LoadFamily nodes = Model.Families.Single(f => f.Name == "cpu demand by NUMA node");
        Assert.Equal((2, -1, 0), (nodes.CellCount, nodes.BaseCell(new HostId(0)), nodes.BaseCell(new HostId(1))));
        Assert.Equal([3L, 3], TermReader.Loads(nodes, Cluster.AtStart()));
    }

    [Fact]
    public void MembersChargeWhatTheyLeaveAndReach()
    {
        LoadFamily moved = Model.Families.Single(f => f.DependsOnStart && f.CellCount == 2);
        Assert.Equal([0, 2], moved.Members.ToArray());
        Assert.Equal((0, -1, 1), (moved.PositionOf(0), moved.PositionOf(1), moved.PositionOf(2)));
        Assert.Equal((0L, 3L, 3L), (moved.Weight(0), moved.LeavingWeight(0), moved.ArrivingWeight(0)));
        Assert.Equal((0L, 0L), (moved.LeavingWeight(1), moved.ArrivingWeight(1)));
    }

    [Fact]
    public void SparseFamiliesAreFoundByTheirMembers()
    {
        Assert.Contains(Model.SparseFamiliesOf[2], entry => entry is { Position: 1, Family.DependsOnStart: true });
        Assert.Empty(Model.SparseFamiliesOf[1]);
    }
}
