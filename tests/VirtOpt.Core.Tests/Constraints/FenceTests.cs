namespace VirtOpt.Core.Tests;

/// <summary>VMs kept on a group of hosts.</summary>
public sealed class FenceTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(3, 0, 1, 2);
    private static readonly Fence Rule = new(Small.Vms(0, 1), Small.HostsOf(0, 1));

    [Fact]
    public void InsideTheFenceKeepsIt() => Judge.Keeps(Rule, Cluster.At(1, 1, 2));

    [Fact]
    public void EveryVmOutsideCounts()
    {
        IReadOnlyList<Violation> found = Judge.Breaks(Rule, Cluster.At(2, 2, 0), ("VM v0", 1), ("VM v1", 1));
        Assert.Equal("VM v0 is on host h2, outside host group licensed.", found[0].Message);
    }

    [Fact]
    public void VmsThatAreNotPlacedAreIgnored() => Judge.Keeps(Rule, Cluster.At(-1, 0, 0));

    [Fact]
    public void OneVmsFaultCannotBeTradedForAnothers()
    {
        PlacementModel model = new PlacementProblem(Cluster) { Constraints = [Rule] }.Compile();
        Assert.True(Assert.IsType<SumTerm>(model.Requirements.Single(r => r.Source == Rule).Term).PerVm);
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new Fence(Small.Vms(3), Small.HostsOf(0)), Cluster, "VM group (web)", "(3)");
        Judge.Refuses(new Fence(Small.Vms(0), Small.HostsOf(7)), Cluster, "host group (licensed)", "(7)");
    }
}
