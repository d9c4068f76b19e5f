using Newtonsoft.Json.Linq;
using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests;

/// <summary>The whole loop on real hosts.</summary>
public sealed class RebalanceTests(LibvirtLab lab)
{
    private const string Rules = """
        groups:
          - {name: pair, vms: [vm01, vm02]}
        policy:
          constraints:
            - {type: anti-affinity, group: pair}
          objectives:
            - {type: load-deviation, dimension: memory}
            - {type: migrations, level: 2}
        """;

    [Fact]
    public void Guests_on_one_host_are_spread_and_none_is_rebooted()
    {
        lab.Reset();
        lab.Guests(6, "h1", "GUEST_DIRTY=1");
        string[] vms = [.. Enumerable.Range(1, 6).Select(i => $"vm0{i}")];
        double[] before = [.. vms.Select(lab.Uptime)];
        using LabFolder folder = new(lab, Rules);
        string[] words = ["rebalance", "--inventory", folder.Inventory, "--state", folder["runs"], "--time-limit", "10", "--sample", "1", "--json"];
        Run dry = CommandLine.Run(words);
        Assert.True(dry.Code == 0, dry.Output + dry.Error);
        Assert.Equal(4, dry.Json["execution"]!["actions"]!.Count());
        Assert.All(vms, vm => Assert.Equal("h1", lab.HostOf(vm)));
        AssertKeepsForecast(words, vms, folder);
        Directory.Delete(folder["runs"], recursive: true);

        Run run = CommandLine.Run([.. words, "--yes"]);
        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.True((bool)run.Json["asPromised"]!);
        string[] at = [.. vms.Select(lab.HostOf)];
        Assert.All(LibvirtLab.HostNames, h => Assert.Equal(2, at.Count(a => a == h)));
        Assert.NotEqual(at[0], at[1]);
        for (int i = 0; i < vms.Length; i++)
        {
            (double uptime, long bad) = lab.Heartbeat(vms[i]);
            Assert.True(uptime > before[i], $"{vms[i]} was rebooted");
            Assert.Equal(0, bad);
        }

        AssertRecords(run, folder);
        Run again = CommandLine.Run([.. words, "--yes"]);
        Assert.Equal(0, again.Code);
        Assert.Empty(again.Json["execution"]!["actions"]!);
    }

    [Fact]
    public void A_host_is_evacuated_for_maintenance_and_filled_again()
    {
        lab.Reset();
        lab.Guests(2, "h1");
        lab.Guests(2, "h2");
        lab.Guests(2, "h3");
        string[] vms = [.. Enumerable.Range(1, 6).Select(i => $"vm0{i}")];
        double[] before = [.. vms.Select(lab.Uptime)];
        using (LabFolder folder = new(lab, Rules.Replace("vm02", "vm03", StringComparison.Ordinal), h => h == "h2" ? "maintenance: true" : ""))
            Rebalance(folder);
        Assert.All(vms, vm => Assert.NotEqual("h2", lab.HostOf(vm)));
        Assert.NotEqual(lab.HostOf("vm01"), lab.HostOf("vm03"));
        using (LabFolder folder = new(lab, Rules.Replace("vm02", "vm03", StringComparison.Ordinal)))
            Rebalance(folder);
        Assert.All(LibvirtLab.HostNames, h => Assert.Equal(2, vms.Count(vm => lab.IsOn(vm, h))));
        for (int i = 0; i < vms.Length; i++) Assert.True(lab.Uptime(vms[i]) > before[i], $"{vms[i]} was rebooted");
    }

    [Fact]
    public void Only_one_run_at_a_time_works_on_the_hosts()
    {
        lab.Need();
        using LabFolder folder = new(lab);
        using RunLock held = RunLock.Take(folder.Inventory);
        Run run = CommandLine.Run("rebalance", "--inventory", folder.Inventory, "--yes");
        Assert.Equal(2, run.Code);
        Assert.Contains("another run works on these hosts", run.Error, StringComparison.Ordinal);
    }

    /// <summary>By what the monitor's store says of them, 60 % of a host each, no two of three guests may share one.</summary>
    private static void AssertKeepsForecast(string[] words, string[] vms, LabFolder folder)
    {
        string[] heavy = ["vm03", "vm04", "vm05"];
        DateTimeOffset start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
        using (UsageStore store = UsageStore.Open(folder["usage.db"]))
        {
            string snapshot = Path.Combine(Assert.Single(Directory.GetDirectories(folder["runs"])), "cluster.json");
            long cpu = FormatCatalogue.Load([snapshot]).Problem.Cluster.Hosts[0].Capacity[0];
            long Use(string vm) => cpu * (heavy.Contains(vm) ? 60 : 5) / 100;
            UsageSample Sample(string vm, int minute) => new("h1", vm, start.AddMinutes(minute)) { [UsageMetric.Cpu] = Use(vm) };
            store.Add(Enumerable.Range(0, 170).SelectMany(minute => vms.Select(vm => Sample(vm, minute))));
            store.Maintain(start.AddHours(3), UsageRetention.Default);
        }

        Run forecast = CommandLine.Run(
            "forecast", folder["usage.db"], "--method", "last", "--horizon", "1h", "--scenarios", "3", "--output", folder["forecast.json"]);
        Assert.True(forecast.Code == 0, forecast.Output + forecast.Error);
        Run run = CommandLine.Run([.. words, "--forecast", folder["forecast.json"], "--overload", "0"]);
        Assert.True(run.Code == 0, run.Output + run.Error);
        Dictionary<string, string> to = run.Json["moves"]!.ToDictionary(m => (string)m["vm"]!, m => (string)m["to"]!);
        Assert.Equal(3, heavy.Select(vm => to.GetValueOrDefault(vm, "h1")).Distinct().Count());
    }

    private static void Rebalance(LabFolder folder)
    {
        Run run = CommandLine.Run("rebalance", "--inventory", folder.Inventory, "--state", folder["runs"], "--time-limit", "10", "--sample", "1", "--yes",
            "--json");
        Assert.True(run.Code == 0, run.Output + run.Error);
    }

    private static void AssertRecords(Run run, LabFolder folder)
    {
        string made = Assert.Single(Directory.GetDirectories(folder["runs"]));
        JObject report = JObject.Parse(File.ReadAllText(Path.Combine(made, "report.json")));
        Assert.True(JToken.DeepEquals(report, run.Json));
        Assert.All(report["loads"]!.Where(l => (string)l["dimension"]! == "memory"), l => Assert.Equal((long)l["promised"]!, (long)l["after"]!));
        string page = File.ReadAllText(Path.Combine(made, "report.html"));
        Assert.All(report["moves"]!, m => Assert.Contains($"<td>{m["vm"]}<td>h1<td>{m["to"]}<td>", page, StringComparison.Ordinal));
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        string[] entries = [.. File.ReadAllLines(Path.Combine(made, "plan.json.journal")).Select(l => (string)JObject.Parse(l)["entry"]!)];
        Assert.Equal(("run", "close"), (entries[0], entries[^1]));
        Assert.Equal((4, 4), (entries.Count(e => e == "begin"), entries.Count(e => e == "end")));
        JObject[] audit = [.. File.ReadAllLines(Path.Combine(folder["runs"], "audit.jsonl")).Select(JObject.Parse)];
        Assert.Equal(4, audit.Length);
        Assert.All(audit, a => Assert.All((string[])["who", "what", "why", "before", "after"], f => Assert.NotEmpty((string)a[f]!)));
    }
}
