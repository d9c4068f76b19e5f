namespace VirtOpt.Adapters.Tests;

/// <summary>Actions on VMs that stay where they are, and when actions may run.</summary>
public sealed class InPlaceTests : IDisposable
{
    private static readonly string[] Hosts = ["h1", "h2"];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-inplace-");

    [Fact]
    public void A_plan_need_not_say_where_a_vm_is_that_is_resized()
    {
        string plan = Path.Combine(folder.FullName, "plan.json");
        File.WriteAllText(plan, """
            {"format": "virtopt-plan", "version": 1, "actions": [
            {"id": 1, "kind": "resize", "vm": "v1", "resource": "memory", "amount": 512, "start": 0, "end": 1, "after": []},
            {"id": 2, "kind": "storageMigrate", "vm": "v1", "pool": "fast", "start": 1, "end": 2, "after": [1]},
            {"id": 3, "kind": "resize", "vm": "gone", "size": {"vcpus": 2, "cpuQuota": 0}, "start": 0, "end": 1, "after": []}]}
            """);
        ExecutionPlan read = ExecutionPlanJson.Read(plan);
        Assert.Equal(new VmSize { MemoryMiB = 512 }, read.Steps[0].Action.Size);
        Assert.Equal(new VmSize { Vcpus = 2, CpuQuota = 0 }, read.Steps[2].Action.Size);
        using ScriptedHypervisor world = ExecutorTests.World((_, _) => Incident.None, "h2", "v1");
        string journal = Path.Combine(folder.FullName, "journal");
        ExecutionReport report;
        using (Journal opened = Journal.Create(journal, "r", read))
            report = new PlanExecutor(world, new ExecutionOptions { Hosts = Hosts }).Execute("r", read, opened, TestContext.Current.CancellationToken);
        Assert.Equal([StepOutcome.Done, StepOutcome.Done, StepOutcome.Refused], report.Steps.Select(s => s.Outcome));
        Assert.Equal(["h2", "h2", null], report.Steps.Select(s => s.Action.From));
        Assert.Equal("resize v1 on h2: 512 MiB", report.Steps[0].Action.ToString());
        Assert.Contains("no longer there", report.Steps[2].Message, StringComparison.Ordinal);
        using (Journal.Resume(journal, out JournalReplay replay))
            Assert.Equal(read.Steps.Select(s => (s.Action.Size, s.Action.Pool)), replay.Plan.Steps.Select(s => (s.Action.Size, s.Action.Pool)));
    }

    [Theory]
    [InlineData("22:00-04:00", "21:59", 0, false)]
    [InlineData("22:00-04:00", "22:00", 3600, true)]
    [InlineData("22:00-04:00", "03:30", 1800, true)]
    [InlineData("22:00-04:00", "03:30", 1801, false)]
    [InlineData("22:00-04:00", "04:00", 0, false)]
    [InlineData("01:00-02:00", "01:30", 1800, true)]
    [InlineData("01:00-02:00", "13:30", 1, false)]
    public void An_action_runs_only_within_the_window(string window, string time, int seconds, bool mayRun) => Assert.Equal(
        mayRun, MaintenanceWindow.Parse(window)!.HasRoomFor(TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromSeconds(
            seconds)));

    [Theory, InlineData("22:00"), InlineData("22:00-22:00"), InlineData("9:00-10:00"), InlineData("22-4")]
    public void What_is_no_window_is_none(string text) => Assert.Null(MaintenanceWindow.Parse(text));

    [Fact]
    public void Outside_the_window_nothing_begins()
    {
        JumpingClock clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        TimeOnly local = TimeOnly.FromDateTime(clock.GetLocalNow().DateTime);
        using ScriptedHypervisor world = ExecutorTests.World((_, _) => Incident.None, "h1", "v1");
        ExecutionPlan plan = new("c", [ExecutorTests.Move(1, "v1", "h1", "h2")], new PlanLimits());
        ExecutionOptions options = new() { Hosts = Hosts, Clock = clock, Window = new MaintenanceWindow(local.AddHours(1), local.AddHours(2)) };
        using Journal journal = Journal.Create(Path.Combine(folder.FullName, "journal"), "r", plan);
        StepReport step = Assert.Single(new PlanExecutor(world, options).Execute("r", plan, journal, TestContext.Current.CancellationToken).Steps);
        Assert.Equal(StepOutcome.Skipped, step.Outcome);
        Assert.Contains("not within the window", step.Message, StringComparison.Ordinal);
        Assert.Empty(world.Begun);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
