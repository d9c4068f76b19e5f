namespace VirtOpt.Core.Tests;

/// <summary>What all objectives have in common.</summary>
public sealed class ObjectiveTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(1, 0);

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000_001)]
    public void WeightsOutOfRangeAreRefused(long weight) =>
        Judge.Refuses(new ActiveHosts(weight), Cluster, $"weight ({weight})", "(active hosts)", "0 .. 1000000000");

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void LevelsOutOfRangeAreRefused(int level) => Judge.Refuses(new ActiveHosts(1, level), Cluster, $"level ({level})", "(active hosts)", "1 .. 100");

    [Fact]
    public void EveryObjectiveDescribesItself() => Assert.All(ObjectiveCatalogue.Entries, entry =>
        Assert.DoesNotContain("{", entry.Example(Small.Cluster(2, 0, 1), new Random(1)).Describe(), StringComparison.Ordinal));
}
