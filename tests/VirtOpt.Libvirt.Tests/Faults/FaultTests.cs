using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests.Faults;

/// <summary>Faults on real hosts: whatever happens, every guest runs on exactly one host, was not rebooted, and the report says what is.</summary>
public sealed class FaultTests(LibvirtLab lab)
{
    [Fact]
    public void A_run_that_is_killed_at_any_point_is_finished_by_resume()
    {
        lab.Reset();
        lab.Guests(1, "h1", "GUEST_DIRTY=2");
        double uptime = lab.Uptime("vm01");
        using LabFolder direct = new(lab);
        using LabFolder managed = new(lab, "migration: {managed: true}");
        (ExecutionPoint Point, LabFolder Folder)[] crashes =
            [.. Enum.GetValues<ExecutionPoint>().Select(p => (p, direct)), (ExecutionPoint.Progress, managed), (ExecutionPoint.Performed, managed)];
        string at = "h1";
        foreach ((ExecutionPoint point, LabFolder folder) in crashes)
        {
            (string plan, string to) = Killed(folder, point, at);
            Run run = CommandLine.Run("apply", plan, "--inventory", folder.Inventory, "--yes", "--resume", "--json");
            Assert.True(run.Code == 0, $"{point}: {run.Output}{run.Error}");
            Assert.Equal(to, lab.HostOf("vm01"));
            Assert.DoesNotContain("vm01", LibvirtLab.Words(lab.Do("virsh", at, "list", "--all", "--name")));
            (double now, long bad) = lab.Heartbeat("vm01");
            Assert.True(now > uptime, $"{point}: the guest was rebooted");
            Assert.Equal(0, bad);
            (at, uptime) = (to, now);
        }
    }

    /// <summary>
    /// A run of one move that was killed at a point. A migration can be over before it tells how far it is: then the VM moves on until one is not.
    /// </summary>
    private static (string Plan, string To) Killed(LabFolder folder, ExecutionPoint point, string at)
    {
        for (int attempt = 1; ; attempt++)
        {
            string to = at == "h1" ? "h2" : "h1";
            string plan = PlanFiles.Move(folder[$"{point}-{attempt}.json"], "vm01", at, to);
            if (Crash.IsKilledAt(point, folder.Inventory, plan, $"{plan}.journal")) return (plan, to);
            Assert.True(point == ExecutionPoint.Progress && attempt < 5, $"{point}: the process ended and was not killed");
            at = to;
        }
    }

    [Theory, InlineData("h2"), InlineData("h1")]
    public void A_daemon_that_dies_in_mid_migration_loses_no_guest(string victim)
    {
        lab.Reset();
        lab.Guests(1, "h1");
        double uptime = lab.Uptime("vm01");
        ExecutionReport report = Disturbed("migration: {bandwidth: 8}", () => lab.Do("daemon", victim, "kill"));
        StepReport step = Assert.Single(report.Steps);
        Assert.Equal(StepOutcome.Failed, step.Outcome);
        Assert.NotEmpty(step.Message);
        lab.Do("daemon", victim, "start");
        Assert.Equal("h1", lab.HostOf("vm01"));
        Assert.True(lab.Uptime("vm01") > uptime);
    }

    [Fact]
    public void A_link_that_is_cut_for_a_while_is_waited_for()
    {
        lab.Reset();
        lab.Guests(1, "h1");
        double uptime = lab.Uptime("vm01");
        ExecutionReport report = Disturbed("migration: {bandwidth: 8}", () => lab.Do("link", "h2", "down"), () => lab.Do("link", "h2", "up"));
        Assert.True(report.IsComplete, report.Steps[0].Message);
        Assert.True(report.Steps[0].Attempts > 1);
        Assert.Equal("h2", lab.HostOf("vm01"));
        Assert.True(lab.Uptime("vm01") > uptime);
    }

    [Fact]
    public void A_link_that_stays_cut_ends_the_action_and_the_guest_runs_on()
    {
        lab.Reset();
        lab.Guests(1, "h1");
        double uptime = lab.Uptime("vm01");
        ExecutionReport report = Disturbed("migration: {bandwidth: 8}", () => lab.Do("link", "h2", "down"), attempts: 1);
        Assert.Equal(StepOutcome.Failed, report.Steps[0].Outcome);
        Assert.Contains("vm01 is still on h1", report.Steps[0].Message, StringComparison.Ordinal);
        Assert.Equal("h1", lab.HostOf("vm01"));
        Assert.True(lab.Uptime("vm01") > uptime);
        lab.Do("link", "h2", "up");
    }

    [Fact]
    public void A_guest_that_somebody_destroys_meanwhile_is_reported_and_not_brought_back()
    {
        lab.Reset();
        lab.Guests(1, "h1");
        lab.Heartbeat("vm01");
        ExecutionReport report = Disturbed("migration: {bandwidth: 8}", () => lab.Do("virsh", "h1", "destroy", "vm01"));
        Assert.Equal((StepOutcome.Failed, FaultKind.Changed), (report.Steps[0].Outcome, report.Steps[0].Fault));
        Assert.All(LibvirtLab.HostNames, h => Assert.False(lab.IsOn("vm01", h)));
    }

    [Fact]
    public void A_guest_that_somebody_moves_between_two_actions_is_left_where_it_is()
    {
        lab.Reset();
        lab.Guests(2, "h1");
        lab.Heartbeat("vm02");
        using LabFolder folder = new(lab);
        ExecutionPlan plan = ExecutionPlanJson.Read(PlanFiles.Write(folder["plan.json"], ("migrate", "vm01", "h1", "h2", []), ("migrate", "vm02", "h1",
            "h2", [1])));
        ExecutionReport report = Execute(folder, plan, (point, action) =>
        {
            if (point == ExecutionPoint.Verified && action.Id == 1)
                lab.Do("virsh", "h1", "migrate", "--live", "--p2p", "--persistent", "--undefinesource", "vm02", "qemu+tcp://10.77.0.3/system");
        });
        Assert.Equal([StepOutcome.Done, StepOutcome.Refused], report.Steps.Select(s => s.Outcome));
        Assert.Contains("vm02 is on h3 now", report.Steps[1].Message, StringComparison.Ordinal);
        Assert.Equal("h3", lab.HostOf("vm02"));
    }

    /// <summary>Moves vm01 from h1 to h2, slowly, and does something when it is on its way; and something else when the first attempt is over.</summary>
    private ExecutionReport Disturbed(string yaml, Action disturb, Action? mend = null, int attempts = 2)
    {
        using LabFolder folder = new(lab, yaml);
        ExecutionPlan plan = ExecutionPlanJson.Read(PlanFiles.Move(folder["plan.json"], "vm01", "h1", "h2"));
        int times = 0;
        bool isMended = false;
        return Execute(folder, plan, (point, _) =>
        {
            if (point == ExecutionPoint.Progress && Interlocked.Increment(ref times) == 1) disturb();
            if (point != ExecutionPoint.Performed || isMended) return;
            isMended = true;
            mend?.Invoke();
        }, attempts);
    }

    private static ExecutionReport Execute(LabFolder folder, ExecutionPlan plan, Action<ExecutionPoint, HypervisorAction> watch, int attempts = 2)
    {
        using LibvirtHypervisor hypervisor = new(folder.Read(), TimeProvider.System);
        using Journal journal = Journal.Create(folder["journal"], "r", plan);
        ExecutionOptions options = new()
        {
            Hosts = LibvirtLab.HostNames,
            Backoff = TimeSpan.FromSeconds(1),
            MostAttempts = attempts,
            Watch = (p, a, _) => watch(p, a),
        };
        return new PlanExecutor(hypervisor, options).Execute("r", plan, journal, TestContext.Current.CancellationToken);
    }
}
