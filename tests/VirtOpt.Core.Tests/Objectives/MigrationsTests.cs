namespace VirtOpt.Core.Tests;

/// <summary>What migrations cost.</summary>
public sealed class MigrationsTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(
        Small.Hosts(2),
        Small.Vm(0, 0, memory: 4) with { MigrationCost = 3, Downtime = DowntimeClass.Cold },
        Small.Vm(1, 0, memory: 6) with { Downtime = DowntimeClass.Paused },
        Small.Vm(2, 0),
        Small.Vm(3, 0, memory: 9),
        Small.New(4));

    [Theory]
    [InlineData(MigrationMeasure.Count, 3)]
    [InlineData(MigrationMeasure.Cost, 3 + 1 + 1)]
    [InlineData(MigrationMeasure.Downtime, 100 + 10 + 1)]
    [InlineData("memory", 4 + 6 + 1)]
    public void EveryVmThatMovedCountsByTheMeasure(string of, long value) => Judge.IsWorth(value, new Migrations(of), Cluster.At(1, 1, 1, 0, 1));

    [Fact]
    public void StayingAndFirstPlacementsAreFree() => Judge.IsWorth(0, new Migrations(), Cluster.At(0, 0, 0, 0, 1));

    [Fact]
    public void NonsenseIsRefused() => Judge.Refuses(new Migrations("speed"), Cluster, "no dimension (speed)");
}
