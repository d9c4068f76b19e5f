namespace VirtOpt.Core.Tests;

/// <summary>What a problem adds to its rules and objectives, and what it refuses.</summary>
public sealed class PlacementProblemTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(2, 0, 1);

    [Fact]
    public void CapacityAndAvailabilityAreAddedWhereTheyAreMissing()
    {
        Assert.Equal([typeof(Capacity), typeof(HostAvailability)], new PlacementProblem(Cluster).Constraints.Select(c => c.GetType()));
        Capacity soft = new() { Soft = new Soft(5) };
        Assert.Equal([typeof(HostAvailability), typeof(Capacity)], new PlacementProblem(Cluster) { Constraints = [soft] }.Constraints.Select(c => c.GetType()));
    }

    [Fact]
    public void HardRulesAreRequirementsAndSoftOnesGoals()
    {
        AntiAffinity hard = new(Small.Vms(0, 1));
        PlacementProblem problem = new(Cluster) { Constraints = [hard, hard with { Soft = new Soft(7, 2) }], Objectives = [new ActiveHosts(3)] };
        PlacementModel model = problem.Compile();
        Assert.Single(model.Requirements, r => ReferenceEquals(r.Source, hard));
        Assert.Single(model.Goals, g => g is { Level: 2, Weight: 7 });
        Assert.Single(model.Goals, g => g is { Level: 1, Weight: 3, Name: "active hosts" });
        Assert.Equal([1, 2, PlacementProblem.TieBreakLevel], model.Levels);
    }

    [Fact]
    public void TiesAreBrokenByTheNumberOfMigrationsThenByTheirCost()
    {
        Assert.Equal([new Migrations(Level: PlacementProblem.TieBreakLevel)], new PlacementProblem(Cluster).StayPut());
        ClusterSnapshot uneven = Small.Cluster(Small.Hosts(1), Small.Vm(0, 0), Small.Vm(1, 0) with { MigrationCost = 9 });
        Assert.Equal(["count", "cost"], new PlacementProblem(uneven).StayPut().OfType<Migrations>().Select(m => m.Of));
        Assert.Empty(new PlacementProblem(Small.Cluster(Small.Hosts(1), Small.New(0))).StayPut());
    }

    [Fact]
    public void TwoGroupsOfOneNameAreTwoLoads()
    {
        PlacementModel model = new PlacementProblem(Cluster) { Constraints = [new AntiAffinity(Small.Vms(0)), new AntiAffinity(Small.Vms(1))] }.Compile();
        Assert.Equal(2, model.Families.Count(f => f.Name == "VMs of web by host"));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1_000_000_001, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 101)]
    public void SoftRulesOutOfRangeAreRefused(long weight, int level) =>
        Judge.Refuses(
            new HostAvailability { Soft = new Soft(weight, level) }, Cluster, "are empty", $"weight ({weight})", $"level ({level})", "leave soft out");
}
