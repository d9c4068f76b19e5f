using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace VirtOpt.Libvirt.Tests.Lab;

/// <summary>
/// A process of its own that carries a plan out and is killed (SIGKILL, by itself) at a point. It is this test program, started with an environment
/// variable that says so, and never comes to its tests.
/// </summary>
internal static class Crash
{
    private const string Variable = "VIRTOPT_TEST_CRASH";
    private const int Ended = 77;

    /// <summary>Carries a plan out in another process until it is killed at a point; false if it never came there and ended.</summary>
    public static bool IsKilledAt(ExecutionPoint point, string inventory, string plan, string journal)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(Crash).Assembly.Location);
        start.Environment[Variable] = string.Join('|', point, inventory, plan, journal);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode is 128 + 9 or Ended, $"{point}: the process ended with {process.ExitCode} and not by the signal: {output.Result}{error}");
        return process.ExitCode != Ended;
    }

    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } words) return;
        string[] parts = words.Split('|');
        ExecutionPoint wanted = Enum.Parse<ExecutionPoint>(parts[0]);
        HostInventory inventory = InventoryYaml.Read(parts[1]);
        ExecutionOptions options = new()
        {
            Hosts = LibvirtLab.HostNames,
            Watch = (point, _, _) =>
            {
                if (point == wanted) Process.GetCurrentProcess().Kill();
            },
        };
        ExecutionPlan plan = ExecutionPlanJson.Read(parts[2]);
        using Journal journal = Journal.Create(parts[3], "crash", plan);
        using LibvirtHypervisor hypervisor = new(inventory, TimeProvider.System);
        new PlanExecutor(hypervisor, options).Execute("crash", plan, journal);
        Environment.Exit(Ended);
    }
}
