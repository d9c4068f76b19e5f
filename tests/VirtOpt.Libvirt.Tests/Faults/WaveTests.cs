using Newtonsoft.Json.Linq;
using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests.Faults;

/// <summary>After a wave the hosts are compared with what was promised; a worse result ends the run, and the guests go back.</summary>
public sealed class WaveTests(LibvirtLab lab)
{
    private const string Rules = """
        policy:
          objectives:
            - {type: load-deviation, dimension: memory}
            - {type: migrations, level: 2}
        """;

    [Theory]
    [InlineData("load 95", "2", "of 8000 millicore")]
    [InlineData("mute 1", "1000", "does not answer any more")]
    public async Task A_worse_result_after_a_wave_ends_the_run_and_takes_the_guests_back(string change, string tolerance, string complaint)
    {
        lab.Reset();
        lab.Guests(3, "h1", "GUEST_AGENT=1", "GUEST_MEM=96", "GUEST_WS=4");
        string[] vms = ["vm01", "vm02", "vm03"];
        double[] before = [.. vms.Select(lab.Uptime)];
        using LabFolder folder = new(lab, Rules);
        Task changed = Task.Run(() => ChangeTheFirstThatMoved(folder["runs"], change), TestContext.Current.CancellationToken);
        Run run = CommandLine.Run("rebalance", "--inventory", folder.Inventory, "--state", folder["runs"], "--time-limit", "5", "--sample", "1", "--wave-size",
            "1", "--wave-pause", "12", "--tolerance", tolerance, "--rollback", "--yes", "--json");
        await changed;
        Assert.True(run.Code == 1, run.Output + run.Error);
        Assert.Contains(complaint, (string)run.Json["execution"]!["stopped"]!, StringComparison.Ordinal);
        Assert.Equal(["done", "failed", "skipped"], run.Json["execution"]!["actions"]!.Select(a => (string)a["outcome"]!));
        Assert.Equal(["done"], run.Json["back"]!["actions"]!.Select(a => (string)a["outcome"]!));
        Assert.All(vms, vm => Assert.Equal("h1", lab.HostOf(vm)));
        for (int i = 0; i < vms.Length; i++) Assert.True(lab.Uptime(vms[i]) > before[i], $"{vms[i]} was rebooted");

        // Both moves are in the history, and as nothing is half done the next run may begin.
        Assert.Equal(2, MigrationHistory.Read(Path.Combine(folder["runs"], "migrations.csv")).Count);
        Run again = CommandLine.Run("rebalance", "--inventory", folder.Inventory, "--state", folder["runs"], "--time-limit", "5", "--sample", "1", "--json");
        Assert.True(again.Code == 0, again.Output + again.Error);
    }

    private void ChangeTheFirstThatMoved(string state, string change)
    {
        string audit = Path.Combine(state, "audit.jsonl");
        LibvirtLab.Wait(() => File.Exists(audit) && File.ReadAllText(audit).Contains('\n', StringComparison.Ordinal), "nothing was moved");
        string vm = (string)JObject.Parse(File.ReadLines(audit).First())["vm"]!;
        for (int times = 0; times < 3 && !lab.Do("console", vm, "30").Contains(change, StringComparison.Ordinal); times++) // the terminal echoes what it heard
            lab.Do(["tell", vm, .. change.Split(' ')]);
    }
}
