namespace VirtOpt.Core.Tests;

/// <summary>The judge of every result.</summary>
public sealed class PlacementCheckerTests
{
    /// <summary>h0 is overfull by 2 cores at the start.</summary>
    private static readonly ClusterSnapshot Cluster = Small.Cluster(
        Small.Hosts(3), Small.Vm(0, 0, 6), Small.Vm(1, 0, 6), Small.Vm(2, 1, 3) with { MigrationCost = 5 });

    private static readonly PlacementProblem Problem = new(Cluster) { Objectives = [new ActiveHosts(10), new HostPrice(2, 3), new PeakLoad("cpu", 1, 1)] };

    [Fact]
    public void APlacementThatBreaksNothingIsValid()
    {
        CheckReport report = PlacementChecker.Check(Problem, Small.Placed(0, 2, 1));
        Assert.True(report.IsValid);
        Assert.Empty(report.Unrepaired);
    }

    [Fact]
    public void WhatTheStartBrokeMayStayBroken()
    {
        CheckReport report = PlacementChecker.Check(Problem, Small.Placed(0, 0, 1));
        Assert.True(report.IsValid);
        BrokenRule unrepaired = Assert.Single(report.Unrepaired);
        Assert.Equal(("capacity", "cpu of host h0", 2L, 2L), (unrepaired.Constraint, unrepaired.Item, unrepaired.Amount, unrepaired.AtStart));
        Assert.Equal("host h0 holds 12 core of cpu; its limit is 10.", unrepaired.Message);
    }

    [Fact]
    public void ButItMayNotGetWorse()
    {
        CheckReport report = PlacementChecker.Check(Problem, Small.Placed(0, 0, 0));
        Assert.False(report.IsValid);
        BrokenRule violation = Assert.Single(report.Violations);
        Assert.Equal(("cpu of host h0", 5L, 2L), (violation.Item, violation.Amount, violation.AtStart));
        Assert.Empty(report.Unrepaired);
    }

    [Fact]
    public void NorBeTradedForAnotherItem()
    {
        CheckReport report = PlacementChecker.Check(Problem, Small.Placed(2, 2, 1));
        BrokenRule violation = Assert.Single(report.Violations);
        Assert.Equal(("cpu of host h2", 2L, 0L), (violation.Item, violation.Amount, violation.AtStart));
    }

    [Fact]
    public void TermsAreNamedAndLevelsAddThemUp()
    {
        CheckReport report = PlacementChecker.Check(Problem, Small.Placed(0, 2, 2));
        Assert.Equal(
            [
                new("active hosts", 1, 10, 2), new("host price", 3, 2, 2), new("peak load of cpu", 1, 1, 900_000),
                new("migrations (count)", 1000, 1, 2), new("migrations (cost)", 1001, 1, 6),
            ],
            report.Terms);
        Assert.Equal([(10 * 2) + 900_000, 2 * 2, 2, 6], report.Levels);
    }

    [Fact]
    public void ABrokenSoftRuleCostsAndIsNoViolation()
    {
        PlacementProblem soft = new(Cluster) { Constraints = [new Capacity { Soft = new Soft(4) }] };
        CheckReport report = PlacementChecker.Check(soft, Small.Placed(0, 0, 0));
        Assert.True(report.IsValid);
        Assert.Equal(new TermValue("soft capacity", 1, 4, 5), report.Terms[0]);
        Assert.Equal(20, report.Levels[0]);
    }

    [Theory]
    [InlineData("is not placed", 0, -1, 1)]
    [InlineData("is not placed", 0, 3, 1)]
    public void EveryVmNeedsAHostThatExists(string words, params int[] hosts) => Wrong(Cluster, Small.Placed(hosts), "VM v1", words);

    [Fact]
    public void APlacementIsForAllVms() => Wrong(Cluster, Small.Placed(0, 2), "all VMs", "for 2 VMs; the cluster has 3");

    [Fact]
    public void AVmThatCannotMoveStays()
    {
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0) with { Movable = false });
        Wrong(cluster, Small.Placed(1), "VM v0", "has moved to host h1 but cannot move");
    }

    [Fact]
    public void PartsMatchTheShapeOfTheVm()
    {
        Host host = Small.Host(0) with { NumaNodes = [new([5, 0], [0]), new([5, 0], [0])], Gpus = [new([0, 8], [1], "A"), new([0, 8], [1], "B")] };
        ClusterSnapshot cluster = Small.Cluster([host], Small.New(0) with { NumaNodes = 1, Gpus = 1, GpuModels = ["A"] });
        void WrongAt(uint numa, uint gpus, string words) => Wrong(cluster, new Placement([new Place(new HostId(0), numa, gpus)]), "VM v0", words);
        WrongAt(0b00, 0b01, "wrong NUMA nodes () on host h0");
        WrongAt(0b11, 0b01, "wrong NUMA nodes (0,1) on host h0");
        WrongAt(0b100, 0b01, "wrong NUMA nodes (2) on host h0");
        WrongAt(0b01, 0b11, "wrong GPUs (0,1) on host h0");
        WrongAt(0b01, 0b100, "wrong GPUs (2) on host h0");
        WrongAt(0b01, 0b10, "GPU of the wrong model on host h0");
        Assert.True(PlacementChecker.Check(new PlacementProblem(cluster), new Placement([new Place(new HostId(0), 0b10, 0b01)])).IsValid);
    }

    private static void Wrong(ClusterSnapshot cluster, Placement placement, string item, string words)
    {
        BrokenRule wrong = Assert.Single(PlacementChecker.Check(new PlacementProblem(cluster), placement).Violations);
        Assert.Equal(("placement", item), (wrong.Constraint, wrong.Item));
        Assert.Contains(words, wrong.Message, StringComparison.Ordinal);
    }
}
