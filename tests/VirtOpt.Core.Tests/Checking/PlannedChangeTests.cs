namespace VirtOpt.Core.Tests;

/// <summary>What a plan is to change beside places: demands, VMs that are to be shut down, the power of hosts.</summary>
public sealed class PlannedChangeTests
{
    /// <summary>v0 uses 4 cores on h0 and is to have 6, v1 (2) runs beside it, v2 (5) is on h1 and is to be shut down; h2 is off and is to run.</summary>
    private static readonly ClusterSnapshot Cluster = Small.Cluster(
        [Small.Host(0), Small.Host(1), Small.Host(2) with { StateNow = HostState.Off }],
        Small.Vm(0, 0, 6) with { DemandNow = [4, 1] }, Small.Vm(1, 0, 2), Small.Vm(2, 1, 0, 0) with { DemandNow = [5, 1], IsLeaving = true, Movable = false });

    private static readonly PlannedAction Grow = new() { Id = 1, Kind = ActionKind.Resize, Vm = new VmId(0), Dimension = 0, Amount = 6, Start = 0, End = 1 };

    private static readonly PlannedAction Stop =
        new() { Id = 2, Kind = ActionKind.Shutdown, Vm = new VmId(2), From = Small.On(1), Start = 0, End = 5 };

    private static readonly PlannedAction On = new() { Id = 3, Kind = ActionKind.BootHost, Host = new HostId(2), Start = 0, End = 9 };

    [Fact]
    public void A_plan_that_makes_all_changes_has_no_fault() => Assert.Empty(Faults(Grow, Stop, On));

    [Fact]
    public void What_is_not_done_is_named() => Assert.Equal(
        [
            "At the end, VM v0 has [4, 1]; it was to have [6, 1].", "At the end, VM v2 still runs; it was to be shut down.",
            "At the end, host h2 is off, as it was at the begin.",
        ],
        TimedPlanChecker.Check(new PlacementProblem(Cluster), new() { Actions = [], Reached = Small.Placed(0, 0, 1), Settings = new() }));

    [Fact]
    public void A_VM_that_is_to_be_shut_down_takes_room_until_then()
    {
        PlannedAction move = new()
        {
            Id = 4,
            Kind = ActionKind.Migrate,
            Vm = new VmId(0),
            From = Small.On(0),
            To = Small.On(1),
            Start = 1,
            End = 4,
        };
        Assert.Equal(
            ["While action 4 runs, cpu of host h1 is 11; its limit is 10."],
            TimedPlanChecker.Check(new PlacementProblem(Cluster), Plan(Small.Placed(1, 0, -1), Grow, Stop, move, On)));
        Assert.Empty(TimedPlanChecker.Check(
            new PlacementProblem(Cluster), Plan(Small.Placed(1, 0, -1), Grow, Stop, move with { Start = 5, End = 8 }, On)));
    }

    [Fact]
    public void No_VM_comes_to_a_host_before_it_is_on()
    {
        PlannedAction early = new() { Id = 4, Kind = ActionKind.Migrate, Vm = new VmId(1), From = Small.On(0), To = Small.On(2), Start = 8, End = 11 };
        Assert.Equal(
            ["VM v1 comes to host h2, which is not available when action 4 begins."],
            TimedPlanChecker.Check(new PlacementProblem(Cluster), Plan(Small.Placed(0, 2, -1), Grow, Stop, On, early)));
    }

    [Fact]
    public void Rules_and_objectives_do_not_count_what_is_to_be_shut_down()
    {
        PlacementView view = Cluster.AtStart();
        Judge.Keeps(new Ban(Small.Vms(2), Small.HostsOf(1)), view);
        Judge.Keeps(new GroupCapacity(Small.HostsOf(1), 0), view);
        Judge.IsWorth(1, new ActiveHosts(), view);
    }

    [Fact]
    public void Changes_that_make_no_sense_are_refused()
    {
        static void Refused(VirtualMachine vm, params string[] words) => Judge.Refuses(() => Small.Cluster(Small.Hosts(1), vm), words);

        Refused(Small.Vm(0, 0) with { IsLeaving = true }, "VM (v0) is leaving", "not be movable");
        Refused(Small.New(0) with { DemandNow = [1, 1] }, "VM (v0) has no host");
        Refused(Small.Vm(0, 0) with { DemandNow = [1] }, "demand now of VM (v0)", "1 amounts for 2 dimensions");
        Judge.Refuses(() => Small.Cluster([Small.Host(0) with { StateNow = HostState.Off }], Small.Vm(0, 0)), "VM (v0) is on host (h0), which is off now");
        Judge.Refuses(() => Small.Cluster([Small.Host(0) with { StateNow = HostState.Maintenance }]), "host (h0)", "(Maintenance)", "(Available)");
        Judge.Refuses(
            () => _ = new ClusterSnapshot([new("disk", "GiB", IsTransient: true)], [new Host { Name = "h0", Capacity = [9] }],
                [new VirtualMachine { Name = "v0", Demand = [2], DemandNow = [1], Start = Small.On(0) }]),
            "VM (v0)", "transient dimension (disk)");
    }

    private static IReadOnlyList<string> Faults(params PlannedAction[] actions) =>
        TimedPlanChecker.Check(new PlacementProblem(Cluster), Plan(Small.Placed(0, 0, -1), actions));

    private static TimedPlan Plan(Placement reached, params PlannedAction[] actions) => new() { Actions = actions, Reached = reached, Settings = new() };
}
