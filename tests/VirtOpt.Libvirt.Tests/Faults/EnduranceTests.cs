using System.Diagnostics;
using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests.Faults;

public sealed class EnduranceTests(LibvirtLab lab)
{
    private const int Migrations = 50;
    private const int WarmUp = 10;

    [Fact]
    public void Fifty_migrations_back_and_forth_leak_no_handle_connection_or_memory()
    {
        lab.Reset();
        lab.Guests(1, "h1", "GUEST_MEM=96", "GUEST_WS=4");
        double uptime = lab.Uptime("vm01");
        using LabFolder folder = new(lab);
        using LibvirtHypervisor hypervisor = new(folder.Read(), TimeProvider.System);
        ExecutionOptions options = new() { Hosts = LibvirtLab.HostNames };
        (int Handles, int Threads, long Bytes) warm = default;
        string at = "h1";
        for (int i = 0; i < Migrations; i++)
        {
            if (i == WarmUp) warm = Held();
            string to = at == "h1" ? "h2" : "h1";
            ExecutionPlan plan = new("lab", [new ExecutionStep(new HypervisorAction(1, ActionKind.Migrate, "vm01", at, to), [], 5)], new PlanLimits());
            string file = folder[$"journal-{i}"];
            using Journal journal = Journal.Create(file, $"run {i}", plan);
            ExecutionReport report = new PlanExecutor(hypervisor, options).Execute($"run {i}", plan, journal, TestContext.Current.CancellationToken);
            Assert.True(report.IsComplete, report.Steps[0].Message);
            at = to;
        }

        (int Handles, int Threads, long Bytes) end = Held();
        Assert.InRange(end.Handles, 0, warm.Handles + 8);
        Assert.InRange(end.Threads, 0, warm.Threads + 8);
        Assert.InRange(end.Bytes, 0, warm.Bytes + (8 << 20));
        Assert.True(lab.Uptime("vm01") > uptime);
    }

    /// <summary>Open files and sockets, threads, and bytes of the managed heap of this process.</summary>
    private static (int Handles, int Threads, long Bytes) Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using Process self = Process.GetCurrentProcess();
        return (Directory.GetFiles("/proc/self/fd").Length, self.Threads.Count, GC.GetTotalMemory(forceFullCollection: true));
    }
}
