namespace VirtOpt.Core.Tests;

/// <summary>VMs kept apart.</summary>
public sealed class AntiAffinityTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(4, 0, 1, 2, 3);

    [Fact]
    public void OneVmPerHostKeepsIt() => Judge.Keeps(new AntiAffinity(Small.Vms(0, 1, 2)), Cluster.At(0, 1, 2, 2));

    [Fact]
    public void EveryVmAboveTheMaximumCounts()
    {
        IReadOnlyList<Violation> found = Judge.Breaks(new AntiAffinity(Small.Vms(0, 1, 2, 3)), Cluster.At(0, 0, 0, 1), ("host h0", 2));
        Assert.Equal("3 VMs of web are in host h0; at most 1 may be.", found[0].Message);
    }

    [Fact]
    public void ScopeAndMaximumAreTheRulesOwn()
    {
        AntiAffinity rule = new(Small.Vms(0, 1, 2, 3), "rack", Max: 2);
        Judge.Keeps(rule, Cluster.At(0, 0, 2, 3));
        Judge.Breaks(rule, Cluster.At(0, 1, 1, 2), ("rack r0", 1));
    }

    [Fact]
    public void VmsThatAreNotPlacedAreIgnored() => Judge.Keeps(new AntiAffinity(Small.Vms(0, 1)), Cluster.At(0, -1, 0, 0));

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new AntiAffinity(Small.Vms(0), Max: -1), Cluster, "max of anti-affinity (-1)", "at least 0");
        Judge.Refuses(new AntiAffinity(Small.Vms(0), "zone"), Cluster, "scope (zone)", "host (h0)", "(host), (rack)");
        Judge.Refuses(new AntiAffinity(Small.Vms(2, 4)), Cluster, "VM group (web)", "below 4", "(4)");
        Judge.Refuses(new AntiAffinity(Small.Vms(2, 1)), Cluster, "VM group (web)", "ascending", "(1)");
    }
}
