using NJsonSchema;

namespace VirtOpt.Adapters.Tests;

/// <summary>Plan files and settings files: what is written is read back, keeps its schema, and bad files end in one clear error.</summary>
public sealed class TimedPlanJsonTests
{
    private static readonly PlacementProblem Problem = ClusterGenerator.Generate(new(4, 12, 3, "numa"));

    private static readonly PlanSettings Settings = new()
    {
        Transfer = new() { Bandwidth = 2500, Mode = TransferMode.PostCopy },
        Limits = new()
        {
            PerHost = null,
            PerHostIn = 2,
            InCluster = 7,
            LinkScope = "rack",
            PerLink = 3,
            Windows = [new(0, 600), new(900, 1200)],
            Deadline = 1100,
            MaxMigrations = 30,
            MaxMovedMiB = 7.5,
            WaveSize = 4,
            WavePause = 60,
        },
        Vms = new Dictionary<VmId, VmTransfer>
        {
            [new VmId(1)] = new() { DiskMiB = 5, Mode = TransferMode.Cold, Seconds = 12.5, BootSeconds = 7, ShutdownSeconds = 0, ResizeSeconds = 2.5 },
        },
        MemoryDimension = "memory",
        BreakCycles = CycleBreak.Cold,
    };

    [Fact]
    public async Task Plans_are_read_back_as_they_were_written_and_keep_the_schema()
    {
        using Folder folder = new();
        TimedPlan plan = Example();
        TimedPlanJson.Save(folder.Path("plan.json.gz"), plan, Problem.Cluster);
        TimedPlanJson.Save(folder.Path("plan.json"), plan, Problem.Cluster);
        TimedPlan read = TimedPlanJson.Read(folder.Path("plan.json.gz"), Problem.Cluster);
        Assert.Equal(plan.Actions.Select(a => a with { After = [] }), read.Actions.Select(a => a with { After = [] }));
        Assert.Equal(plan.Actions.Select(a => string.Join(',', a.After)), read.Actions.Select(a => string.Join(',', a.After)));
        Assert.Equal((plan.Bound, plan.BoundOfAll, plan.MigrationsBound), (read.Bound, read.BoundOfAll, read.MigrationsBound));
        Assert.Equal((plan.Makespan, plan.Hops), (read.Makespan, read.Hops));
        Assert.Equal(plan.Unreached, read.Unreached);
        Assert.Equal(plan.Curve!.GainLevel, read.Curve!.GainLevel);
        Assert.Equal(plan.Curve.Stops.Select(s => s with { Levels = [] }), read.Curve.Stops.Select(s => s with { Levels = [] }));
        Assert.Equal(plan.Curve.Stops.Select(s => s.Levels), read.Curve.Stops.Select(s => s.Levels));
        Same(plan.Settings, read.Settings);
        JsonSchema schema = await Schema("virtopt-plan");
        Assert.Empty(schema.Validate(File.ReadAllText(folder.Path("plan.json"))));
        Assert.NotEmpty(schema.Validate(File.ReadAllText(folder.Path("plan.json")).Replace("\"bootHost\"", "\"hostBoot\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Settings_are_read_back_as_they_were_written_and_keep_the_schema()
    {
        using Folder folder = new();
        PlanSettingsJson.Save(folder.Path("s.json"), Settings, Problem.Cluster);
        Same(Settings, PlanSettingsJson.Read(folder.Path("s.json"), Problem.Cluster));
        Assert.Empty((await Schema("virtopt-plan-settings")).Validate(File.ReadAllText(folder.Path("s.json"))));
    }

    [Fact]
    public void The_schema_names_every_kind_of_action()
    {
        string schema = File.ReadAllText(Repository.Path("src/VirtOpt.Adapters/Formats/Plans/virtopt-plan.schema.json"));
        Assert.All(Enum.GetValues<ActionKind>(), kind => Assert.Contains($"\"{kind.Word()}\"", schema, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"kind\":\"boot\"", "\"kind\":\"start\"", "actions[2].kind", "start", "\"coldMigrate\"")]
    [InlineData("\"id\":2,", "\"id\":1,", "actions[1]", "id (1) is there twice", "two plans")]
    [InlineData("\"after\":[1]", "\"after\":[9]", "action (2) waits for action (9)", "taken out", "p.json")]
    [InlineData("\"kind\":\"bootHost\",\"host\"", "\"kind\":\"bootHost\",\"vm\"", "actions[3].vm", "There is no VM", "Maybe")]
    [InlineData("\"kind\":\"boot\"", "\"kind\":\"shutdown\"", "actions[2]", "needs the field (from)", "another kind")]
    [InlineData("\"kind\":\"check\",", "\"kind\":\"check\",\"vm\":\"v1\",", "actions[5].vm", "There is no VM", "Maybe")]
    [InlineData("\"moves\":2,", "\"moves\":-2,", "stops[1].moves", "(-2)", "within 0 ..")]
    [InlineData("\"waveSize\": 4", "\"waveSize\": 0", "waveSize", "(0)", "within 1 ..")]
    [InlineData("\"maxMoved\": 7.5", "\"maxMoved\": -7.5", "p.json", "most MiB to move (-7.5)", "Maybe")]
    [InlineData("\"version\": 1", "\"version\": 2", "version", "(2)", "within 1 .. 1")]
    [InlineData("\"bandwidth\": 2500.0", "\"bandwidth\": -1", "p.json", "bandwidth (-1)", "unit")]
    [InlineData("\"start\":10,", "\"start\":30,", "actions[1]", "ends at 20, before its start at 30", "swapped")]
    public void Bad_plan_files_end_in_one_clear_error(string right, string wrong, params string[] words)
    {
        using Folder folder = new();
        TimedPlanJson.Save(folder.Path("p.json"), Example(), Problem.Cluster);
        string text = File.ReadAllText(folder.Path("p.json"));
        int at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{right} is not in {text}");
        folder.Write("p.json", string.Concat(text.AsSpan(0, at), wrong, text.AsSpan(at + right.Length)));
        string message = Assert.Throws<InvalidInputException>(() => TimedPlanJson.Read(folder.Path("p.json"), Problem.Cluster)).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    private static TimedPlan Example()
    {
        ClusterSnapshot cluster = Problem.Cluster;
        Place at = cluster.Vms[0].Start!.Value;
        Place elsewhere = at with { Host = new HostId((at.Host.Index + 1) % 4) };
        Place[] places = [.. Placement.StartOf(cluster).Places];
        places[2] = at;
        return new TimedPlan
        {
            Actions =
            [
                new() { Id = 1, Kind = ActionKind.Migrate, Vm = new VmId(0), From = at, To = elsewhere, Start = 0, End = 10, IsHop = true },
                new() { Id = 2, Kind = ActionKind.ColdMigrate, Vm = new VmId(0), From = elsewhere, To = at, Start = 10, End = 20, After = [1] },
                new() { Id = 3, Kind = ActionKind.Boot, Vm = new VmId(2), To = at, Start = 20, End = 50, After = [1, 2] },
                new() { Id = 4, Kind = ActionKind.BootHost, Host = new HostId(3), Start = 50, End = 60 },
                new() { Id = 5, Kind = ActionKind.Resize, Vm = new VmId(1), Dimension = 0, Amount = 4, Start = 60, End = 61, Wave = 2 },
                new() { Id = 6, Kind = ActionKind.Check, Start = 61, End = 121, Wave = 2 },
            ],
            Reached = new Placement(places),
            Unreached = [new UnreachedVm(new VmId(3), "Host h1 has no room.") { IsLeftOut = true }],
            Curve = new PlanCurve(1, [
                new() { Moves = 0, MovedMiB = 0, Seconds = 0, Gain = 0, Wave = 0, Levels = [new(0, 5), new(1, -7)] },
                new() { Moves = 2, MovedMiB = 4096.5, Seconds = 61, Gain = 1, Levels = [new(0, 0), new(1, -9)] },
            ]),
            Settings = Settings,
            Bound = 40,
            MigrationsBound = 1,
            BoundOfAll = 35,
        };
    }

    private static void Same(PlanSettings expected, PlanSettings actual)
    {
        Assert.Equal(expected.Transfer, actual.Transfer);
        Assert.Equal(expected.Limits with { Windows = [] }, actual.Limits with { Windows = [] });
        Assert.Equal(expected.Limits.Windows, actual.Limits.Windows);
        Assert.Equal(expected.Vms, actual.Vms);
        Assert.Equal((expected.MemoryDimension, expected.BreakCycles), (actual.MemoryDimension, actual.BreakCycles));
    }

    private static Task<JsonSchema> Schema(string name) => JsonSchema.FromFileAsync(
        Repository.Path($"src/VirtOpt.Adapters/Formats/Plans/{name}.schema.json"), TestContext.Current.CancellationToken);
}
