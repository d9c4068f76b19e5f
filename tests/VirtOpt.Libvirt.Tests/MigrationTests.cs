using Newtonsoft.Json.Linq;
using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests;

public sealed class MigrationTests(LibvirtLab lab)
{
    [Theory, InlineData(false), InlineData(true)]
    public void A_running_guest_moves_without_a_reboot_and_is_known_on_one_host_only(bool isManaged)
    {
        lab.Reset();
        lab.Guests(1, "h1", "GUEST_DIRTY=2");
        using LabFolder folder = new(lab, $"migration: {{managed: {(isManaged ? "true" : "false")}}}");
        double before = lab.Uptime("vm01");
        string plan = PlanFiles.Move(folder["plan.json"], "vm01", "h1", "h2");
        Run dry = CommandLine.Run("apply", plan, "--inventory", folder.Inventory, "--json");
        Assert.Equal((0, true, "done"), (dry.Code, (bool)dry.Json["dryRun"]!, (string)dry.Json["actions"]![0]!["outcome"]!));
        Assert.Equal("h1", lab.HostOf("vm01"));
        Run run = CommandLine.Run("apply", plan, "--inventory", folder.Inventory, "--yes", "--json");
        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Equal("done", (string)run.Json["actions"]![0]!["outcome"]!);
        Assert.True((long)run.Json["actions"]![0]!["downtimeMs"]! > 0);
        Assert.Equal("h2", lab.HostOf("vm01"));
        Assert.DoesNotContain("vm01", LibvirtLab.Words(lab.Do("virsh", "h1", "list", "--all", "--name")));
        Assert.Equal("yes", LibvirtLab.Words(lab.Do("virsh", "h2", "dominfo", "vm01").Split("Persistent:")[1]).First());
        (double after, long bad) = lab.Heartbeat("vm01");
        Assert.True(after > before);
        Assert.Equal(0, bad);
        JObject audit = JObject.Parse(Assert.Single(File.ReadAllLines(folder["plan.json.audit.jsonl"])));
        ExecutedMigration learned = Assert.Single(MigrationHistory.Read(folder["migrations.csv"]));
        Assert.Equal(("vm01", 128.0), (learned.Vm, learned.MemoryMiB));
        Assert.True(learned is { Seconds: > 0, DowntimeSeconds: > 0, MovedMiB: > 0, DirtyRate: not null });
        Assert.Equal(("h1", "h2", "done"), ((string)audit["before"]!, (string)audit["after"]!, (string)audit["outcome"]!));
    }

    [Fact]
    public void A_local_disk_goes_along_and_a_cold_guest_is_started_on_the_target()
    {
        lab.Reset();
        lab.Guests(1, "h1", "GUEST_DISK=local");
        lab.Guests(1, "h1");
        lab.Heartbeat("vm02");
        double before = lab.Uptime("vm01");
        using LabFolder folder = new(lab);
        string plan = PlanFiles.Write(folder["plan.json"], ("migrateWithStorage", "vm01", "h1", "h3", []), ("coldMigrate", "vm02", "h1", "h2", []));
        Run run = CommandLine.Run("apply", plan, "--inventory", folder.Inventory, "--yes", "--json");
        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Equal(("h3", "h2"), (lab.HostOf("vm01"), lab.HostOf("vm02")));
        Assert.True(File.Exists($"{lab.Folder}/h3/local/vm01.qcow2"));
        Assert.False(File.Exists($"{lab.Folder}/h1/local/vm01.qcow2"));
        Assert.True(lab.Uptime("vm01") > before);
    }

    [Fact]
    public void What_stands_in_the_way_is_said_for_each_vm()
    {
        lab.Reset();
        lab.Guests(1, "h1", "GUEST_MEM=192");
        lab.Guests(1, "h1", "GUEST_DISK=local");
        lab.Guests(1, "h2");
        using LabFolder folder = new(lab, host: h => h == "h3" ? "reserve: {memory: 16300}" : "");
        string plan = PlanFiles.Write(
            folder["plan.json"],
            ("migrate", "vm01", "h1", "h3", []), ("migrate", "vm02", "h1", "h2", []), ("migrate", "vm03", "h1", "h3", []), ("migrate", "vm09", "h1", "h2", []));
        Run run = CommandLine.Run("apply", plan, "--inventory", folder.Inventory, "--yes", "--json");
        Assert.Equal(1, run.Code);
        string[] messages = [.. run.Json["actions"]!.Select(a => (string)a["message"]!)];
        Assert.All(run.Json["actions"]!, a => Assert.Equal("refused", (string)a["outcome"]!));
        Assert.Contains("h3 has 84 MiB of memory left, vm01 may take 192", messages[0], StringComparison.Ordinal);
        Assert.Contains("/local/vm02.qcow2 is on h1 alone", messages[1], StringComparison.Ordinal);
        Assert.Contains("vm03 is on h2 now", messages[2], StringComparison.Ordinal);
        Assert.Contains("vm09 is no longer there", messages[3], StringComparison.Ordinal);
        Assert.Equal(("h1", "h1", "h2"), (lab.HostOf("vm01"), lab.HostOf("vm02"), lab.HostOf("vm03")));
    }

    [Fact]
    public void A_migration_that_is_broken_off_leaves_the_guest_where_it_was()
    {
        lab.Reset();
        lab.Guests(1, "h1");
        lab.Heartbeat("vm01");
        using LabFolder folder = new(lab, "migration: {bandwidth: 1}");
        using LibvirtHypervisor hypervisor = new(folder.Read(), TimeProvider.System);
        using CancellationTokenSource stop = new();
        List<string> told = [];
        ExecutionPlan plan = ExecutionPlanJson.Read(PlanFiles.Move(folder["plan.json"], "vm01", "h1", "h2"));
        ExecutionOptions options = new()
        {
            Hosts = LibvirtLab.HostNames,
            Watch = (point, _, text) =>
            {
                if (point != ExecutionPoint.Progress) return;
                told.Add(text);
                stop.Cancel();
            },
        };
        using Journal journal = Journal.Create(folder["journal"], "r", plan);
        ExecutionReport report = new PlanExecutor(hypervisor, options).Execute("r", plan, journal, stop.Token);
        StepReport step = Assert.Single(report.Steps);
        Assert.Equal((StepOutcome.Failed, FaultKind.Aborted), (step.Outcome, step.Fault));
        Assert.Contains("MiB left", told[0], StringComparison.Ordinal);
        Assert.Equal("h1", lab.HostOf("vm01"));
        Assert.True(lab.Heartbeat("vm01").Uptime > 0);
    }
}
