namespace VirtOpt.Core.Tests;

/// <summary>Hosts in use: <see cref="ActiveHosts"/> and <see cref="HostPrice"/>.</summary>
public sealed class UsedHostsTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(
        [Small.Host(0) with { Price = 7 }, Small.Host(1) with { Price = 2 }, Small.Host(2)],
        Small.Vm(0, 0),
        Small.Vm(1, 0, cpu: 0, memory: 0));

    [Fact]
    public void HostsWithAnyVmAreActive()
    {
        Judge.IsWorth(1, new ActiveHosts(), Cluster.AtStart());
        Judge.IsWorth(2, new ActiveHosts(), Cluster.At(0, 1));
    }

    [Fact]
    public void TheirPricesAddUp()
    {
        Judge.IsWorth(7, new HostPrice(), Cluster.AtStart());
        Judge.IsWorth(9, new HostPrice(), Cluster.At(0, 1));
    }

    [Fact]
    public void NegativePricesAreRefused() => Judge.Refuses(() => Small.Cluster([Small.Host(0) with { Price = -1 }]), "price (-1)", "host (h0)");
}
