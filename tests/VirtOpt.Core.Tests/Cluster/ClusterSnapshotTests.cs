namespace VirtOpt.Core.Tests;

/// <summary>Names and scopes of a cluster.</summary>
public sealed class ClusterSnapshotTests
{
    private static readonly ClusterSnapshot Cluster = new(
        Small.Dimensions, Small.Hosts(4), [Small.Vm(0, 0), Small.Vm(1, 3)], [Small.Vms(0, 1)], [Small.HostsOf(2)]);

    [Fact]
    public void ThingsAreFoundByName()
    {
        Assert.Equal(new HostId(2), Cluster.HostNamed("h2"));
        Assert.Equal(new VmId(1), Cluster.VmNamed("v1"));
        Assert.Equal(1, Cluster.DimensionNamed("memory"));
        Assert.Equal(2, Cluster.Group("web").Members.Count);
        Assert.Equal(new HostId(2), Cluster.HostGroup("licensed").Members[0]);
        Assert.Equal(2, Cluster.AllVms.Members.Count);
        Assert.False(Cluster.TryVmNamed("V1", out _));
        Assert.False(Cluster.TryHostNamed("H2", out _));
    }

    [Fact]
    public void UnknownNamesAreRefusedWithThoseThatWereMeant()
    {
        Judge.Refuses(() => Cluster.HostNamed("H1"), "no host (H1)", "(h0), (h1)", "case-sensitive");
        Judge.Refuses(() => Cluster.VmNamed("x"), "no VM (x)", "(v0), (v1)");
        Judge.Refuses(() => Cluster.DimensionNamed("disk"), "no dimension (disk)", "(cpu), (memory)");
        Judge.Refuses(() => Cluster.Group("db"), "no VM group (db)", "(web)");
        Judge.Refuses(() => Cluster.HostGroup("gold"), "no host group (gold)", "(licensed)");
        Judge.Refuses(() => Small.Cluster(1).Group("db"), "no VM group (db)", "there is no VM group at all");
    }

    [Fact]
    public void AScopeIsAPartitionOfTheHosts()
    {
        Scope racks = Cluster.Scope("rack");
        Assert.Equal(["r0", "r1"], racks.Items);
        Assert.Equal([0, 0, 1, 1], Enumerable.Range(0, 4).Select(h => racks.ItemOf(new HostId(h))));
        Assert.Equal(["h0", "h1", "h2", "h3"], Cluster.Scope(Scope.Host).Items);
        Assert.Same(racks, Cluster.Scope("rack"));
    }

    [Fact]
    public void AScopeThatMissesAHostIsRefused()
    {
        ClusterSnapshot cluster = Small.Cluster([Small.Host(0), new Host { Name = "bare", Capacity = [1, 1] }]);
        Judge.Refuses(() => cluster.Scope("rack"), "scope (rack)", "host (bare)", "(host), (rack)");
    }
}
