using NJsonSchema;

namespace VirtOpt.Adapters.Tests;

public sealed class VirtOptJsonTests
{
    [Theory]
    [InlineData("mixed")]
    [InlineData("uniform")]
    [InlineData("overloaded")]
    [InlineData("numa")]
    public void Writing_reading_and_writing_again_gives_the_same_text(string profile)
    {
        string text = Texts.Write(ClusterGenerator.Generate(new(20, 200, 3, profile)));
        Assert.Equal(text, Texts.Write(Texts.Read(text)));
    }

    [Fact]
    public void Every_rule_of_the_catalogues_survives_the_round_trip()
    {
        ClusterSnapshot cluster = ClusterGenerator.Generate(new(8, 30, 5)).Cluster;
        Random random = new(11);
        for (int round = 0; round < 20; round++)
        {
            List<Constraint> constraints = [];
            foreach (CatalogueEntry<Constraint> entry in ConstraintCatalogue.Entries)
            {
                Soft? soft = random.Next(2) == 0 ? null : new Soft(random.Next(5), 2);
                constraints.Add(entry.Example(cluster, random) with { Soft = soft, Continuous = random.Next(2) == 0 });
            }

            Objective[] objectives =
                [.. ObjectiveCatalogue.Entries.Select(e => e.Example(cluster, random) with { Weight = random.Next(9), Level = random.Next(1, 4) })];
            PlacementProblem problem = new(cluster) { Constraints = Distinct(cluster, constraints), Objectives = objectives };
            string text = Texts.Write(problem);
            PlacementProblem again = Texts.Read(text);
            Assert.Equal(text, Texts.Write(again));
            Assert.Equal(Described(problem), Described(again));
            Assert.Equal(problem.Objectives.Select(o => (o.Describe(), o.Weight, o.Level)), again.Objectives.Select(o => (o.Describe(), o.Weight, o.Level)));
        }
    }

    [Fact]
    public void All_fields_of_hosts_and_VMs_survive_the_round_trip()
    {
        PlacementProblem problem = Texts.Read(Samples.Full);
        Host host = problem.Cluster.Hosts[0];
        Assert.Equal((3_200, 3_200), (host.Usable(0), problem.Cluster.Hosts[0].Physical(0) * 2));
        Assert.Equal([3_200, 6_000, 2_000], host.Safety);
        Assert.Equal([false, true, false], problem.Cluster.Dimensions.Select(d => d.IsTransient));
        Assert.Equal("A100", host.Gpus[1].Model);
        Assert.Equal([0], host.NumaNodes[0].Limits);
        VirtualMachine vm = problem.Cluster.Vms[0];
        Assert.Equal(new Place(new HostId(0), 0b10, 0b01), vm.Start);
        Assert.Equal((false, "local disk", 7, 12L, DowntimeClass.Cold), (vm.Movable, vm.PinReason, vm.Priority, vm.MigrationCost, vm.Downtime));
        Assert.Equal(HostState.Maintenance, problem.Cluster.Hosts[1].State);
        Assert.Equal(Texts.Write(problem), Texts.Write(Texts.Read(Texts.Write(problem))));
        problem.Compile();
    }

    [Theory]
    [InlineData("mixed")]
    [InlineData("overloaded")]
    [InlineData("numa")]
    public async Task Written_problems_keep_the_schema(string profile)
    {
        JsonSchema schema = await Repository.Schema();
        Assert.Empty(schema.Validate(Texts.Write(ClusterGenerator.Generate(new(10, 60, 2, profile)))));
        Assert.Empty(schema.Validate(Samples.Full));
        Assert.NotEmpty(schema.Validate(Samples.Small.Replace("\"unit\": \"MiB\"", "\"units\": \"MiB\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_schema_names_every_rule_of_the_catalogues()
    {
        string schema = File.ReadAllText(Repository.Path("src/VirtOpt.Adapters/Formats/virtopt.schema.json"));
        foreach (string name in ConstraintCatalogue.Entries.Select(e => e.Name).Concat(ObjectiveCatalogue.Entries.Select(e => e.Name)))
            Assert.Contains($"\"{name}\"", schema, StringComparison.Ordinal);
    }

    /// <summary>A tenth of the size that must load, and a tenth of the memory that is fine for it.</summary>
    [Fact]
    public void A_hundred_thousand_VMs_load_in_little_memory()
    {
        using Folder folder = new();
        string path = folder.Path("large.json.gz");
        new VirtOptJson().WriteProblem(ClusterGenerator.Generate(new(4000, 100_000)), [path]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        LoadedProblem loaded = FormatCatalogue.Load([path]);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(100_000, loaded.Problem.Cluster.Vms.Count);
        Assert.InRange(after - before, 0, 100_000_000);
    }

    [Fact]
    public void A_solution_reads_back_as_its_placement()
    {
        using Folder folder = new();
        LoadedProblem loaded = FormatCatalogue.Load([folder.Write("p.json", Texts.Write(ClusterGenerator.Generate(new(6, 40, 2, "numa"))))]);
        Placement placement = Placement.StartOf(loaded.Problem.Cluster);
        Placement moved = new([.. placement.Places[1..], placement.Places[0]]);
        loaded.SaveSolution(folder.Path("s.json.gz"), Texts.Solution(loaded.Problem, moved), Texts.Plan(loaded.Problem, moved));
        Assert.Equal(moved.Places.ToArray(), loaded.ReadSolution(folder.Path("s.json.gz")).Places.ToArray());
    }

    [Fact]
    public void A_result_without_a_placement_is_written_with_its_status()
    {
        using Folder folder = new();
        LoadedProblem loaded = FormatCatalogue.Load([folder.Write("p.json", Samples.Small)]);
        MigrationPlan plan = new() { Waves = [], Reached = Placement.StartOf(loaded.Problem.Cluster) };
        loaded.SaveSolution(folder.Path("s.json"), new PlacementSolution { Status = SolveStatus.Infeasible }, plan);
        Assert.Contains("\"infeasible\"", File.ReadAllText(folder.Path("s.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Policies_presets_and_limits_change_what_is_asked_for()
    {
        using Folder folder = new();
        string problem = folder.Write("p.json", Samples.Small);
        string policy = folder.Write(
            "policy.json", """{"constraints": [{"type": "anti-affinity", "group": "web"}], "objectives": [{"type": "active-hosts", "weight": 2}]}""");
        PlacementProblem own = FormatCatalogue.Load([problem]).Problem;
        PlacementProblem ours = FormatCatalogue.Load([problem], null, new() { PolicyFile = policy, MigrationLimit = 3 }).Problem;
        Assert.Equal(own.Constraints.Count + 2, ours.Constraints.Count);
        Assert.Equal(2, Assert.IsType<ActiveHosts>(Assert.Single(ours.Objectives)).Weight);
        foreach (string preset in PolicyPresets.Names.Where(p => p != PolicyPresets.Energy))
            Assert.NotEmpty(FormatCatalogue.Load([problem], null, new() { Objective = preset }).Problem.Objectives);
        Assert.Throws<InvalidInputException>(() => FormatCatalogue.Load([problem], null, new() { Objective = "energy" }));
        Assert.Throws<InvalidInputException>(() => FormatCatalogue.Load([problem], null, new() { Objective = "speed" }));
        Assert.Throws<InvalidInputException>(() => FormatCatalogue.Load([problem], null, new() { MigrationLimit = -1 }));
    }

    private static IEnumerable<(string Rule, Soft? Soft, bool Continuous)> Described(PlacementProblem problem) =>
        problem.Constraints.Select(c => (c.Describe(), c.Soft, c.Continuous)).OrderBy(c => c.Item1, StringComparer.Ordinal);

    /// <summary>Examples draw names at random; two groups of one name would be refused.</summary>
    private static List<Constraint> Distinct(ClusterSnapshot cluster, List<Constraint> constraints)
    {
        HashSet<string> names = [.. cluster.VmGroups.Select(g => g.Name), .. cluster.HostGroups.Select(g => g.Name)];
        return [.. constraints.Where(c => ConstraintCatalogue.Of(c).ValuesOf(c).Where(v => v is VmGroup or HostGroup).All(g => names.Add($"{g}")))];
    }
}
