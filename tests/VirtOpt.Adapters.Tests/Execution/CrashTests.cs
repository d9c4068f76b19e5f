namespace VirtOpt.Adapters.Tests;

/// <summary>
/// Random plans under random faults, and a crash at every point of every run: whatever the journal holds and the hosts say at that moment, resuming must
/// bring every VM where it belongs, exactly once.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private static readonly string[] Hosts = ["h1", "h2", "h3"];
    private static readonly Incident[] Passing =
        [Incident.None, Incident.None, Incident.BreaksBefore, Incident.BreaksHalfway, Incident.BreaksAfter, Incident.PausesAtSource, Incident.LeavesDefinition];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-crash-");

    [Theory]
    [MemberData(nameof(Seeds))]
    public void After_a_crash_at_any_point_resuming_loses_and_doubles_nothing(int seed)
    {
        (ExecutionPlan plan, string[] vms) = RandomPlan(new Random(seed));
        using ScriptedHypervisor world = Start(plan, vms, (a, attempt) => attempt >= 3 ? Incident.None : Pick(seed, a.Id, attempt));
        string file = Path.Combine(folder.FullName, "journal");
        using SharedStream disk = new();
        List<(byte[] Journal, ScriptedHypervisor World)> crashes = [];
        ExecutionOptions options = Options with { Watch = (_, _, _) => Crash() };
        world.Halfway = Crash;
        using (Journal journal = Journal.On(disk, "run", plan))
            Assert.True(new PlanExecutor(world, options).Execute("run", plan, journal, TestContext.Current.CancellationToken).IsComplete);
        AssertReached(plan, vms, world);
        Assert.True(crashes.Count > plan.Steps.Count * 4);
        for (int c = 0; c < crashes.Count; c++) Resume(crashes[c], $"{file}-{c}", torn: c % 3 == 0 ? "{\"entry\":\"beg" : "");

        void Crash()
        {
            byte[] bytes = [];
            ScriptedHypervisor copy = world.Copy((_, _) => Incident.None, () => bytes = disk.Content());
            lock (crashes) crashes.Add((bytes, copy));
        }

        void Resume((byte[] Journal, ScriptedHypervisor World) crash, string path, string torn)
        {
            File.WriteAllBytes(path, [.. crash.Journal, .. System.Text.Encoding.UTF8.GetBytes(torn)]);
            using Journal journal = Journal.Resume(path, out JournalReplay replay);
            ExecutionReport report = new PlanExecutor(crash.World, Options).Resume(replay, journal, TestContext.Current.CancellationToken);
            Assert.True(report.IsComplete, string.Join('\n', report.Steps.Where(s => !s.IsDone).Select(s => $"{s.Action}: {s.Outcome} {s.Message}")));
            AssertReached(plan, vms, crash.World);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_fails_a_report_says_where_every_vm_is(int seed)
    {
        (ExecutionPlan plan, string[] vms) = RandomPlan(new Random(seed));
        Incident[] all = [.. Enum.GetValues<Incident>().Where(i => i != Incident.HostFallsSilent)];
        using ScriptedHypervisor world = Start(plan, vms, (a, attempt) => all[new Random((seed * 1000) + (a.Id * 10) + attempt).Next(all.Length)]);
        using Journal journal = Journal.Create(Path.Combine(folder.FullName, "journal"), "run", plan);
        ExecutionReport report = new PlanExecutor(world, Options).Execute("run", plan, journal, TestContext.Current.CancellationToken);
        foreach (string vm in vms)
        {
            StepReport[] steps = [.. report.Steps.Where(s => s.Action.Vm == vm)];
            bool isGone = steps.Any(s => s.Message.Contains("no longer there", StringComparison.Ordinal));
            string? expected = steps.LastOrDefault(s => s.IsDone)?.Action.To ?? steps.FirstOrDefault()?.Action.From;
            Assert.Equal(isGone ? [] : expected is null ? ["h1"] : [expected], world.HostsOf(vm));
            Assert.True(world.DefinitionsOf(vm) <= 1, $"{vm} is defined twice");
        }

        foreach (StepReport step in report.Steps)
        {
            Assert.InRange(step.Attempts, 0, Options.MostAttempts);
            IReadOnlyList<int> after = plan.Steps.Single(s => s.Action.Id == step.Action.Id).After;
            if (step.IsDone) Assert.All(after, id => Assert.True(report.Steps.Single(s => s.Action.Id == id).IsDone));
            else Assert.NotEmpty(step.Message);
        }
    }

    [Fact]
    public void A_journal_that_was_changed_by_hand_is_refused_with_its_line()
    {
        string file = Path.Combine(folder.FullName, "journal");
        (ExecutionPlan plan, _) = RandomPlan(new Random(1));
        using (Journal.Create(file, "run", plan)) { }
        File.AppendAllText(file, "{\"entry\": \"begin\"}\n");
        InvalidInputException error = Assert.Throws<InvalidInputException>(() => Journal.Resume(file, out _));
        Assert.Contains("(line 2)", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => Journal.Create(file, "run", plan));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    public void Dispose() => folder.Delete(recursive: true);

    private static ExecutionOptions Options { get; } = new() { Hosts = Hosts, Backoff = TimeSpan.FromTicks(1), MostFailures = 1000 };

    private static Incident Pick(int seed, int action, int attempt) => Passing[new Random((seed * 1000) + (action * 10) + attempt).Next(Passing.Length)];

    /// <summary>VMs that begin on random hosts and go through one to three moves, each after its own last one and some earlier ones.</summary>
    private static (ExecutionPlan Plan, string[] Vms) RandomPlan(Random random)
    {
        string[] vms = [.. Enumerable.Range(1, random.Next(2, 6)).Select(i => $"v{i}")];
        Dictionary<string, string> at = vms.ToDictionary(v => v, _ => Hosts[0]);
        Dictionary<string, int> last = [];
        List<ExecutionStep> steps = [];
        for (int id = 1; id <= vms.Length * 2; id++)
        {
            string vm = vms[random.Next(vms.Length)];
            string to = Hosts.Where(h => h != at[vm]).ElementAt(random.Next(2));
            HashSet<int> after = [.. steps.Where(_ => random.Next(6) == 0).Select(s => s.Action.Id)];
            if (last.TryGetValue(vm, out int before)) after.Add(before);
            steps.Add(ExecutorTests.Move(id, vm, at[vm], to, [.. after]));
            (at[vm], last[vm]) = (to, id);
        }

        return (new ExecutionPlan("c", steps, new PlanLimits { PerHost = random.Next(1, 4) }), vms);
    }

    private static ScriptedHypervisor Start(ExecutionPlan plan, string[] vms, Func<HypervisorAction, int, Incident> script)
    {
        Assert.NotEmpty(plan.Steps);
        return ExecutorTests.World(script, Hosts[0], vms);
    }

    private static void AssertReached(ExecutionPlan plan, string[] vms, ScriptedHypervisor world)
    {
        foreach (string vm in vms)
        {
            string expected = plan.Steps.LastOrDefault(s => s.Action.Vm == vm)?.Action.To ?? Hosts[0];
            Assert.Equal([expected], world.HostsOf(vm));
            Assert.Equal(1, world.DefinitionsOf(vm));
        }
    }

    /// <summary>A disk that can be looked at while it is written.</summary>
    private sealed class SharedStream : MemoryStream
    {
        private readonly Lock gate = new();

        public byte[] Content()
        {
            lock (gate) return ToArray();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (gate) base.Write(buffer);
        }
    }
}
