using System.Diagnostics;
using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests.Faults;

/// <summary>What runs short on real hosts: room for the journal, memory of the target, time on the network, a link that is too slow.</summary>
public sealed class ScarcityTests(LibvirtLab lab)
{
    private const int PageBytes = 4096;

    [Fact]
    public void A_disk_that_is_full_for_the_journal_keeps_actions_from_beginning_and_the_run_goes_on_later()
    {
        lab.Reset();
        lab.Guests(1, "h1");
        double uptime = lab.Uptime("vm01");
        using LabFolder folder = new(lab);
        Directory.CreateDirectory(folder["small"]);
        Do("mount", "-t", "tmpfs", "-o", $"size={2 * PageBytes}", "none", folder["small"]);
        try
        {
            string plan = PlanFiles.Move(folder["plan.json"], "vm01", "h1", "h2");
            string filler = Path.Combine(folder["small"], "filler");
            string journal = Path.Combine(folder["small"], "journal");
            string[] words = ["apply", plan, "--inventory", folder.Inventory, "--journal", journal, "--yes", "--json"];
            File.WriteAllBytes(filler, new byte[2 * PageBytes]);
            Run none = CommandLine.Run(words);
            Assert.Equal(2, none.Code);
            Assert.Contains("the journal cannot be written: No space left", none.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(journal));

            // The plan alone fits, and nothing after it: it is padded by its name to just below a page.
            File.WriteAllBytes(filler, new byte[PageBytes]);
            using MemoryStream measured = new();
            ExecutionPlan read = ExecutionPlanJson.Read(plan) with { Cluster = "" };
            using (Journal.On(measured, "r", read)) { }
            ExecutionPlan padded = read with { Cluster = new string('x', PageBytes - 20 - (int)measured.ToArray().Length) };
            using (LibvirtHypervisor hypervisor = new(folder.Read(), TimeProvider.System))
            using (Journal opened = Journal.Create(journal, "r", padded))
            {
                ExecutionOptions options = new() { Hosts = LibvirtLab.HostNames };
                ExecutionReport report = new PlanExecutor(hypervisor, options).Execute("r", padded, opened, TestContext.Current.CancellationToken);
                Assert.Contains("No space left", report.Steps[0].Message, StringComparison.Ordinal);
                Assert.Equal(0, report.Steps[0].Attempts);
            }

            Assert.Equal("h1", lab.HostOf("vm01"));
            File.Delete(filler);
            Run resumed = CommandLine.Run([.. words, "--resume"]);
            Assert.True(resumed.Code == 0, resumed.Output + resumed.Error);
            Assert.Equal("h2", lab.HostOf("vm01"));
            Assert.True(lab.Uptime("vm01") > uptime, "the guest was rebooted");
        }
        finally
        {
            Do("umount", folder["small"]);
        }
    }

    [Fact]
    public void A_target_that_cannot_give_the_memory_it_seems_to_have_leaves_the_guest_where_it_is()
    {
        lab.Reset();
        lab.Guests(1, "h1", "GUEST_MEM=6000");
        double uptime = lab.Uptime("vm01");
        lab.Do("limit", "h2", "5000");
        try
        {
            using LabFolder folder = new(lab);
            StepReport step = Assert.Single(Move(folder, _ => { }, TimeSpan.FromSeconds(1)).Steps);
            Assert.Equal((StepOutcome.Failed, FaultKind.NoRoom, 3), (step.Outcome, step.Fault, step.Attempts)); // others may leave meanwhile: it is tried again
            Assert.Contains("Cannot allocate memory", step.Message, StringComparison.Ordinal);
            Assert.Contains("vm01 is still on h1", step.Message, StringComparison.Ordinal);
        }
        finally
        {
            lab.Do("limit", "h2", "off");
        }

        Assert.Equal("h1", lab.HostOf("vm01"));
        Assert.True(lab.Uptime("vm01") > uptime, "the guest was rebooted");
    }

    [Fact]
    public async Task A_link_that_is_cut_for_ten_seconds_is_borne()
    {
        lab.Reset();
        lab.Guests(1, "h1");
        double uptime = lab.Uptime("vm01");
        using LabFolder folder = new(lab, "migration: {bandwidth: 8}");
        int cuts = 0;
        Task cut = Task.CompletedTask;
        ExecutionReport report = Move(folder, point =>
        {
            if (point != ExecutionPoint.Progress || Interlocked.Increment(ref cuts) > 1) return;
            cut = Task.Run(async () =>
            {
                lab.Do("link", "h2", "down");
                await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
                lab.Do("link", "h2", "up");
            });
        });
        await cut;
        Assert.True(report.IsComplete, report.Steps[0].Message);
        Assert.Equal("h2", lab.HostOf("vm01"));
        (double now, long bad) = lab.Heartbeat("vm01");
        Assert.True(now > uptime, "the guest was rebooted");
        Assert.Equal(0, bad);
    }

    [Fact]
    public void A_guest_that_writes_faster_than_the_link_carries_comes_over_by_post_copy()
    {
        lab.Reset();
        lab.Guests(1, "h1", "GUEST_DIRTY=60", "GUEST_WS=48");
        double uptime = lab.Uptime("vm01");
        using LabFolder folder = new(lab, "migration: {bandwidth: 8, autoConverge: false, postCopyAfter: 2}");
        ExecutionReport report = Move(folder, _ => { });
        Assert.True(report.IsComplete, report.Steps[0].Message);
        Assert.Equal("h2", lab.HostOf("vm01"));
        (double now, long bad) = lab.Heartbeat("vm01");
        Assert.True(now > uptime, "the guest was rebooted");
        Assert.Equal(0, bad);
    }

    private static ExecutionReport Move(LabFolder folder, Action<ExecutionPoint> watch, TimeSpan? backoff = null)
    {
        ExecutionPlan plan = ExecutionPlanJson.Read(PlanFiles.Move(folder["plan.json"], "vm01", "h1", "h2"));
        using LibvirtHypervisor hypervisor = new(folder.Read(), TimeProvider.System);
        using Journal journal = Journal.Create(folder["journal"], "r", plan);
        ExecutionOptions options = new() { Hosts = LibvirtLab.HostNames, Backoff = backoff ?? TimeSpan.FromSeconds(5), Watch = (p, _, _) => watch(p) };
        return new PlanExecutor(hypervisor, options).Execute("r", plan, journal, TestContext.Current.CancellationToken);
    }

    private static void Do(string program, params string[] words)
    {
        using Process process = Process.Start(program, words);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
