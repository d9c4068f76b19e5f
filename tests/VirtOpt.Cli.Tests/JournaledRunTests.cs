using VirtOpt.Cli.Executing;

namespace VirtOpt.Cli.Tests;

/// <summary>A run, its way back, and what their journals say afterwards.</summary>
public sealed class JournaledRunTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-run-");
    private readonly World world = new();

    private ExecutionFiles Files => ExecutionFiles.Of(Path.Combine(folder.FullName, "plan.json"));

    [Fact]
    public void A_run_that_fails_goes_back_and_is_over()
    {
        world.Refused.Add("v2");
        (ExecutionReport report, ExecutionReport? back) = Run().Execute(Plan(), mustGoBack: true);
        Assert.Equal([StepOutcome.Done, StepOutcome.Failed], report.Steps.Select(s => s.Outcome));
        Assert.True(back!.IsComplete);
        Assert.Equal(("h1", "h1"), (world.Hosts["v1"], world.Hosts["v2"]));
        Assert.False(Journal.IsOpen(Files.Journal));
        Assert.False(Journal.IsOpen(Files.JournalOfBack));
    }

    [Fact]
    public void A_run_that_fails_and_does_not_go_back_is_gone_on_with()
    {
        world.Refused.Add("v2");
        Assert.Null(Run().Execute(Plan(), mustGoBack: false).Back);
        Assert.True(Journal.IsOpen(Files.Journal));
        world.Refused.Clear();
        Assert.True(Run().Resume(mustGoBack: false).Report.IsComplete);
        Assert.Equal(("h2", "h2"), (world.Hosts["v1"], world.Hosts["v2"]));
        Assert.False(Journal.IsOpen(Files.Journal));
    }

    [Fact]
    public void A_way_back_that_was_broken_off_is_gone_on_with_and_not_the_plan()
    {
        // v1 has moved, v2 has failed, and the process was killed before v1 went back.
        world.Hosts["v1"] = "h2";
        using (Journal.Create(Files.Journal, "r", Plan())) { }
        using (Journal.Create(Files.JournalOfBack, "r-back", Plan().Back(new HashSet<int> { 1 }))) { }
        (ExecutionReport report, ExecutionReport? back) = Run().Resume(mustGoBack: true);
        Assert.Null(back);
        Assert.Equal(["r-back"], [report.Run]);
        Assert.Equal(("h1", "h1"), (world.Hosts["v1"], world.Hosts["v2"]));
        Assert.False(Journal.IsOpen(Files.Journal));
    }

    [Fact]
    public void The_plan_of_a_nightly_run_shares_its_logs_with_the_other_nights()
    {
        string run = Path.Combine(folder.FullName, "20260102T013000Z");
        Directory.CreateDirectory(run);
        string plan = Path.Combine(run, "plan.json");
        Assert.Equal(Path.Combine(run, "migrations.csv"), ExecutionFiles.Of(plan).Migrations);
        File.WriteAllText(Path.Combine(run, "cluster.json"), "{}");
        Assert.Equal(Path.Combine(folder.FullName, "migrations.csv"), ExecutionFiles.Of(plan).Migrations);
        Assert.Equal(Path.Combine(folder.FullName, "audit.jsonl"), ExecutionFiles.Of(plan).Audit);
        Assert.Equal($"{plan}.journal", ExecutionFiles.Of(plan).Journal);
    }

    public void Dispose()
    {
        world.Dispose();
        folder.Delete(recursive: true);
    }

    private static ExecutionPlan Plan() => new("c", [Move(1, "v1"), Move(2, "v2", 1)], new PlanLimits());

    private static ExecutionStep Move(int id, string vm, params int[] after) => new(new HypervisorAction(id, ActionKind.Migrate, vm, "h1", "h2"), after, 1);

    private JournaledRun Run()
    {
        Terminal terminal = new(TextWriter.Null, TextWriter.Null);
        return new JournaledRun(Files, terminal, new MigrationOptions(), _ => new PlanExecutor(world, new ExecutionOptions { Hosts = ["h1", "h2"] }));
    }

    /// <summary>Two hosts in memory; some VMs are refused.</summary>
    private sealed class World : IHypervisor
    {
        public Dictionary<string, string> Hosts { get; } = new() { ["v1"] = "h1", ["v2"] = "h1" };

        public HashSet<string> Refused { get; } = [];

        public IReadOnlyList<HostSighting> Look(IReadOnlyCollection<string> hosts) =>
            [.. hosts.Select(h => new HostSighting(h, null, [.. Hosts.Where(v => v.Value == h).Select(v => Seen(v.Key))]))];

        public IReadOnlyList<string> Obstacles(HypervisorAction action) => [];

        public ActionResult Perform(HypervisorAction action, IProgress<ActionProgress> progress, CancellationToken abort)
        {
            if (Refused.Contains(action.Vm)) return ActionResult.Failed(FaultKind.Refused, "not this one");
            Hosts[action.Vm] = action.To!;
            return new ActionResult();
        }

        public string Settle(HypervisorAction action, CancellationToken abort) => "";

        public void Dispose() { }

        private static VmSighting Seen(string vm) => new(vm, new Guid(vm[1], 0, 0, new byte[8]), VmState.Running);
    }
}
