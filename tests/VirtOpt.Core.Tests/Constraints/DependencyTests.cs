namespace VirtOpt.Core.Tests;

/// <summary>VMs that need others near them.</summary>
public sealed class DependencyTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(4, 0, 1, 2);
    private static readonly VmGroup Databases = new("databases", [new VmId(2)]);
    private static readonly Dependency Rule = new(Small.Vms(0, 1), Databases);

    [Fact]
    public void BesideWhatItDependsOnKeepsIt() => Judge.Keeps(Rule, Cluster.At(3, 3, 3));

    [Fact]
    public void EveryItemWithoutCounts()
    {
        IReadOnlyList<Violation> found = Judge.Breaks(Rule, Cluster.At(0, 1, 2), ("host h0", 1), ("host h1", 1));
        Assert.Equal("VM v0 of web is in host h0, where no VM of databases is.", found[0].Message);
    }

    [Fact]
    public void TwoVmsInOneItemCountOnce() => Judge.Breaks(Rule, Cluster.At(0, 0, 1), ("host h0", 1));

    [Fact]
    public void TheDependenceIsOneSided() => Judge.Keeps(new Dependency(Databases, Small.Vms(0, 1)), Cluster.At(0, 1, 1));

    [Fact]
    public void ARackMayBeShared() => Judge.Keeps(Rule with { Scope = "rack" }, Cluster.At(2, 2, 3));

    [Fact]
    public void ItIsNotJudgedBeforeAllVmsArePlaced() => Assert.Empty(Rule.Check(Cluster.At(0, 1, -1)));

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(Rule with { Scope = "zone" }, Cluster, "scope (zone)");
        Judge.Refuses(Rule with { Group = Small.Vms(3) }, Cluster, "VM group (web)", "(3)");
        Judge.Refuses(Rule with { On = Small.Vms(-1) }, Cluster, "VM group (web)", "(-1)");
    }
}
