namespace VirtOpt.Adapters.Tests;

/// <summary>Checks between waves, and what later plans learn from measured migrations.</summary>
public sealed class WaveTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-waves-");

    [Theory, InlineData(false), InlineData(true)]
    public void A_check_that_finds_a_worse_result_than_promised_ends_the_run(bool isWorse)
    {
        using ScriptedHypervisor world = ExecutorTests.World((_, _) => Incident.None, "h1", "v1", "v2");
        int looks = 0;
        ExecutionOptions options = new()
        {
            Hosts = ["h1", "h2"],
            Verify = () =>
            {
                looks++;
                Assert.Equal(["h2"], world.HostsOf("v1"));
                return isWorse ? ["VMs on h2 use too much"] : [];
            },
        };
        ExecutionStep check = new(new HypervisorAction(2, ActionKind.Check, "", null, null), [1], 0);
        ExecutionPlan plan = new("c", [ExecutorTests.Move(1, "v1", "h1", "h2"), check, ExecutorTests.Move(3, "v2", "h1", "h2", 2)], new PlanLimits());
        Assert.True(new PlanExecutor(world, options).Rehearse("r", plan).IsComplete);
        using Journal journal = Journal.Create(Path.Combine(folder.FullName, "journal"), "r", plan);
        ExecutionReport report = new PlanExecutor(world, options).Execute("r", plan, journal, TestContext.Current.CancellationToken);
        Assert.Equal((1, !isWorse), (looks, report.IsComplete));
        Assert.Equal([isWorse ? "h1" : "h2"], world.HostsOf("v2"));
        if (!isWorse) return;
        Assert.Equal([StepOutcome.Done, StepOutcome.Failed, StepOutcome.Skipped], report.Steps.Select(s => s.Outcome));
        Assert.Contains("VMs on h2 use too much", report.Stopped, StringComparison.Ordinal);
        journal.Dispose();
        Assert.False(Journal.IsOpen(Path.Combine(folder.FullName, "journal"))); // nothing is half done: the next run may begin
    }

    [Fact]
    public void Later_plans_estimate_by_measured_migrations()
    {
        string file = Path.Combine(folder.FullName, "migrations.csv");
        MigrationLog log = new(file);
        TransferModel prior = new();
        Assert.Same(prior, log.Fitted(prior));
        StepReport[] steps = [.. Enumerable.Range(1, 8).Select(i => Step(i, seconds: 1 + (i * 1024 / 100.0)))]; // 100 MiB/s and a second
        StepReport retried = Step(9, 500) with { Attempts = 2 };
        StepReport failed = Step(10, 500) with { Outcome = StepOutcome.Failed };
        Assert.Equal(3, log.Add(Report(steps[..3]), DateTimeOffset.UnixEpoch, TransferMode.PreCopy));
        Assert.Same(prior, log.Fitted(prior)); // too few
        Assert.Equal(5, log.Add(Report([.. steps[3..], retried, failed]), DateTimeOffset.UnixEpoch, TransferMode.PreCopy));
        Assert.Equal(8, MigrationHistory.Read(file).Count);
        Assert.InRange(log.Fitted(prior).Bandwidth, 740, 940); // 100 MiB/s are 839 Mbit/s
        Assert.Equal((8, 5), (log.DirtyRates().Count, log.DirtyRates()["v5"]));
    }

    [Fact]
    public void Measured_migrations_that_fit_no_model_do_not_keep_anybody_from_planning()
    {
        MigrationLog log = new(Path.Combine(folder.FullName, "migrations.csv"));
        log.Add(Report([.. Enumerable.Range(1, 8).Select(i => Step(i, seconds: 100 - i))]), DateTimeOffset.UnixEpoch, TransferMode.PreCopy);
        TransferModel prior = new();
        Assert.Same(prior, log.Fitted(prior));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static StepReport Step(int vm, double seconds) => new(new HypervisorAction(vm, ActionKind.Migrate, $"v{vm}", "h1", "h2"), StepOutcome.Done, "")
    {
        Attempts = 1,
        Seconds = seconds,
        Result = new ActionResult { DowntimeMilliseconds = 20, TransferredMiB = vm * 1024, MemoryMiB = vm * 1024, DirtyRate = vm },
    };

    private static ExecutionReport Report(StepReport[] steps) => new() { Run = "r", Steps = steps };
}
