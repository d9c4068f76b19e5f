namespace VirtOpt.Core.Tests;

/// <summary>The judge of every plan: each kind of fault is found, and a plan without fault passes.</summary>
public sealed class MigrationPlanCheckerTests
{
    /// <summary>v0 (8 cores) on h0, v1 (7) on h1, h2 is empty, v2 (3) is new.</summary>
    private static readonly ClusterSnapshot Cluster = Small.Cluster(Small.Hosts(3), Small.Vm(0, 0, 8), Small.Vm(1, 1, 7), Small.New(2, 3));

    private static readonly PlacementProblem Problem = new(Cluster);

    /// <summary>v1 makes room, v0 takes its place, v2 starts where that was.</summary>
    private static readonly MigrationPlan Good = new()
    {
        Waves = [Wave(Move(1, 1, 2)), Wave(Move(0, 0, 1))],
        Boots = [Move(2, -1, 0)],
        Reached = Small.Placed(1, 2, 0),
    };

    [Fact]
    public void AGoodPlanHasNoFault() => Assert.Empty(MigrationPlanChecker.Check(Problem, Good));

    [Fact]
    public void AMigrationStartsWhereItsVmIs() =>
        Faults(Good with { Waves = [Wave(Move(1, 0, 2)), Wave(Move(0, 0, 1))] }, "VM v1 is not where its migration starts.");

    [Fact]
    public void AStepMayNotOverfillAHost() => Faults(
        Good with { Waves = [Wave(Move(0, 0, 1)), Wave(Move(1, 1, 2))] },
        "During a wave host h1 holds 15 of cpu; its limit is 10.",
        "After the migration of VM v0, capacity is broken at cpu of host h1 by 5.");

    [Fact]
    public void InAWaveSourcesAreStillCharged() =>
        Faults(Good with { Waves = [Wave(Move(1, 1, 2), Move(0, 0, 1))] }, "During a wave host h1 holds 15 of cpu; its limit is 10.");

    [Fact]
    public void AVmThatCannotMoveDoesNotMigrate()
    {
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0) with { Movable = false });
        MigrationPlan plan = new() { Waves = [Wave(Move(0, 0, 1))], Reached = Small.Placed(1) };
        Assert.Equal(["VM v0 migrates but cannot move."], MigrationPlanChecker.Check(new PlacementProblem(cluster), plan));
    }

    [Fact]
    public void ThePlanEndsWhereItSays() => Faults(Good with { Reached = Small.Placed(1, 2, 1) }, "The plan does not end at the placement that it names.");

    [Fact]
    public void OnlyVmsWithoutAPlaceAreBooted() =>
        Faults(Good with { Waves = [], Boots = [Move(1, 1, 2)], Reached = Small.Placed(0, 2, -1) }, "VM v1 is placed already and cannot be booted elsewhere.");

    [Fact]
    public void BootsMayNotOverfillAHost() =>
        Faults(
            Good with { Waves = [], Boots = [Move(2, -1, 0)], Reached = Small.Placed(0, 1, 0) }, "After the boots, capacity is broken at cpu of host h0 by 1.");

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void NoMigrationGoesNowhere(int host) =>
        Faults(new MigrationPlan { Waves = [Wave(Move(0, 0, host))], Reached = Small.Placed(0, 1, -1) }, "VM v0 goes to a place that does not suit it.");

    [Fact]
    public void AContinuousRuleHoldsAfterEveryStepADiscreteOneOnlyAtTheEnd()
    {
        ClusterSnapshot cluster = Small.Cluster(3, 0, 1);
        MigrationPlan hop = new() { Waves = [Wave(Move(0, 0, 1)), Wave(Move(1, 1, 2))], Reached = Small.Placed(1, 2) };
        AntiAffinity rule = new(Small.Vms(0, 1));
        Assert.Empty(MigrationPlanChecker.Check(new PlacementProblem(cluster) { Constraints = [rule] }, hop));
        Assert.Equal(
            ["After the migration of VM v0, anti-affinity of web by host (at most 1) is broken at host h1 by 1."],
            MigrationPlanChecker.Check(new PlacementProblem(cluster) { Constraints = [rule with { Continuous = true }] }, hop));
        Assert.Empty(MigrationPlanChecker.Check(new PlacementProblem(cluster) { Constraints = [rule with { Continuous = true, Soft = new Soft() }] }, hop));
    }

    [Fact]
    public void ARuleThatIsThereTwiceIsJudgedLikeOne()
    {
        AntiAffinity rule = new(Small.Vms(0, 1)) { Continuous = true };
        PlacementProblem problem = new(Small.Cluster(2, 0, 0)) { Constraints = [rule, rule with { }] };
        Assert.Empty(MigrationPlanChecker.Check(problem, new MigrationPlan { Waves = [Wave(Move(1, 0, 1))], Reached = Small.Placed(0, 1) }));
    }

    [Fact]
    public void WhatTheStartBreaksMayStayBrokenOnTheWay()
    {
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0, 6), Small.Vm(1, 0, 6), Small.Vm(2, 0, 1));
        MigrationPlan plan = new() { Waves = [Wave(Move(2, 0, 1))], Reached = Small.Placed(0, 0, 1) };
        Assert.Empty(MigrationPlanChecker.Check(new PlacementProblem(cluster), plan));
    }

    [Fact]
    public void APlanCountsItsMigrationsAndHops()
    {
        MigrationPlan plan = Good with { Waves = [Wave(Move(1, 1, 2) with { IsHop = true }), Wave(Move(0, 0, 1), Move(1, 2, 0))], Unreached = [new VmId(2)] };
        Assert.Equal((3, 1, false), (plan.Migrations.Count, plan.Hops, plan.IsComplete));
        Assert.True(Good.IsComplete);
    }

    private static void Faults(MigrationPlan plan, params string[] faults) => Assert.Equal(faults, MigrationPlanChecker.Check(Problem, plan));

    private static Migration Move(int vm, int from, int to) => new(new VmId(vm), Small.On(from), Small.On(to));

    private static MigrationWave Wave(params Migration[] migrations) => new(migrations);
}
