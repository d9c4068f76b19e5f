using Newtonsoft.Json.Linq;

namespace VirtOpt.Adapters.Tests;

public sealed class DatasetFormatTests
{
    [Fact]
    public void Vmr2l_becomes_hosts_with_NUMA_nodes_and_anti_affinity()
    {
        PlacementProblem problem = Texts.Read(Samples.Vmr2l);
        Assert.Equal([88, 2000], problem.Cluster.Hosts[0].Capacity);
        Assert.Equal(new Place(new HostId(0), 0b10), problem.Cluster.Vms[0].Start);
        Assert.Equal([32, 400], problem.Cluster.Vms[1].Demand);
        Assert.Equal((2, false), (problem.Cluster.Vms[1].NumaNodes, problem.Cluster.Vms[1].Movable));
        AntiAffinity rule = Assert.Single(problem.Constraints.OfType<AntiAffinity>());
        Assert.Equal(("rack", true), (rule.Scope, rule.Continuous));
        Assert.Equal(Fragmentation.Numa, Assert.IsType<Fragmentation>(Assert.Single(problem.Objectives)).Per);
    }

    [Fact]
    public void Vmr2l_migrations_are_written_in_order_and_applied_on_reading()
    {
        using Folder folder = new();
        LoadedProblem loaded = FormatCatalogue.Load([folder.Write("p.json", Samples.Vmr2l)]);
        Placement start = Placement.StartOf(loaded.Problem.Cluster);
        Placement end = new([new Place(new HostId(0), 0b01), start.Places[1]]);
        Place hop = new(new HostId(1), 0b01);
        MigrationWave[] waves = [new([new(new VmId(0), start.Places[0], hop, true)]), new([new(new VmId(0), hop, end.Places[0])])];
        MigrationPlan plan = new() { Waves = waves, Reached = end };
        loaded.SaveSolution(folder.Path("out.json"), Texts.Solution(loaded.Problem, end), plan);
        JToken[] migrations = [.. JObject.Parse(File.ReadAllText(folder.Path("out.json")))["migrations"]!];
        Assert.Equal("""{"vm":"v0","fromHost":"p1","toHost":"p0","toNuma":[0]}""", migrations[1].ToString(Newtonsoft.Json.Formatting.None));
        Assert.Equal(end.Places.ToArray(), loaded.ReadSolution(folder.Path("out.json")).Places.ToArray());
        string gap = folder.Write("gap.json", """{"migrations": [{"vm": "v0", "fromHost": "p1", "toHost": "p0", "toNuma": [0]}]}""");
        Assert.Contains("leaves host (p1)", Assert.Throws<InvalidInputException>(() => loaded.ReadSolution(gap)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("medium", 279, 2089, 1394, 2, 0.9770)]
    [InlineData("large", 1176, 4546, 18772, 469, 0.6003)]
    public void Vmr2l_snapshots_start_at_the_published_fragment_rate(string name, int hosts, int vms, double free, double fitting, double rate)
    {
        LoadedProblem loaded = FormatCatalogue.Load([Repository.Data($"vmr2l/{name}.json.gz")]);
        Placement start = Placement.StartOf(loaded.Problem.Cluster);
        IReadOnlyDictionary<string, double> figures = loaded.Figures(start);
        Assert.Equal("vmr2l", loaded.Format.Name);
        Assert.Equal((hosts, vms), (loaded.Problem.Cluster.Hosts.Count, loaded.Problem.Cluster.Vms.Count));
        Assert.Equal((free, fitting), (figures["freeCores"], figures["fittingVms"]));
        Assert.Equal(rate, figures["fragmentRate"], 4);
        Assert.Empty(PlacementChecker.Check(loaded.Problem, start).Unrepaired);
    }

    [Fact]
    public void Vmr2l_anti_affinity_sets_hold_at_the_start()
    {
        PolicyOverrides overrides = new() { MigrationLimit = 50, Objective = "fragmentation" };
        LoadedProblem loaded = FormatCatalogue.Load([Repository.Data("vmr2l/medium_aff_02.json.gz")], null, overrides);
        Assert.Equal(144, loaded.Problem.Constraints.OfType<AntiAffinity>().Count());
        Assert.Equal([16, 0], Assert.IsType<Fragmentation>(Assert.Single(loaded.Problem.Objectives)).Shape);
        Assert.Empty(PlacementChecker.Check(loaded.Problem, Placement.StartOf(loaded.Problem.Cluster)).Unrepaired);
    }

    [Fact]
    public void Cloud_balancing_keeps_the_document_and_fills_in_computers()
    {
        using Folder folder = new();
        LoadedProblem loaded = FormatCatalogue.Load([folder.Write("p.json", Samples.CloudBalancing)]);
        Placement placement = new([new Place(new HostId(1)), new Place(new HostId(0))]);
        loaded.SaveSolution(folder.Path("out.json"), Texts.Solution(loaded.Problem, placement), Texts.Plan(loaded.Problem, placement));
        JObject expected = JObject.Parse(Samples.CloudBalancing);
        expected["processList"]![0]!["computer"] = 11;
        expected["processList"]![1]!["computer"] = 10;
        Assert.Equal(expected.ToString(), JObject.Parse(File.ReadAllText(folder.Path("out.json"))).ToString());
        Assert.Equal(placement.Places.ToArray(), loaded.ReadSolution(folder.Path("out.json")).Places.ToArray());
        Assert.Equal(-190, loaded.Figures(placement)["softScore"]);
    }

    [Fact]
    public void Cloud_balancing_files_load()
    {
        LoadedProblem loaded = FormatCatalogue.Load([Repository.Data("cloudbalancing/400computers-1200processes.json.gz")]);
        Assert.Equal((400, 1200), (loaded.Problem.Cluster.Hosts.Count, loaded.Problem.Cluster.Vms.Count));
        Assert.IsType<HostPrice>(Assert.Single(loaded.Problem.Objectives));
    }

    [Fact]
    public void A_csv_pair_says_everything_in_its_headers()
    {
        using Folder folder = new();
        LoadedProblem loaded = FormatCatalogue.Load([folder.Write("hosts.csv", Samples.CsvHosts), folder.Write("vms.csv", Samples.CsvVms)]);
        ClusterSnapshot cluster = loaded.Problem.Cluster;
        Assert.Equal(7600, cluster.Hosts[0].Usable(0));
        Assert.Equal((HostState.Maintenance, 1L, "r2"), (cluster.Hosts[2].State, cluster.Hosts[2].Price, cluster.Hosts[2].Labels["rack"]));
        Assert.Equal(("web, 1", new Place(new HostId(0))), (cluster.Vms[0].Name, cluster.Vms[0].Start));
        Assert.Equal((false, null), (cluster.Vms[2].Movable, cluster.Vms[3].Start));
        Assert.Single(loaded.Problem.Constraints.OfType<AntiAffinity>());
        Assert.Equal(2, loaded.Problem.Constraints.OfType<Fence>().Count());
        Placement placement = new([.. Placement.StartOf(cluster).Places[..3], new Place(new HostId(1))]);
        loaded.SaveSolution(folder.Path("s.csv"), Texts.Solution(loaded.Problem, placement), Texts.Plan(loaded.Problem, placement));
        Assert.Equal(placement.Places.ToArray(), loaded.ReadSolution(folder.Path("s.csv")).Places.ToArray());
        loaded.Format.WriteProblem(loaded.Problem, [folder.Path("h2.csv"), folder.Path("v2.csv")]);
        PlacementProblem again = FormatCatalogue.Load([folder.Path("h2.csv"), folder.Path("v2.csv")]).Problem;
        Assert.Equal(cluster.Vms.Select(v => (v.Name, v.Demand, v.Start, v.Movable)), again.Cluster.Vms.Select(v => (v.Name, v.Demand, v.Start, v.Movable)));
        Assert.Equal(cluster.Vms.Select(v => v.MigrationCost), again.Cluster.Vms.Select(v => v.MigrationCost));
        Assert.Equal(loaded.Problem.Constraints.Select(c => c.Describe()), again.Constraints.Select(c => c.Describe()));
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    public void A_csv_pair_may_have_other_separators(char separator)
    {
        using Folder folder = new();
        string hosts = folder.Write("hosts.csv", "\uFEFF" + Samples.CsvHosts.Replace(',', separator).Replace("\n", "\r\n", StringComparison.Ordinal));
        string vms = folder.Write("vms.csv", Samples.CsvVms.Replace("\"web, 1\"", "web-1", StringComparison.Ordinal).Replace(',', separator) + "\n\n");
        LoadedProblem loaded = FormatCatalogue.Load([hosts, vms]);
        Assert.Equal((3, 4, 2), (loaded.Problem.Cluster.Hosts.Count, loaded.Problem.Cluster.Vms.Count, loaded.Problem.Constraints.OfType<Fence>().Count()));
    }

    [Theory]
    [InlineData(Samples.Vmr2l)]
    [InlineData(Samples.CloudBalancing)]
    public void Imported_problems_convert_to_the_virtopt_format(string sample)
    {
        PlacementProblem imported = Texts.Read(sample);
        PlacementProblem converted = Texts.Read(Texts.Write(imported));
        Placement end = new([.. imported.Cluster.Vms.Select((vm, i) => vm.Start ?? new Place(new HostId(i % 2)))]);
        Assert.Equal(PlacementChecker.Check(imported, end).Terms, PlacementChecker.Check(converted, end).Terms);
        Assert.Equal(imported.Constraints.Select(c => (c.Describe(), c.Continuous)), converted.Constraints.Select(c => (c.Describe(), c.Continuous)));
    }
}
