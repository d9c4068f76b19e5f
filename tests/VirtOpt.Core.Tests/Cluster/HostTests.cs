namespace VirtOpt.Core.Tests;

/// <summary>What of a host's capacity VMs may use.</summary>
public sealed class HostTests
{
    [Fact]
    public void TheReserveIsTakenOffBeforeTheOvercommitMultiplies()
    {
        Host host = Small.Host(0, cpu: 1000, memory: 500) with { Reserve = [100, 50], OvercommitPercent = [400, 90] };
        Assert.Equal((900, 450), (host.Physical(0), host.Physical(1)));
        Assert.Equal((3600, 405), (host.Usable(0), host.Usable(1)));
    }

    [Fact]
    public void WithoutReserveAndOvercommitAllOfItIsUsable() => Assert.Equal((10, 20), (Small.Host(0).Usable(0), Small.Host(0).Usable(1)));

    [Fact]
    public void TheLargestAmountsDoNotOverflow()
    {
        Host host = Small.Host(0, cpu: 1_000_000_000_000) with { OvercommitPercent = [100_000, 100] };
        Assert.Equal(1_000_000_000_000_000, host.Usable(0));
    }
}
