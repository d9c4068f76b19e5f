using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests;

public sealed class LabTests(LibvirtLab lab)
{
    [Fact]
    public void A_guest_boots_and_tells_that_it_lives()
    {
        lab.Reset();
        lab.Guests(1, "h2");
        Assert.Equal("h2", lab.HostOf("vm01"));
        double before = lab.Uptime("vm01");
        Assert.True(lab.Uptime("vm01") > before);
    }
}
