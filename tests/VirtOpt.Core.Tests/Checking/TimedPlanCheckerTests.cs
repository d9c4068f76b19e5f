namespace VirtOpt.Core.Tests;

/// <summary>The judge of timed plans: each kind of fault is found, and a plan without fault passes.</summary>
public sealed class TimedPlanCheckerTests
{
    /// <summary>v0 (8 cores) on h0, v1 (7) on h1, h2 is empty, v2 (3) is new.</summary>
    private static readonly ClusterSnapshot Cluster = Small.Cluster(Small.Hosts(3), Small.Vm(0, 0, 8), Small.Vm(1, 1, 7), Small.New(2, 3));

    private static readonly PlanSettings NoLimits = new() { Limits = new() { PerHost = null } };

    private static readonly TimedPlan Good = Plan(Small.Placed(1, 2, 0), Move(1, 1, 1, 2, 0, 10), Move(2, 0, 0, 1, 10, 20, 1), Boot(3, 2, 0, 20, 25, 2));

    [Fact]
    public void A_good_plan_has_no_fault() => Faults(Cluster, Good);

    [Fact]
    public void A_host_carries_what_comes_and_what_has_not_left_yet() => Faults(
        Cluster, Plan(Small.Placed(1, 2, -1), Move(1, 1, 1, 2, 0, 10), Move(2, 0, 0, 1, 9, 20)),
        "While action 2 runs, cpu of host h1 is 15; its limit is 10.");

    [Fact]
    public void Dependencies_are_kept() => Faults(
        Cluster, Plan(Small.Placed(0, 2, 2), Move(1, 1, 1, 2, 0, 10), Boot(2, 2, 2, 5, 9, 1)),
        "Action 2 begins at second 5, before action 1, which it waits for, ends at 10.");

    [Fact]
    public void A_VM_is_where_its_action_begins_and_in_one_action_at_a_time()
    {
        Faults(
            Cluster, Plan(Small.Placed(0, 2, -1), Move(1, 1, 0, 2, 0, 10)), "VM v1 is not where action 1 begins.");
        Faults(Cluster, Plan(Small.Placed(0, 2, -1), Move(1, 1, 1, 2, 0, 10), Move(2, 1, 1, 2, 5, 10)), "VM v1 is in two actions at once.");
    }

    [Fact]
    public void What_has_a_place_is_not_booted_and_what_has_none_does_not_move() => Faults(
        Cluster, Plan(Small.Placed(0, 2, 2), Boot(1, 1, 2, 0, 5), Move(2, 2, 1, 2, 6, 9)),
        "VM v1 has a place already when action 1 begins.", "VM v2 has no place when action 2 begins.");

    [Fact]
    public void A_VM_that_cannot_move_stays()
    {
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0) with { Movable = false });
        Faults(cluster, Plan(Small.Placed(1), Move(1, 0, 0, 1, 0, 5)), "VM v0 migrates but cannot move.");
    }

    [Fact]
    public void Limits_on_parallel_migrations_are_kept()
    {
        ClusterSnapshot cluster = Small.Cluster(4, 0, 0, 1);
        TimedPlan Moves(PlanLimits limits) =>
            Plan(Small.Placed(2, 3, 3), Move(1, 0, 0, 2, 0, 9), Move(2, 1, 0, 3, 5, 9), Move(3, 2, 1, 3, 8, 12)) with { Settings = new() { Limits = limits } };
        Faults(cluster, Moves(new PlanLimits { PerHost = 2 }));
        Faults(
            cluster, Moves(new PlanLimits { PerHost = 1 }), "At second 5, host h0 takes part in 2 migrations; at most 1 may be.",
            "At second 8, host h3 takes part in 2 migrations; at most 1 may be.");
        Faults(cluster, Moves(new PlanLimits { PerHostOut = 1 }), "At second 5, 2 migrations leave host h0; at most 1 may.");
        Faults(cluster, Moves(new PlanLimits { PerHostIn = 1 }), "At second 8, 2 migrations come to host h3; at most 1 may.");
        Faults(cluster, Moves(new PlanLimits { InCluster = 2 }), "At second 8, 3 migrations run in the cluster; at most 2 may.");
        Faults(
            cluster, Moves(new PlanLimits { LinkScope = "rack", PerLink = 2 }), "At second 8, 3 migrations run over the link of rack r0; at most 2 may.",
            "At second 8, 3 migrations run over the link of rack r1; at most 2 may.");
        Faults(cluster, Moves(new PlanLimits { Deadline = 11 }), "Action 3 ends at second 12, after the deadline of 11.");
        Faults(cluster, Moves(new PlanLimits { Windows = [new(0, 9), new(9, 20)] }), "Action 3 from second 8 to 12 lies in no window.");
    }

    [Fact]
    public void Separation_holds_at_both_ends_of_a_move_other_rules_where_the_VM_is()
    {
        ClusterSnapshot cluster = Small.Cluster(3, 0, 1);
        PlacementProblem apart = new(cluster) { Constraints = [new AntiAffinity(Small.Vms(0, 1)) { Continuous = true }] };
        TimedPlan tooEarly = Plan(Small.Placed(1, 2), Move(1, 1, 1, 2, 0, 10), Move(2, 0, 0, 1, 9, 19));
        Assert.Equal(["While action 2 runs, 2 VMs break anti-affinity of web by host (at most 1)."], TimedPlanChecker.Check(apart, tooEarly));
        Assert.Empty(TimedPlanChecker.Check(new PlacementProblem(cluster) { Constraints = [new AntiAffinity(Small.Vms(0, 1))] }, tooEarly));
        PlacementProblem together = new(Small.Cluster(2, 0, 0)) { Constraints = [new Affinity(Small.Vms(0, 1)) { Continuous = true }] };
        Assert.Single(TimedPlanChecker.Check(together, Plan(Small.Placed(1, 1), Move(1, 0, 0, 1, 0, 10), Move(2, 1, 0, 1, 0, 11))));
        Assert.Empty(TimedPlanChecker.Check(together, Plan(Small.Placed(1, 1), Move(1, 0, 0, 1, 0, 10), Move(2, 1, 0, 1, 0, 10))));
    }

    [Fact]
    public void A_host_takes_VMs_only_while_it_is_up_and_is_empty_when_it_goes_down()
    {
        ClusterSnapshot cluster = Small.Cluster([Small.Host(0), Small.Host(1) with { State = HostState.Off }], Small.Vm(0, 0));
        PlacementProblem problem = new(cluster) { Constraints = [new HostAvailability { Soft = new Soft() }] };
        PlannedAction up = new() { Id = 1, Kind = ActionKind.BootHost, Host = new HostId(1), Start = 0, End = 5 };
        PlannedAction down = new() { Id = 3, Kind = ActionKind.ShutdownHost, Host = new HostId(0), Start = 15, End = 20 };
        Assert.Empty(TimedPlanChecker.Check(problem, Plan(Small.Placed(1), up, Move(2, 0, 0, 1, 5, 15), down)));
        Assert.Equal(
            ["VM v0 comes to host h1, which is not available when action 2 begins."],
            TimedPlanChecker.Check(problem, Plan(Small.Placed(1), up, Move(2, 0, 0, 1, 4, 15), down)));
        Assert.Equal(
            ["Host h0 still holds 1 VMs when action 3 begins."],
            TimedPlanChecker.Check(problem, Plan(Small.Placed(1), up, Move(2, 0, 0, 1, 5, 16), down)));
    }

    [Fact]
    public void A_VM_may_only_grow_where_there_is_room()
    {
        PlannedAction Grow(long amount) =>
            new() { Id = 1, Kind = ActionKind.Resize, Vm = new VmId(0), Dimension = 0, Amount = amount, Start = 0, End = 1 };
        Faults(Cluster, Plan(Small.Placed(0, 1, -1), Grow(10)));
        Faults(Cluster, Plan(Small.Placed(0, 1, -1), Grow(11)), "After action 1, cpu of host h0 is 11; its limit is 10.");
    }

    [Fact]
    public void A_suspended_VM_leaves_room_and_comes_back_elsewhere()
    {
        PlannedAction save = new() { Id = 1, Kind = ActionKind.Suspend, Vm = new VmId(0), From = Small.On(0), Start = 0, End = 5 };
        PlannedAction restore = new() { Id = 3, Kind = ActionKind.Resume, Vm = new VmId(0), To = Small.On(1), Start = 15, End = 20, After = [1, 2] };
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0, 8), Small.Vm(1, 1, 7));
        Faults(cluster, Plan(Small.Placed(1, 0), save, Move(2, 1, 1, 0, 5, 15, 1), restore));
        Faults(
            cluster, Plan(Small.Placed(1, 0), save, Move(2, 1, 1, 0, 4, 15), restore), "While action 2 runs, cpu of host h0 is 15; its limit is 10.");
    }

    [Fact]
    public void The_plan_ends_where_it_says_and_keeps_discrete_rules_there()
    {
        Faults(Cluster, Good with { Reached = Small.Placed(1, 2, 1) }, "The plan does not end at the placement that it names.");
        ClusterSnapshot cluster = Small.Cluster(3, 0, 1);
        PlacementProblem apart = new(cluster) { Constraints = [new AntiAffinity(Small.Vms(0, 1))] };
        Assert.Equal(
            ["At the end, 2 VMs of web are in host h1; at most 1 may be."], TimedPlanChecker.Check(apart, Plan(Small.Placed(1, 1), Move(1, 0, 0, 1, 0, 10))));
    }

    [Fact]
    public void A_plan_that_is_no_plan_is_not_replayed()
    {
        TimedPlan twice = Plan(Small.Placed(0, 1, -1), Move(1, 1, 1, 2, 0, 10), Move(1, 1, 2, 1, 10, 20, 7));
        Faults(Cluster, twice, "The id 1 is there twice.", "Action 1 waits for action 7, which is not there.");
        Faults(Cluster, Plan(Small.Placed(0, 1, -1), Move(1, 1, 1, 2, 10, 9)), "Action 1 runs from second 10 to 9.");
    }

    private static void Faults(ClusterSnapshot cluster, TimedPlan plan, params string[] faults) =>
        Assert.Equal(faults, TimedPlanChecker.Check(new PlacementProblem(cluster), plan));

    private static TimedPlan Plan(Placement reached, params PlannedAction[] actions) => new() { Actions = actions, Reached = reached, Settings = NoLimits };

    private static PlannedAction Move(int id, int vm, int from, int to, long start, long end, params int[] after) => new()
    {
        Id = id,
        Kind = ActionKind.Migrate,
        Vm = new VmId(vm),
        From = Small.On(from),
        To = Small.On(to),
        Start = start,
        End = end,
        After = after,
    };

    private static PlannedAction Boot(int id, int vm, int to, long start, long end, params int[] after) =>
        Move(id, vm, 0, to, start, end, after) with { Kind = ActionKind.Boot, From = null };
}
