namespace VirtOpt.Solver.Tests.Sequencing;

/// <summary>Timed plans that change demands, shut VMs down and switch hosts: what shrinks shrinks first, what grows grows when there is room.</summary>
public sealed class ChangePlanTests
{
    private static readonly PlanOptions Quick = new() { TimeLimit = TimeSpan.Zero };

    [Fact]
    public void A_VM_grows_after_another_has_left_and_the_dependency_says_so()
    {
        ClusterSnapshot cluster = Cluster([10, 10], (6, 3, 0), (3, 3, 0), (4, 4, 0));
        TimedPlan plan = Plan(new PlacementProblem(cluster), new([On(0), On(0), On(1)]));
        PlannedAction move = Assert.Single(plan.Moves);
        PlannedAction grow = Assert.Single(plan.Actions, a => a.Kind == ActionKind.Resize);
        Assert.Equal((new VmId(0), 0, 6L), (grow.Vm!.Value, grow.Dimension!.Value, grow.Amount));
        Assert.True(grow.Start >= move.End && grow.After.Contains(move.Id));
        Assert.Equal(1, plan.MigrationsBound);
    }

    [Fact]
    public void A_VM_that_moves_shrinks_before_and_grows_after()
    {
        ClusterSnapshot cluster = new(
            [new("cpu", "core"), new("memory", "GiB")], [.. Enumerable.Range(0, 2).Select(h => new Host { Name = $"h{h}", Capacity = [10, 10] })],
            [new VirtualMachine { Name = "v0", Demand = [8, 2], DemandNow = [2, 8], Start = On(0) }]);
        TimedPlan plan = Plan(new PlacementProblem(cluster), new([On(1)]));
        Assert.Equal([ActionKind.Resize, ActionKind.Migrate, ActionKind.Resize], plan.Actions.Select(a => a.Kind));
        Assert.Equal([1, 0], plan.Actions.Where(a => a.Kind == ActionKind.Resize).Select(a => a.Dimension!.Value));
    }

    [Fact]
    public void A_VM_that_finds_no_room_to_grow_is_named_with_the_reason()
    {
        ClusterSnapshot cluster = Cluster([10], (6, 3, 0), (5, 5, 0));
        TimedPlan plan = Plan(new PlacementProblem(cluster), new([On(0), On(0)]));
        Assert.Contains("lacks 1 of cpu for it to grow to 6", Assert.Single(plan.Unreached).Reason, StringComparison.Ordinal);
        Assert.Null(plan.MigrationsBound);
    }

    [Fact]
    public void A_host_is_switched_on_before_VMs_come_and_off_when_they_have_left()
    {
        Host[] hosts =
        [
            new() { Name = "h0", Capacity = [10], State = HostState.Off, StateNow = HostState.Available },
            new() { Name = "h1", Capacity = [10], StateNow = HostState.Off },
        ];
        VirtualMachine leaving = new() { Name = "v1", Demand = [0], DemandNow = [2], Start = On(0), IsLeaving = true, Movable = false };
        ClusterSnapshot cluster = new([new("cpu", "core")], hosts, [new() { Name = "v0", Demand = [4], Start = On(0) }, leaving]);
        PlanSettings settings = new() { Transfer = new() { HostBootSeconds = 50, HostShutdownSeconds = 9, ShutdownSeconds = 70 } };
        TimedPlan plan = new MigrationPlanner().Schedule(
            new PlacementProblem(cluster), new([On(1), On(0)]), settings, Quick, TestContext.Current.CancellationToken);
        Assert.Equal(
            [ActionKind.Shutdown, ActionKind.BootHost, ActionKind.Migrate, ActionKind.ShutdownHost], plan.Actions.Select(a => a.Kind));
        Assert.Equal([0L, 0L, 50L, 70L], plan.Actions.Select(a => a.Start));
        Assert.Equal(79, plan.Makespan);
        Assert.Contains(plan.Actions[1].Id, plan.Actions[2].After);
        Assert.Equal(2, plan.Actions[3].After.Count);
        Assert.Equal(Placement.Nowhere, plan.Reached[new VmId(1)]);
    }

    [Fact]
    public void Hosts_boot_and_go_off_beside_small_waves_and_a_plan_may_end_after_each()
    {
        Host[] hosts =
        [
            new() { Name = "h0", Capacity = [10], State = HostState.Off, StateNow = HostState.Available },
            new() { Name = "h1", Capacity = [10], StateNow = HostState.Off },
            new() { Name = "h2", Capacity = [10], State = HostState.Off, StateNow = HostState.Available },
        ];
        VirtualMachine[] vms = [.. Enumerable.Range(0, 3).Select(v => new VirtualMachine { Name = $"v{v}", Demand = [2], Start = On(v == 2 ? 2 : 0) })];
        PlacementProblem problem = new(new ClusterSnapshot([new("cpu", "core")], hosts, vms));
        PlanSettings settings = new() { Transfer = new() { HostBootSeconds = 50, HostShutdownSeconds = 500 }, Limits = new() { WaveSize = 1, WavePause = 30 } };
        TimedPlan plan = new MigrationPlanner().Schedule(
            problem, new([On(1), On(1), On(1)]), settings, Quick with { WithCurve = true }, TestContext.Current.CancellationToken);
        Assert.Empty(TimedPlanChecker.Check(problem, plan));
        Assert.Equal([0], plan.Actions.Where(a => a.Kind == ActionKind.BootHost).Select(a => a.Wave));
        Assert.Equal(2, plan.Actions.Count(a => a.Kind == ActionKind.Check));
        foreach (PlannedAction off in plan.Actions.Where(a => a.Kind == ActionKind.ShutdownHost))
            Assert.Equal(plan.Actions.Where(a => a.From?.Host == off.Host).Max(a => a.Wave), off.Wave);
        for (int wave = 0; wave <= 3; wave++)
        {
            TimedPlan part = plan.Until(problem.Cluster, wave);
            Assert.Empty(TimedPlanChecker.Check(problem, part));
            Assert.Equal((wave, 3 - wave), (part.Moves.Count(), part.Unreached.Count));
        }
    }

    [Fact]
    public void Affinity_that_no_order_can_break_lets_VMs_move_at_the_same_time()
    {
        ClusterSnapshot cluster = new(
            [new("cpu", "core")],
            [.. Enumerable.Range(0, 4).Select(h => new Host { Name = $"h{h}", Capacity = [10], Labels = new Dictionary<string, string> { ["rack"] = "r0" } })],
            [.. Enumerable.Range(0, 2).Select(v => new VirtualMachine { Name = $"v{v}", Demand = [4], Start = On(v) })]);
        PlacementProblem problem = new(cluster) { Constraints = [new Affinity(cluster.AllVms, "rack") { Continuous = true }] };
        Assert.Equal([0L, 0L], Plan(problem, new([On(2), On(3)])).Actions.Select(a => a.Start));
    }

    [Fact]
    public void Plans_of_random_changes_pass_the_checker_as_planned_and_with_other_durations()
    {
        (int resizes, int stops, int whole) = (0, 0, 0);
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            PlacementProblem problem = Problem(random);
            Placement? target = null;
            for (int i = 0; i < 200 && target is null; i++)
                if (RandomProblems.Placement(problem.Cluster, random) is { } found && PlacementChecker.Check(problem, found).IsValid) target = found;
            if (target is null) continue;
            TimedPlan plan = Plan(problem, target);
            PlanSimulator simulator = new(problem, plan, 0.5, seed);
            for (int run = 0; run < 3; run++) Assert.Empty(simulator.Run().Faults);
            resizes += plan.Actions.Count(a => a.Kind == ActionKind.Resize);
            stops += plan.Actions.Count(a => a.Kind == ActionKind.Shutdown);
            whole += plan.IsComplete ? 1 : 0;
        }

        Assert.True(resizes > 200 && stops > 30 && whole > 100, $"{resizes} resizes, {stops} shutdowns, {whole} whole plans");
    }

    private static TimedPlan Plan(PlacementProblem problem, Placement target)
    {
        TimedPlan plan = new MigrationPlanner().Schedule(problem, target, null, Quick, TestContext.Current.CancellationToken);
        Assert.Empty(TimedPlanChecker.Check(problem, plan));
        return plan;
    }

    /// <summary>A random problem in which some VMs change their demand and some are to be shut down; the first host is booted in some.</summary>
    private static PlacementProblem Problem(Random random)
    {
        ClusterSnapshot made = RandomProblems.Cluster(random, 4, 8, newVms: 0.1);
        bool isTransient = made.Dimensions[1].IsTransient;
        VirtualMachine[] vms = [.. made.Vms.Select(vm => Changed(vm, random, isTransient))];
        bool boots = random.Next(3) == 0 && made.Hosts[0].State == HostState.Available && !vms.Any(vm => vm.Start?.Host.Index == 0);
        Host[] hosts = [.. made.Hosts.Select((host, h) => boots && h == 0 ? host with { StateNow = HostState.Off } : host)];
        ClusterSnapshot cluster = new(made.Dimensions, hosts, vms);
        List<Constraint> rules = [new Capacity()];
        VmGroup staying = new("staying", [.. cluster.AllVms.Members.Where(vm => !cluster[vm].IsLeaving)]);
        if (random.Next(2) == 0 && staying.Members.Count > 1) rules.Add(new AntiAffinity(staying, Scope.Host, 2) { Continuous = true });
        HostGroup half = new("half", [new HostId(0), new HostId(1)]);
        if (random.Next(2) == 0) rules.Add(new GroupCapacity(half, 14, "cpu") { Continuous = random.Next(2) == 0 });
        return new PlacementProblem(cluster) { Constraints = rules };
    }

    private static VirtualMachine Changed(VirtualMachine vm, Random random, bool isTransient)
    {
        if (vm.Start is null || vm.Reservation.Count > 0) return vm;
        return random.Next(5) switch
        {
            0 when !isTransient => vm with { Demand = [0, 0], DemandNow = vm.Demand, IsLeaving = true, Movable = false },
            1 or 2 => vm with { DemandNow = [random.Next(1, 7), isTransient ? vm.Demand[1] : random.Next(1, 9)] },
            _ => vm,
        };
    }

    private static ClusterSnapshot Cluster(long[] capacities, params (long Demand, long Now, int Host)[] vms) => new(
        [new("cpu", "core")], [.. capacities.Select((capacity, h) => new Host { Name = $"h{h}", Capacity = [capacity] })],
        [
            .. vms.Select((vm, v) => new VirtualMachine
            {
                Name = $"v{v}",
                Demand = [vm.Demand],
                DemandNow = vm.Demand == vm.Now ? [] : [vm.Now],
                Start = On(vm.Host),
            }),
        ]);

    private static Place On(int host) => new(new HostId(host));
}
