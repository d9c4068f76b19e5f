namespace VirtOpt.Core.Tests;

/// <summary>Limits of migrations, in all and by item, of all VMs and of a group.</summary>
public sealed class MigrationLimitTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(
        Small.Hosts(4),
        Small.Vm(0, 0, memory: 4) with { MigrationCost = 3, Downtime = DowntimeClass.Cold },
        Small.Vm(1, 0, memory: 6) with { Downtime = DowntimeClass.Paused },
        Small.Vm(2, 1),
        Small.New(3));

    /// <summary>v0 goes from h0 to h1 and v1 from h0 to h2; v3 is new and does not migrate.</summary>
    private static readonly PlacementView TwoMoved = Cluster.At(1, 2, 1, 3);

    [Fact]
    public void UpToTheLimitKeepsIt()
    {
        Judge.Keeps(new MigrationLimit(2), TwoMoved);
        Judge.Keeps(new MigrationLimit(0), Cluster.At(0, 0, 1, 2));
    }

    [Theory]
    [InlineData(MigrationMeasure.Count, 1, 1)]
    [InlineData(MigrationMeasure.Cost, 1, 3)]
    [InlineData(MigrationMeasure.Downtime, 100, 10)]
    [InlineData("memory", 4, 6)]
    public void ExcessIsInTheUnitOfTheMeasure(string of, long max, long excess)
    {
        IReadOnlyList<Violation> found = Judge.Breaks(new MigrationLimit(max, of), TwoMoved, ("the cluster", excess));
        Assert.Equal($"Migrations of the cluster sum to {max + excess} ({of}); the limit is {max}.", found[0].Message);
    }

    [Fact]
    public void PerHostEveryDepartureAndArrivalCounts()
    {
        Judge.Breaks(new MigrationLimit(1, Per: "host"), TwoMoved, ("host h0", 1));
        Judge.Breaks(new MigrationLimit(0, Per: "host"), TwoMoved, ("host h0", 2), ("host h1", 1), ("host h2", 1));
    }

    [Fact]
    public void PerRackAMigrationWithinTheRackCountsTwice() => Judge.Breaks(new MigrationLimit(0, "memory", "rack"), TwoMoved, ("rack r0", 14), ("rack r1", 6));

    [Fact]
    public void OnlyTheGroupCounts()
    {
        Judge.Breaks(new MigrationLimit(0, Group: Small.Vms(1, 2)), TwoMoved, ("the cluster", 1));
        Judge.Breaks(new MigrationLimit(0, "cost", "host", Small.Vms(0)), TwoMoved, ("host h0", 3), ("host h1", 3));
    }

    [Fact]
    public void ChangingTheNumaNodeIsAMigration()
    {
        Host host = Small.Host(0) with { NumaNodes = [new([5, 10], [0, 1]), new([5, 10], [0, 1])] };
        ClusterSnapshot cluster = Small.Cluster([host], Small.New(0) with { NumaNodes = 1, Start = new Place(new HostId(0), 0b01) });
        PlacementView flipped = new(cluster, new Placement([new Place(new HostId(0), 0b10)]));
        Judge.Breaks(new MigrationLimit(0), flipped, ("the cluster", 1));
        Judge.Breaks(new MigrationLimit(0, Per: "host"), flipped, ("host h0", 2));
    }

    [Fact]
    public void VmsThatAreNotPlacedAreIgnored() => Judge.Keeps(new MigrationLimit(0, Per: "host"), Cluster.At(-1, 0, 1, -1));

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new MigrationLimit(-1), Cluster, "max of migration limit (-1)", "at least 0");
        Judge.Refuses(new MigrationLimit(1, "speed"), Cluster, "no dimension (speed)", "(cpu), (memory)");
        Judge.Refuses(new MigrationLimit(1, Per: "zone"), Cluster, "scope (zone)");
        Judge.Refuses(new MigrationLimit(1, Group: Small.Vms(4)), Cluster, "VM group (web)", "(4)");
    }
}
