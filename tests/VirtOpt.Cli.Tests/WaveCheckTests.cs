using VirtOpt.Cli.Rebalancing;

namespace VirtOpt.Cli.Tests;

public sealed class WaveCheckTests
{
    [Theory]
    [InlineData(1000, 1000, 0)]
    [InlineData(1000, 1790, 0)] // 790 more than promised, of 4,000 usable: within 20 %
    [InlineData(1000, 1810, 1)]
    public void More_load_than_promised_is_told(int before, int now, int complaints)
    {
        // Both VMs are on h2 now; v1 came from h1.
        WaveCheck check = new(Cluster((0, before), (1, 500)), tolerance: 20);
        Assert.Equal(complaints, check.Complaints(Cluster((1, now), (1, 500))).Count);
    }

    [Fact]
    public void A_vm_that_is_gone_is_told() =>
        Assert.Equal("v2 runs on no host any more", Assert.Single(new WaveCheck(Cluster((0, 100), (1, 100)), 20).Complaints(Cluster((0, 100)))));

    [Fact]
    public void A_vm_that_came_meanwhile_was_not_promised_and_is_no_fault() =>
        Assert.Empty(new WaveCheck(Cluster((0, 100)), 20).Complaints(Cluster((0, 100), (0, 3500))));

    private static ClusterSnapshot Cluster(params (int Host, long Cpu)[] vms) => new(
        [new Dimension("cpu", "millicore")],
        [.. Enumerable.Range(1, 2).Select(h => new Host { Name = $"h{h}", Capacity = [4000] })],
        [.. vms.Select((v, i) => new VirtualMachine { Name = $"v{i + 1}", Demand = [v.Cpu], Start = new Place(new HostId(v.Host)) })],
        [],
        [],
        "c");
}
