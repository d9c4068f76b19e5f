namespace VirtOpt.Core.Tests.Checking;

public sealed class HostLoadsTests
{
    [Fact]
    public void A_moving_vm_counts_at_both_ends_until_its_action_ends()
    {
        Place first = new(new HostId(0));
        Place second = new(new HostId(1));
        ClusterSnapshot cluster = new(
            [new("cpu", "core"), new("memory", "GiB")],
            [new Host { Name = "a", Capacity = [100, 10] }, new Host { Name = "b", Capacity = [100, 20] }],
            [
                new VirtualMachine { Name = "x", Demand = [1, 4], Start = first },
                new VirtualMachine { Name = "y", Demand = [1, 2], Start = first },
                new VirtualMachine { Name = "new", Demand = [1, 6] },
            ]);
        TimedPlan plan = new()
        {
            Actions =
            [
                new() { Id = 1, Kind = ActionKind.Migrate, Vm = new VmId(0), From = first, To = second, Start = 5, End = 15 },
                new() { Id = 2, Kind = ActionKind.Boot, Vm = new VmId(2), To = first, Start = 15, End = 20, After = [1] },
                new() { Id = 3, Kind = ActionKind.Resize, Vm = new VmId(1), Dimension = 1, Amount = 1, Start = 20, End = 21 },
                new() { Id = 4, Kind = ActionKind.Check, Start = 21, End = 30 },
            ],
            Reached = new Placement([second, first, first]),
            Settings = new PlanSettings(),
        };
        IReadOnlyList<HostLoadSeries> loads = HostLoads.Of(new PlacementProblem(cluster), plan, 5);
        Assert.Equal([new HostId(0), new HostId(1)], loads.Select(s => s.Host));
        Assert.All(loads, s => Assert.Equal(1, s.Dimension));
        Assert.Equal([new LoadPoint(0, 0.6), new LoadPoint(15, 0.8), new LoadPoint(21, 0.7)], loads[0].Points);
        Assert.Equal([new LoadPoint(0, 0), new LoadPoint(5, 0.2)], loads[1].Points);
        Assert.Equal(0.8, loads[0].Peak);
        Assert.Single(HostLoads.Of(new PlacementProblem(cluster), plan, 1));
    }
}
