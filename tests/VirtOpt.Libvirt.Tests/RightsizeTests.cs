using Newtonsoft.Json.Linq;
using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests;

/// <summary>Sizes of running guests are recommended from what the monitor saw, and given to them.</summary>
public sealed class RightsizeTests(LibvirtLab lab)
{
    [Fact]
    public void A_busy_guest_gets_more_and_an_idle_one_less_while_they_run()
    {
        lab.Reset();
        lab.Guests(1, "h1", "GUEST_LOAD=95", "GUEST_MEM=160");
        lab.Guests(1, "h2", "GUEST_MEM=256");
        double[] before = [lab.Uptime("vm01"), lab.Uptime("vm02")];
        using LabFolder folder = new(lab);
        using (UsageStore store = UsageStore.Open(folder["usage.db"]))
        {
            // An hour as the guests would have it; what is measured in seconds on a busy machine would decide otherwise now and then.
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            store.Add(Enumerable.Range(0, 60).SelectMany(i => (UsageSample[])
            [
                new UsageSample("h1", "vm01", now.AddMinutes(-i)) { [UsageMetric.Cpu] = 960, [UsageMetric.Wait] = 200, [UsageMetric.Used] = 100 },
                new UsageSample("h2", "vm02", now.AddMinutes(-i)) { [UsageMetric.Cpu] = 10, [UsageMetric.Wait] = 0, [UsageMetric.Used] = 60 },
            ]));
        }

        string[] words = ["rightsize", "--inventory", folder.Inventory, "--store", folder["usage.db"], "--policy", "performance", "--step", "60", "--sample",
            "1", "--json"];
        Run dry = CommandLine.Run(words);
        Assert.True(dry.Code == 0, dry.Output + dry.Error);
        Assert.Equal(["too small", "too big"], dry.Json["vms"]!.Select(v => (string)v["verdict"]!));
        Assert.Equal((1, 256), Size("vm01", "h1", "vm02", "h2"));
        bool hasShares = dry.Json["vms"]![0]!["now"]!["cpuShares"]!.Type != JTokenType.Null;

        Run run = CommandLine.Run([.. words, "--yes"]);
        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Equal((2, 128), Size("vm01", "h1", "vm02", "h2"));
        if (hasShares) Assert.Contains("2048", lab.Do("virsh", "h1", "schedinfo", "vm01"), StringComparison.Ordinal);
        Assert.Contains("current='2'", lab.Do("virsh", "h1", "dumpxml", "--inactive", "vm01"), StringComparison.Ordinal);
        Assert.True(lab.Uptime("vm01") > before[0] && lab.Uptime("vm02") > before[1], "a guest was rebooted");
        LibvirtLab.Wait(() => lab.Do("console", "vm01").Contains("cpus=2", StringComparison.Ordinal), "the guest does not see its second CPU");
        JObject[] audit = [.. File.ReadAllLines(folder["hosts.yaml.rightsize.audit.jsonl"]).Select(JObject.Parse)];
        Assert.Equal((1, 2), ((int)audit.Single(a => (string)a["vm"]! == "vm01")["before"]!["vcpus"]!, (int)audit.Single(a =>
            (string)a["vm"]! == "vm01")["after"]!["vcpus"]!));
        Assert.Equal("close", (string)JObject.Parse(File.ReadAllLines(folder["hosts.yaml.rightsize.journal"])[^1])["entry"]!);

        string plan = folder["plan.json"];
        File.WriteAllText(plan, """
            {"format": "virtopt-plan", "version": 1, "cluster": "lab", "settings": {}, "actions": [
            {"id": 1, "kind": "resize", "vm": "vm01", "resource": "vcpu", "amount": 9, "start": 0, "end": 1, "after": []},
            {"id": 2, "kind": "resize", "vm": "vm02", "size": {"memory": 200, "cpuShares": 512}, "start": 0, "end": 1, "after": []}]}
            """);
        Run planned = CommandLine.Run("apply", plan, "--inventory", folder.Inventory, "--yes", "--json");
        Assert.Equal("refused", (string)planned.Json["actions"]![0]!["outcome"]!);
        Assert.Contains("may have 4 virtual CPUs by its definition, not 9", (string)planned.Json["actions"]![0]!["message"]!, StringComparison.Ordinal);
        Assert.True((string)planned.Json["actions"]![1]!["outcome"]! == "done" || !hasShares, planned.Output);
        Assert.Equal((2, 200), Size("vm01", "h1", "vm02", "h2"));
    }

    /// <summary>Virtual CPUs of one guest and MiB of another, as virsh sees them.</summary>
    private (int Vcpus, long MiB) Size(string vm, string host, string other, string otherHost)
    {
        string[] words = [.. LibvirtLab.Words(lab.Do("virsh", host, "vcpucount", vm, "--live", "--active"))];
        string[] stats = [.. LibvirtLab.Words(lab.Do("virsh", otherHost, "dommemstat", other))];
        return (int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), long.Parse(stats[Array.IndexOf(stats, "actual") + 1],
            System.Globalization.CultureInfo.InvariantCulture) / 1024);
    }
}
