using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;

namespace VirtOpt.Solver.Tests;

public sealed class TransientCapacityTests
{
    /// <summary>a and b exchange hosts in cpu; in disk each host would hold both, and only one host has room for that.</summary>
    [Theory]
    [InlineData(false, 100, 0)]
    [InlineData(true, 100, 2)]
    [InlineData(true, 120, 0)]
    public void Two_VMs_exchange_hosts_only_if_both_fit_on_each(bool isTransient, long disk, int broken)
    {
        PlacementProblem problem = new(Cluster(isTransient, disk));
        CheckReport report = PlacementChecker.Check(problem, new Placement([new Place(new HostId(1)), new Place(new HostId(0))]));
        Assert.Equal(broken, report.Violations.Count);
        Assert.All(report.Violations, v => Assert.Equal(20, v.Amount));
    }

    [Fact]
    public void The_engine_does_not_use_room_that_was_left()
    {
        Objective[] apart = [new HostToHostCost(new HostMatrix([[0, 1], [1, 0]])), new Overload("cpu", 50, 1000)];
        PlacementSolution stays = new PlacementSolver()
            .Solve(new(Cluster(true, 100)) { Objectives = apart }, new MaxWork(5), null, TestContext.Current.CancellationToken);
        Assert.Equal(SolveStatus.Optimal, stays.Status);
        Assert.True(stays.Report!.IsValid);
        Assert.Equal([0, 1], stays.Placement!.Places.ToArray().Select(p => p.Host.Index));
    }

    [Fact]
    public void A_VM_that_changes_its_node_leaves_nothing_behind_on_its_host()
    {
        Host host = new() { Name = "h", Capacity = [10], NumaNodes = [new([10], [0]), new([10], [0])] };
        VirtualMachine vm = new() { Name = "v", Demand = [6], NumaNodes = 1, Start = new Place(new HostId(0), 0b01) };
        PlacementProblem problem = new(new ClusterSnapshot([new("disk", "GiB", IsTransient: true)], [host, host with { Name = "i" }], [vm]));
        Assert.True(PlacementChecker.Check(problem, new Placement([new Place(new HostId(0), 0b10)])).IsValid);
        PlacementView moved = new(problem.Cluster, new Placement([new Place(new HostId(1), 0b01)]));
        Assert.Equal([new VmId(0)], moved.VmsLeft(new HostId(0)));
    }

    /// <summary>What a VM leaves behind and what cannot move stands in the way of others, so only the start is left to try.</summary>
    [Theory]
    [InlineData(false, true, 2)]
    [InlineData(true, true, 1)]
    [InlineData(false, false, 1)]
    public void Hosts_with_no_room_beside_what_stays_are_no_candidates(bool isTransient, bool isMovable, int candidates)
    {
        ClusterSnapshot cluster = Cluster(isTransient, 100);
        VirtualMachine[] vms = [cluster.Vms[0], cluster.Vms[1] with { Movable = isMovable }];
        PlacementModel model = new PlacementProblem(new ClusterSnapshot(cluster.Dimensions, cluster.Hosts, vms)).Compile();
        CandidateTable table = new(model, new PlaceFilter(model, new Scoring(model)), new PlaceTable(model.Cluster));
        Assert.Equal(candidates, table[0].Count);
        Assert.Contains(new Place(new HostId(0)), table[0]);
    }

    private static ClusterSnapshot Cluster(bool isTransient, long disk)
    {
        Host[] hosts = [new() { Name = "h0", Capacity = [10, disk] }, new() { Name = "h1", Capacity = [10, disk] }];
        VirtualMachine[] vms =
        [
            new() { Name = "a", Demand = [4, 60], Start = new Place(new HostId(0)) },
            new() { Name = "b", Demand = [6, 60], Start = new Place(new HostId(1)) },
        ];
        return new ClusterSnapshot([new("cpu", "core"), new("disk", "GiB", isTransient)], hosts, vms);
    }
}
