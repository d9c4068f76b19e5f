using Newtonsoft.Json.Linq;
using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests;

public sealed class MonitorTests(LibvirtLab lab)
{
    [Fact]
    public void Guests_and_hosts_are_sampled_and_a_host_that_is_away_leaves_a_gap()
    {
        lab.Reset();
        lab.Guests(1, "h1", "GUEST_LOAD=60");
        lab.Guests(1, "h2", "GUEST_MEM=192", "GUEST_DISK=local");
        lab.Heartbeat("vm01");
        lab.Heartbeat("vm02");
        using LabFolder folder = new(lab);
        string[] words = ["monitor", "--inventory", folder.Inventory, "--store", folder["usage.db"], "--interval", "1", "--json"];
        Run run = CommandLine.Run([.. words, "--samples", "4"]);
        Assert.True(run.Code == 0, run.Output + run.Error);
        JToken busy = Assert.Single(run.Json["vms"]!, v => (string)v["name"]! == "vm01");
        Assert.Equal(("h1", 1, 128), ((string)busy["host"]!, (int)busy["vcpus"]!, (int)busy["balloon"]!));
        Assert.InRange((int)busy["cpu"]!, 100, 1100);
        JToken idle = Assert.Single(run.Json["vms"]!, v => (string)v["name"]! == "vm02");
        Assert.Equal((192, 0), ((int)idle["memory"]!, (int)idle["job"]!));
        Assert.InRange((int)idle["used"]!, 1, 192);
        Assert.Equal(0, (int)idle["diskWrite"]!);
        Assert.Equal(LibvirtLab.HostNames, run.Json["hosts"]!.Select(h => (string)h["name"]!));
        Assert.All(run.Json["hosts"]!, h => Assert.Equal(16384, (int)h["memory"]!));

        lab.Do("daemon", "h2", "kill");
        Run without = CommandLine.Run([.. words, "--samples", "2"]);
        lab.Do("daemon", "h2", "start");
        Assert.Equal(0, without.Code);
        Assert.Equal(["h2"], without.Json["away"]!.Select(a => (string)a["host"]!));
        Assert.Contains("h2 is away", without.Error, StringComparison.Ordinal);
        Assert.Equal(["vm01"], without.Json["vms"]!.Select(v => (string)v["name"]!));
        Assert.Equal("h2", lab.HostOf("vm02"));

        Run table = CommandLine.Run("history", "--store", folder["usage.db"], "--export", folder["usage.csv"], "--step", "1", "--json");
        Assert.Equal(0, table.Code);
        string[] rows = File.ReadAllLines(folder["usage.csv"]);
        Assert.Equal((int)table.Json["rows"]!, rows.Length - 1);
        Assert.Equal((6, 4), (rows.Count(r =>
            r.Contains(",vm01,", StringComparison.Ordinal)), rows.Count(r => r.Contains(",vm02,", StringComparison.Ordinal))));
    }
}
