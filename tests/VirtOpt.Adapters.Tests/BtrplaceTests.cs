using Newtonsoft.Json.Linq;

namespace VirtOpt.Adapters.Tests;

/// <summary>Instances of BtrPlace: what each constraint becomes, what is refused, and that what is written is what was read.</summary>
public sealed class BtrplaceTests
{
    private static readonly string Grow = File.ReadAllText(Repository.Path("datasets/btrplace/grow.json"));
    private static readonly string Power = File.ReadAllText(Repository.Path("datasets/btrplace/power.json"));

    [Fact]
    public void Mapping_views_and_preserve_become_hosts_and_VMs_with_what_they_have_and_what_they_are_to_have()
    {
        ClusterSnapshot cluster = Read(Grow).Problem.Cluster;
        Assert.Equal(["cpu", "memory"], cluster.Dimensions.Select(d => d.Name));
        Assert.Equal((5, 11), (cluster.Hosts.Count, cluster.Vms.Count));
        Assert.Equal(([10, 16], [10, 12]), (cluster.Hosts[0].Capacity, cluster[cluster.HostNamed("4")].Capacity));
        Assert.Equal(12, cluster[cluster.HostNamed("4")].Usable(0));
        VirtualMachine grows = cluster[cluster.VmNamed("0")];
        Assert.Equal(([6, 4], [3, 4], new Place(cluster.HostNamed("0"))), (grows.Demand, grows.DemandNow, grows.Start!.Value));
        Assert.Equal(ResourceVector.Empty, cluster[cluster.VmNamed("8")].DemandNow); // It has more than it is to have at least.
        Assert.Equal([2, 6], cluster[cluster.VmNamed("5")].Demand);
    }

    [Fact]
    public void Every_constraint_becomes_a_rule_of_the_catalogue()
    {
        PlacementProblem problem = Read(Grow).Problem;
        AntiAffinity spread = Assert.Single(problem.Constraints.OfType<AntiAffinity>());
        Assert.Equal((true, 1, "1 4 6"), (spread.Continuous, spread.Max, Names(problem, spread.Group)));
        Affinity[] together = [.. problem.Constraints.OfType<Affinity>()];
        Assert.Equal([("among-1", true), (Scope.Host, false)], together.Select(a => (a.Scope, a.Continuous)));
        Assert.Equal("2 5", Names(problem, together[0].Group));
        Assert.Equal(["part-1", "part-1", "part-1", "part-2", "part-2"], problem.Cluster.Hosts.Select(h => h.Labels["among-1"]));
        Fence fence = Assert.Single(problem.Constraints.OfType<Fence>());
        Assert.Equal(("7", "1 2"), (Names(problem, fence.Group), Names(fence.Hosts)));
        Ban ban = Assert.Single(problem.Constraints.OfType<Ban>());
        Assert.Equal(("1", "2"), (Names(problem, ban.Group), Names(ban.Hosts)));
        Assert.Equal("3", Names(problem, Assert.Single(problem.Constraints.OfType<Pin>()).Group));
        Assert.Equal(
            [("3 4", 14L, "cpu"), ("1 2", 5L, "count")], problem.Constraints.OfType<GroupCapacity>().Select(c => (Names(c.Hosts), c.Max, c.Of)));
        Assert.IsType<Migrations>(Assert.Single(problem.Objectives));
    }

    [Fact]
    public void States_become_boots_shutdowns_and_power_of_hosts()
    {
        LoadedProblem loaded = Read(Power);
        ClusterSnapshot cluster = loaded.Problem.Cluster;
        Assert.Equal(
            [(HostState.Available, null), (HostState.Available, null), (HostState.Off, HostState.Available),
                (HostState.Available, HostState.Off), (HostState.Off, null)],
            cluster.Hosts.Select(h => (h.State, h.StateNow)));
        Assert.False(cluster.TryVmNamed("10", out _)); // Not running, and not to run.
        Assert.False(cluster.TryVmNamed("11", out _)); // Asleep.
        VirtualMachine leaving = cluster[cluster.VmNamed("5")];
        Assert.Equal((true, false, [0, 0], [2, 4]), (leaving.IsLeaving, leaving.Movable, leaving.Demand, leaving.DemandNow));
        Assert.Null(cluster[cluster.VmNamed("8")].Start);
        Assert.Equal(["6 8", "0 9"], loaded.Problem.Constraints.OfType<AntiAffinity>().Select(r => Names(loaded.Problem, r.Group)));
        PlanSettings plan = loaded.PlanDefaults;
        Assert.Equal((20, 15), (plan.Transfer.HostBootSeconds, plan.Transfer.HostShutdownSeconds));
        Assert.Equal((9, 4, 6), (plan.BootSeconds(cluster.VmNamed("8")), plan.BootSeconds(cluster.VmNamed("9")), plan.ShutdownSeconds(cluster.VmNamed("5"))));
    }

    [Fact]
    public void An_among_whose_parts_leave_nodes_out_keeps_the_VMs_out_of_those()
    {
        PlacementProblem problem = Read(Changed(Grow, d => Constraint(d, "among")["parts"] = JArray.Parse("[[0, 1], [2]]"))).Problem;
        Fence fence = problem.Constraints.OfType<Fence>().First();
        Assert.Equal(("2 5", "0 1 2", true), (Names(problem, fence.Group), Names(fence.Hosts), fence.Continuous));
    }

    [Fact]
    public void What_is_written_is_what_was_read()
    {
        foreach (string text in (string[])[Grow, Power])
        {
            using Folder folder = new();
            PlacementProblem problem = Read(text).Problem;
            new Btrplace().WriteProblem(problem, [folder.Path("out.json.gz")]);
            PlacementProblem again = FormatCatalogue.Load([folder.Path("out.json.gz")]).Problem;
            Assert.Equal(problem.Cluster.Vms.Select(Facts), again.Cluster.Vms.Select(Facts));
            Assert.Equal(
                problem.Cluster.Hosts.Select(h => (h.Name, h.Usable(0), h.Usable(1), h.State, h.StateNow)),
                again.Cluster.Hosts.Select(h => (h.Name, h.Usable(0), h.Usable(1), h.State, h.StateNow)));
            Assert.Equal(problem.Constraints.Select(c => (c.GetType(), c.Continuous)), again.Constraints.Select(c => (c.GetType(), c.Continuous)));
        }
    }

    [Fact]
    public void The_virtopt_format_keeps_what_a_plan_is_to_change()
    {
        PlacementProblem problem = Read(Power).Problem;
        PlacementProblem again = Texts.Read(Texts.Write(problem));
        Assert.Equal(problem.Cluster.Vms.Select(Facts), again.Cluster.Vms.Select(Facts));
        Assert.Equal(problem.Cluster.Hosts.Select(h => h.StateNow), again.Cluster.Hosts.Select(h => h.StateNow));
        PlacementProblem grow = Read(Grow).Problem;
        Assert.Equal(grow.Cluster.Vms.Select(Facts), Texts.Read(Texts.Write(grow)).Cluster.Vms.Select(Facts));
        Assert.Equal(grow.Constraints.Select(c => c.Describe()), Texts.Read(Texts.Write(grow)).Constraints.Select(c => c.Describe()));
    }

    [Fact]
    public void A_solution_is_the_mapping_in_the_end()
    {
        using Folder folder = new();
        LoadedProblem loaded = Read(Power);
        ClusterSnapshot cluster = loaded.Problem.Cluster;
        Placement placement = new([.. cluster.Vms.Select(vm => vm.IsLeaving ? vm.Start!.Value : new Place(cluster.HostNamed("3")))]);
        loaded.SaveSolution(folder.Path("s.json"), Texts.Solution(loaded.Problem, placement), Texts.Plan(loaded.Problem, placement));
        JToken mapping = JObject.Parse(File.ReadAllText(folder.Path("s.json")))["mapping"]!;
        Assert.Equal([2, 4], mapping["offlineNodes"]!.Values<int>());
        Assert.Equal([5], mapping["readyVMs"]!.Values<int>());
        Assert.Equal(9, mapping["onlineNodes"]!["3"]!["runningVMs"]!.Count());
        Assert.Equal(placement.Places.ToArray(), loaded.ReadSolution(folder.Path("s.json")).Places.ToArray());
        string wrong = folder.Write("w.json", """{"mapping": {"onlineNodes": {"77": {"runningVMs": []}}}}""");
        Assert.Contains("(77)", Assert.Throws<InvalidInputException>(() => loaded.ReadSolution(wrong)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("split", "constraint 4 (split) is of a kind that cannot be said")]
    [InlineData("lonely", "constraint 4 (lonely) is of a kind that cannot be said")]
    [InlineData("maxOnline", "constraint 4 (maxOnline) is of a kind that cannot be said")]
    public void A_kind_that_cannot_be_said_is_named(string kind, string words) =>
        Refused(Changed(Grow, d => d["constraints"]![4]!["id"] = kind), words, "expected one of among, ban, fence");

    [Fact]
    public void Bad_input_is_refused_with_file_item_and_value()
    {
        Refused(Changed(Grow, d => Constraint(d, "spread")["vms"]![0] = 99), "(spread) names VM (99)", "mapping");
        Refused(Changed(Grow, d => Constraint(d, "fence")["nodes"]![0] = 99), "(fence) names node (99)", "mapping");
        Refused(Changed(Grow, d => Constraint(d, "preserve")["rc"] = "disk"), "names the resource (disk)", "(cpu), (memory)");
        Refused(Changed(Grow, d => ((JObject)Constraint(d, "preserve")).Remove("amount")), "(preserve) has no amount");
        Refused(Changed(Grow, d => Constraint(d, "overbook")["ratio"] = -2), "the ratio (-2)", "0.01 .. 1000");
        Refused(Changed(Grow, d => Constraint(d, "among")["parts"] = JArray.Parse("[[0, 1], [1]]")), "(among) has node (1) in two parts");
        Refused(Changed(Grow, d => Constraint(d, "among")["parts"] = new JArray()), "(among) has no node in its parts");
        Refused(Changed(Grow, d => d["model"]!["mapping"]!["onlineNodes"]!["1"]!["runningVMs"]![0] = 0), "the VM (0) is there twice");
        Refused(Changed(Grow, d => d["model"]!["mapping"]!["offlineNodes"] = new JArray(2)), "the node (2) is there twice");
        Refused(Changed(Grow, d => d["model"]!["views"] = new JArray()), "no view (shareableResource)");
        Refused(Changed(Grow, d => d["model"]!["views"]![1]!["rcId"] = "cpu"), "the resource (cpu) is there twice");
        Refused(Changed(Grow, d => ((JObject)d["model"]!).Remove("mapping")), "the field (mapping) of the model is missing");
        Refused(Changed(Power, d => Constraint(d, "offline")["node"] = 3), "node (3) is to be both (online) and (offline)");
        Refused(Changed(Power, d => Constraint(d, "ready")["vm"] = 8), "VM (8) is to be both (running) and (ready)");
        Refused(Changed(Power, d => Constraint(d, "sleeping")["vm"] = 0), "(sleeping) asks for VM (0), which is running");
        Refused(Changed(Power, d => Constraint(d, "offline")["node"] = 0).Replace("\"online\"", "\"offline\"", StringComparison.Ordinal),
            "VM (11) sleeps on node (0)");
        Refused(Grow[..200], "this is not JSON");
    }

    [Fact]
    public void What_an_instance_cannot_say_is_not_written()
    {
        using Folder folder = new();
        PlacementProblem problem = Texts.Read(Samples.Vmr2l);
        Assert.Contains(
            "cannot say the host with NUMA nodes",
            Assert.Throws<InvalidInputException>(() => new Btrplace().WriteProblem(problem, [folder.Path("o.json")])).Message,
            StringComparison.Ordinal);
        PlacementProblem grow = Read(Grow).Problem;
        PlacementProblem limited = new(grow.Cluster) { Constraints = [new MigrationLimit(3)] };
        Assert.Contains(
            "cannot say the rule (migration limit",
            Assert.Throws<InvalidInputException>(() => new Btrplace().WriteProblem(limited, [folder.Path("o.json")])).Message,
            StringComparison.Ordinal);
        Assert.Empty(folder.Names());
    }

    [Theory]
    [InlineData("issue-100", 32, 6688, 0, 3)]
    [InlineData("li_r3_p5000_c100_1", 5000, 15000, 1362, 3408)]
    [InlineData("nr_r3_p5000_c33_1", 5000, 15000, 0, 1124)]
    public void Public_instances_load(string name, int hosts, int vms, int growing, int rules)
    {
        LoadedProblem loaded = FormatCatalogue.Load([Repository.Data($"btrplace/{name}.json.gz")]);
        ClusterSnapshot cluster = loaded.Problem.Cluster;
        Assert.Equal("btrplace", loaded.Format.Name);
        Assert.Equal((hosts, vms, growing), (cluster.Hosts.Count, cluster.Vms.Count, cluster.Vms.Count(vm => vm.DemandNow.Count > 0)));
        Assert.Equal(rules, loaded.Problem.Constraints.Count(c => c is not (Capacity or HostAvailability)));
    }

    private static LoadedProblem Read(string text)
    {
        using Folder folder = new();
        return FormatCatalogue.Load([folder.Write("p.json", text)]);
    }

    private static void Refused(string text, params string[] words)
    {
        using Folder folder = new();
        string message = Assert.Throws<InvalidInputException>(() => FormatCatalogue.Load([folder.Write("p.json", text)], "btrplace")).Message;
        Assert.All(words.Append("p.json").Append("Maybe"), word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    private static string Changed(string text, Action<JObject> change)
    {
        JObject document = JObject.Parse(text);
        change(document);
        return document.ToString();
    }

    private static JToken Constraint(JObject document, string id) => document["constraints"]!.First(c => c["id"]!.Value<string>() == id);

    private static string Names(PlacementProblem problem, VmGroup group) => string.Join(' ', group.Members.Select(vm => problem.Cluster[vm].Name));

    private static string Names(HostGroup group) => string.Join(' ', group.Members.Select(host => host.Index)); // Nodes are numbered as hosts are, here.

    private static (string, ResourceVector, ResourceVector, Place?, bool, bool) Facts(VirtualMachine vm) =>
        (vm.Name, vm.Demand, vm.DemandNow, vm.Start, vm.IsLeaving, vm.Movable);
}
