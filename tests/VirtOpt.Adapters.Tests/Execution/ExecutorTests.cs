namespace VirtOpt.Adapters.Tests;

public sealed class ExecutorTests : IDisposable
{
    private static readonly string[] Hosts = ["h1", "h2", "h3"];
    private static readonly ExecutionOptions Quick = new() { Hosts = Hosts, Backoff = TimeSpan.FromMilliseconds(1), MostFailures = 1000 };
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-executor-");

    private string JournalFile => Path.Combine(folder.FullName, "journal");

    [Fact]
    public void Actions_wait_for_what_they_come_after_and_run_at_once_else()
    {
        using Barrier meeting = new(2);
        using ScriptedHypervisor world = World((_, _) => Incident.None, "h1", "v1", "v2", "v3");
        world.Enter = action => Assert.True(action.Id == 3 || meeting.SignalAndWait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        ExecutionReport report = Execute(world, Quick, Move(1, "v1", "h1", "h2"), Move(2, "v2", "h1", "h3"), Move(3, "v3", "h1", "h2", 1, 2));
        Assert.True(report.IsComplete);
        Assert.Equal(2, world.MostAtOnce);
        Assert.Equal(3, world.Begun[2]);
        Assert.Equal(["h2"], world.HostsOf("v3"));
    }

    [Fact]
    public void A_host_takes_part_in_no_more_migrations_than_the_limit()
    {
        string[] vms = [.. Enumerable.Range(1, 12).Select(i => $"v{i}")];
        using ScriptedHypervisor world = World((_, _) => Incident.None, "h1", vms);
        ExecutionPlan plan = new("c", [.. vms.Select((v, i) => Move(i + 1, v, "h1", i % 2 == 0 ? "h2" : "h3"))], new PlanLimits { PerHost = 2 });
        Assert.True(Execute(world, Quick, plan).IsComplete);
        Assert.InRange(world.MostPerHost, 1, 2);
    }

    [Theory]
    [InlineData(nameof(Incident.BreaksBefore))]
    [InlineData(nameof(Incident.BreaksHalfway))]
    [InlineData(nameof(Incident.PausesAtSource))]
    public void A_fault_of_the_link_is_tried_again(string incident)
    {
        using ScriptedHypervisor world = World((_, attempt) => attempt < 3 ? Enum.Parse<Incident>(incident) : Incident.None, "h1", "v1");
        StepReport step = Assert.Single(Execute(world, Quick, Move(1, "v1", "h1", "h2")).Steps);
        Assert.Equal((StepOutcome.Done, 3), (step.Outcome, step.Attempts));
        Assert.Equal(["h2"], world.HostsOf("v1"));
        Assert.Equal(1, world.DefinitionsOf("v1"));
    }

    [Fact]
    public void A_fault_that_stays_ends_after_the_most_attempts_with_the_vm_where_it_was()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.BreaksHalfway, "h1", "v1", "v2");
        ExecutionReport report = Execute(world, Quick, Move(1, "v1", "h1", "h2"), Move(2, "v2", "h1", "h3", 1));
        Assert.Equal((StepOutcome.Failed, 3, FaultKind.Transient), (report.Steps[0].Outcome, report.Steps[0].Attempts, report.Steps[0].Fault));
        Assert.Contains("v1 is still on h1", report.Steps[0].Message, StringComparison.Ordinal);
        Assert.Equal(StepOutcome.Skipped, report.Steps[1].Outcome);
        Assert.Contains("it waits for action 1", report.Steps[1].Message, StringComparison.Ordinal);
        Assert.Equal(["h1"], world.HostsOf("v1"));
        Assert.Equal(["h1"], world.HostsOf("v2"));
    }

    [Fact]
    public void A_refusal_is_not_tried_again()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.Refuses, "h1", "v1");
        Assert.Equal(1, Assert.Single(Execute(world, Quick, Move(1, "v1", "h1", "h2")).Steps).Attempts);
    }

    [Fact]
    public void A_lost_answer_is_no_failure_when_the_vm_has_come()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.BreaksAfter, "h1", "v1");
        StepReport step = Assert.Single(Execute(world, Quick, Move(1, "v1", "h1", "h2")).Steps);
        Assert.Equal((StepOutcome.Done, 1), (step.Outcome, step.Attempts));
        Assert.Contains("it came through although", step.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_left_behind_is_removed()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.LeavesDefinition, "h1", "v1");
        Assert.True(Execute(world, Quick, Move(1, "v1", "h1", "h2")).IsComplete);
        Assert.Equal(1, world.DefinitionsOf("v1"));
    }

    [Fact]
    public void A_vm_that_somebody_moved_or_destroyed_is_left_alone()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.None, "h1", "v1", "v4");
        world.Put("h3", "v2");
        world.Put("h2", "v3");
        world.Put("h1", "v5", VmState.Off);
        ExecutionReport report = Execute(
            world, Quick, Move(1, "v1", "h1", "h2"), Move(2, "v2", "h1", "h2"), Move(3, "v3", "h1", "h2"), Move(4, "v9", "h1", "h2"), Move(5, "v5", "h1", "h2"));
        Assert.Equal(
            [StepOutcome.Done, StepOutcome.Refused, StepOutcome.Already, StepOutcome.Refused, StepOutcome.Refused], report.Steps.Select(s => s.Outcome));
        Assert.Contains("v2 is on h3 now", report.Steps[1].Message, StringComparison.Ordinal);
        Assert.Contains("no longer there", report.Steps[3].Message, StringComparison.Ordinal);
        Assert.Contains("v5 is off", report.Steps[4].Message, StringComparison.Ordinal);
        Assert.Equal(["h3"], world.HostsOf("v2"));
    }

    [Fact]
    public void A_vm_that_is_destroyed_meanwhile_is_reported_so()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.Destroyed, "h1", "v1");
        StepReport step = Assert.Single(Execute(world, Quick, Move(1, "v1", "h1", "h2")).Steps);
        Assert.Equal((StepOutcome.Failed, FaultKind.Changed), (step.Outcome, step.Fault));
        Assert.Contains("no longer there", step.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_falls_silent_is_used_no_more()
    {
        using ScriptedHypervisor world = World((a, _) => a.Id == 1 ? Incident.HostFallsSilent : Incident.None, "h1", "v1", "v2", "v3");
        ExecutionPlan plan = new(
            "c", [Move(1, "v1", "h1", "h2"), Move(2, "v2", "h1", "h2"), Move(3, "v3", "h1", "h3")], new PlanLimits { InCluster = 1 });
        ExecutionReport report = Execute(world, Quick, plan);
        Assert.Equal((StepOutcome.Failed, FaultKind.HostLost), (report.Steps[0].Outcome, report.Steps[0].Fault));
        Assert.Equal(StepOutcome.Skipped, report.Steps[1].Outcome);
        Assert.Equal(StepOutcome.Done, report.Steps[2].Outcome);
    }

    [Fact]
    public void After_too_many_failures_no_action_begins()
    {
        string[] vms = [.. Enumerable.Range(1, 8).Select(i => $"v{i}")];
        using ScriptedHypervisor world = World((_, _) => Incident.Refuses, "h1", vms);
        ExecutionPlan plan = new("c", [.. vms.Select((v, i) => Move(i + 1, v, "h1", "h2"))], new PlanLimits { InCluster = 1 });
        ExecutionReport report = Execute(world, Quick with { MostFailures = 2 }, plan);
        Assert.Equal(2, report.Steps.Count(s => s.Outcome == StepOutcome.Failed));
        Assert.Equal(6, report.Steps.Count(s => s.Outcome == StepOutcome.Skipped));
        Assert.Contains("2 actions failed", report.Stopped, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_in_the_way_is_told_before_anything_begins()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.None, "h1", "v1", "v2");
        world.InTheWay[1] = "h2 has no room";
        PlanExecutor executor = new(world, Quick);
        ExecutionPlan plan = new("c", [Move(1, "v1", "h1", "h2"), Move(2, "v2", "h1", "h3")], new PlanLimits());
        ExecutionReport rehearsal = executor.Rehearse("r", plan);
        Assert.Equal([StepOutcome.Refused, StepOutcome.Done], rehearsal.Steps.Select(s => s.Outcome));
        Assert.Empty(world.Begun);
        ExecutionReport report = Execute(world, Quick, plan);
        Assert.Equal("h2 has no room", report.Steps[0].Message);
        Assert.Equal([2], world.Begun);
    }

    [Fact]
    public void What_would_end_after_the_window_is_not_begun()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.None, "h1", "v1", "v2");
        ExecutionOptions options = Quick with { Until = TimeProvider.System.GetUtcNow().AddHours(1) };
        ExecutionReport report = Execute(world, options, Move(1, "v1", "h1", "h2"), Move(2, "v2", "h1", "h3") with { Seconds = 7200 });
        Assert.Equal([StepOutcome.Done, StepOutcome.Skipped], report.Steps.Select(s => s.Outcome));
    }

    [Fact]
    public void The_way_back_leads_to_the_start()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.None, "h1", "v1", "v2");
        ExecutionPlan plan = new("c", [Move(1, "v1", "h1", "h2"), Move(2, "v2", "h1", "h3", 1), Move(3, "v1", "h2", "h3", 1, 2)], new PlanLimits());
        Assert.True(Execute(world, Quick, plan).IsComplete);
        ExecutionPlan back = plan.Back(new HashSet<int> { 1, 2, 3 });
        Assert.Equal([3, 2, 1], back.Steps.Select(s => s.Action.Id));
        Assert.Equal([2, 3], back.Steps[2].After.Order());
        File.Delete(JournalFile);
        Assert.True(Execute(world, Quick, back).IsComplete);
        Assert.Equal(["h1"], world.HostsOf("v1"));
        Assert.Equal(["h1"], world.HostsOf("v2"));
    }

    [Fact]
    public void Nothing_begins_that_the_journal_cannot_hold()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.None, "h1", "v1", "v2");
        ExecutionPlan plan = new("c", [Move(1, "v1", "h1", "h2")], new PlanLimits());
        using FullDisk disk = new(lines: 1);
        using Journal journal = Journal.On(disk, "r", plan);
        ExecutionReport report = new PlanExecutor(world, Quick).Execute("r", plan, journal, TestContext.Current.CancellationToken);
        Assert.False(report.IsComplete);
        Assert.Contains("No space left", report.Stopped, StringComparison.Ordinal);
        Assert.Empty(world.Begun);
        Assert.Equal(["h1"], world.HostsOf("v1"));
    }

    [Fact]
    public void A_host_goes_into_maintenance_only_when_it_is_empty()
    {
        ExecutionStep enter = new(new HypervisorAction(2, ActionKind.EnterMaintenance, "", "h1", null), [1], 1);
        using ScriptedHypervisor world = World((_, _) => Incident.None, "h1", "v1");
        ExecutionPlan plan = new("c", [Move(1, "v1", "h1", "h2"), enter], new PlanLimits());
        Assert.True(new PlanExecutor(world, Quick).Rehearse("r", plan).IsComplete);
        Assert.True(Execute(world, Quick, plan).IsComplete);
        File.Delete(JournalFile);
        using ScriptedHypervisor late = World((_, _) => Incident.None, "h1", "v1", "v2");
        StepReport step = Execute(late, Quick, plan).Steps[1];
        Assert.Equal((StepOutcome.Refused, "h1 still has v2"), (step.Outcome, step.Message));
    }

    [Fact]
    public void The_audit_log_says_who_what_why_before_and_after()
    {
        using ScriptedHypervisor world = World((_, _) => Incident.None, "h1", "v1");
        string file = Path.Combine(folder.FullName, "audit");
        ExecutionPlan plan = new("c", [Move(1, "v1", "h1", "h2")], new PlanLimits());
        using (Journal journal = Journal.Create(JournalFile, "r", plan))
            new PlanExecutor(world, Quick, new AuditLog(file, "me", "test")).Execute("r", plan, journal, TestContext.Current.CancellationToken);
        Newtonsoft.Json.Linq.JObject line = Newtonsoft.Json.Linq.JObject.Parse(Assert.Single(File.ReadAllLines(file)));
        Assert.Equal(
            ["r", "me", "migrate v1 from h1 to h2", "test", "h1", "h2", "done"],
            new[] { "run", "who", "what", "why", "before", "after", "outcome" }.Select(f => (string?)line[f]));
    }

    public void Dispose() => folder.Delete(recursive: true);

    internal static ScriptedHypervisor World(Func<HypervisorAction, int, Incident> script, string host, params string[] vms)
    {
        ScriptedHypervisor world = new(Hosts, script);
        foreach (string vm in vms) world.Put(host, vm);
        return world;
    }

    internal static ExecutionStep Move(int id, string vm, string from, string to, params int[] after) =>
        new(new HypervisorAction(id, ActionKind.Migrate, vm, from, to), after, 10);

    private ExecutionReport Execute(ScriptedHypervisor world, ExecutionOptions options, params ExecutionStep[] steps) =>
        Execute(world, options, new ExecutionPlan("c", steps, new PlanLimits { PerHost = 2 }));

    private ExecutionReport Execute(ScriptedHypervisor world, ExecutionOptions options, ExecutionPlan plan)
    {
        using Journal journal = Journal.Create(JournalFile, "r", plan);
        return new PlanExecutor(world, options).Execute("r", plan, journal, TestContext.Current.CancellationToken);
    }

    /// <summary>A disk with room for so many lines.</summary>
    private sealed class FullDisk(int lines) : MemoryStream
    {
        private int written;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (++written > lines) throw new IOException("No space left on device");
            base.Write(buffer);
        }
    }
}
