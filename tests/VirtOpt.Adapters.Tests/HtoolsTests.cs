namespace VirtOpt.Adapters.Tests;

/// <summary>
/// The format of Ganeti's htools. Scores to eight digits are those that hbal 3.0.2 prints for the same files (<c>hbal -t FILE -l 0 -v</c>).
/// </summary>
public sealed class HtoolsTests
{
    /// <summary>Four instances with secondary nodes; n2 is the secondary node of a and b, n3 of c and d.</summary>
    private const string Drbd = """
        g|u|preferred||

        n1|32768|1024|13312|204800|133120|8|M|u|1||N|0|1|1.0
        n2|32768|1024|27648|204800|133120|8|N|u|2||N|0|1|1.5
        n3|32768|1024|31744|204800|184320|8|N|u|1||N|0|1|1.0

        a|8192|20480|2|running|Y|n1|n2|drbd||1|-
        b|8192|40960|2|running|Y|n1|n2|drbd||2|-
        c|2048|10240|1|running|N|n1|n3|drbd||1|-
        d|4096|10240|1|running|Y|n2|n3|drbd||1|-


        |128,1,1024,1,1,1|128,1,1024,1,1,1;131072,64,4194304,16,8,12|plain,drbd|4.0|32.0

        """;

    /// <summary>Where hbal moves the instances of the shipped cluster: web1, cache, db1 and build leave their nodes.</summary>
    private static readonly int[] MovedByHbal = [3, 0, 1, 3, 2, 0, 1, 3, 2, 1];

    [Theory]
    [InlineData("g40_500_ext", 20.32630984)]
    [InlineData("g40_500_ext_tags", 27.77042739)]
    [InlineData("g40_500", 138.45078416)]
    public void The_start_of_a_public_cluster_has_the_score_that_hbal_prints(string name, double score)
    {
        LoadedProblem loaded = FormatCatalogue.Load([Repository.Data($"ganeti-hbal/{name}.lu.txt.gz")]);
        Placement start = Placement.StartOf(loaded.Problem.Cluster);
        Assert.Equal("htools", loaded.Format.Name);
        Assert.Equal((40, 500), (loaded.Problem.Cluster.Hosts.Count, loaded.Problem.Cluster.Vms.Count));
        Assert.Equal(score, loaded.Figures(start)["hbalScore"], 8);
        Assert.Empty(PlacementChecker.Check(loaded.Problem, start).Violations);
    }

    [Fact]
    public void The_shipped_cluster_says_what_its_file_says()
    {
        PlacementProblem problem = Shipped().Problem;
        ClusterSnapshot cluster = problem.Cluster;
        Assert.Equal([new("memory", "GiB"), new("vcpu", "vcpu"), new("instances", "instance")], cluster.Dimensions);
        Assert.Equal([62, 39, 10], Enumerable.Range(0, 3).Select(cluster.Hosts[0].Usable));
        Assert.Equal([126, 78, 10], Enumerable.Range(0, 3).Select(cluster.Hosts[2].Usable));
        Assert.Equal(123, cluster.Hosts[3].Usable(0)); // 128 GiB less 2 of the node and 3 that nobody accounts for
        Assert.Equal(HostState.Maintenance, cluster.Hosts[4].State);
        Assert.Equal([4, 0, 1], cluster.Vms[6].Demand); // an instance that is offline keeps its memory and uses no CPU
        Assert.Equal(["log: disk template plain"], cluster.Vms.Where(vm => !vm.Movable).Select(vm => $"{vm.Name}: {vm.PinReason}"));
        Assert.Equal(["service:web", "service:db"], problem.Constraints.OfType<AntiAffinity>().Where(r => r.Soft is not null).Select(r => r.Group.Name));
        Assert.Equal(["memory", "vcpu", "instances"], problem.Objectives.OfType<LoadVariance>().Select(o => o.Dimension));
    }

    [Fact]
    public void The_shipped_cluster_has_hbals_score_before_and_after_hbals_moves()
    {
        LoadedProblem loaded = Shipped();
        IReadOnlyDictionary<string, double> start = loaded.Figures(Placement.StartOf(loaded.Problem.Cluster));
        Assert.Equal((30.53063869, 1), (Math.Round(start["hbalScore"], 8), start["tagConflicts"]));
        IReadOnlyDictionary<string, double> moved = loaded.Figures(At(MovedByHbal));
        Assert.Equal((2.10935069, 30.53063869, 0), (Math.Round(moved["hbalScore"], 8), Math.Round(moved["hbalScoreAtStart"], 8), moved["tagConflicts"]));
    }

    [Fact]
    public void Secondary_nodes_stay_and_take_room_and_the_primary_may_not_join_them()
    {
        using Folder folder = new();
        LoadedProblem loaded = Load(folder, Drbd);
        ClusterSnapshot cluster = loaded.Problem.Cluster;
        Assert.Equal(["memory", "vcpu", "instances", "disk", "spindles", "disk-users"], cluster.Dimensions.Select(d => d.Name));
        Assert.Equal([200 - 60, 64 - 3, 8 - 2], Enumerable.Range(3, 3).Select(cluster.Hosts[1].Usable)); // less what a and b hold there
        Assert.Equal((31 - 16, 31 - 4, 31), (cluster.Hosts[1].Safety[0], cluster.Hosts[2].Safety[0], cluster.Hosts[0].Safety[0]));
        Assert.Equal(5.25556266, loaded.Figures(At(0, 0, 0, 1))["hbalScore"], 8);
        Assert.Equal(2.41132078, loaded.Figures(At(0, 2, 0, 1))["hbalScore"], 8);
        Assert.True(PlacementChecker.Check(loaded.Problem, At(0, 2, 0, 1)).IsValid);
        Assert.False(PlacementChecker.Check(loaded.Problem, At(0, 1, 0, 1)).IsValid);
    }

    [Fact]
    public void An_instance_whose_secondary_node_is_offline_stays()
    {
        using Folder folder = new();
        ClusterSnapshot cluster = Load(folder, Drbd.Replace("8|N|u|2", "8|Y|u|2", StringComparison.Ordinal)).Problem.Cluster;
        Assert.Equal(["a", "b"], cluster.Vms.Where(vm => !vm.Movable).Select(vm => vm.Name));
        Assert.Equal("its secondary node is offline", cluster.Vms[0].PinReason);
    }

    [Fact]
    public void The_solution_is_the_file_with_new_nodes_and_what_is_free_there()
    {
        using Folder folder = new();
        LoadedProblem loaded = Load(folder, Drbd);
        string moved = Save(folder, loaded, At(0, 2, 0, 1));
        Assert.Equal(
            Drbd.Replace("|13312|204800|133120|", "|21504|204800|174080|", StringComparison.Ordinal)
                .Replace("|31744|204800|184320|", "|23552|204800|143360|", StringComparison.Ordinal)
                .Replace("Y|n1|n2|drbd||2", "Y|n3|n2|drbd||2", StringComparison.Ordinal),
            File.ReadAllText(moved));
        Assert.Equal(2.41132078, FormatCatalogue.Load([moved]).Figures(At(0, 2, 0, 1))["hbalScoreAtStart"], 8);
    }

    [Fact]
    public void A_solution_is_read_back_and_scores_the_same_as_a_start()
    {
        using Folder folder = new();
        LoadedProblem loaded = Shipped();
        string moved = Save(folder, loaded, At(MovedByHbal));
        Assert.Equal(At(MovedByHbal).Places.ToArray(), loaded.ReadSolution(moved).Places.ToArray());
        LoadedProblem again = FormatCatalogue.Load([moved]);
        Assert.Equal(At(MovedByHbal).Places.ToArray(), Placement.StartOf(again.Problem.Cluster).Places.ToArray());
        Assert.Equal(2.10935069, again.Figures(At(MovedByHbal))["hbalScoreAtStart"], 8);
    }

    [Fact]
    public void A_solution_of_another_cluster_is_refused()
    {
        using Folder folder = new();
        string other = folder.Write("other.htools", Drbd);
        string message = Assert.Throws<InvalidInputException>(() => Shipped().ReadSolution(other)).Message;
        Assert.Contains("line 7: instance (a) on node (n1) is not of the problem", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_survives_the_way_through_the_virtopt_format()
    {
        using Folder folder = new();
        foreach (PlacementProblem problem in new[] { Shipped().Problem, Load(folder, Drbd).Problem })
        {
            Placement start = Placement.StartOf(problem.Cluster);
            Assert.Equal(PlacementChecker.Check(problem, start).Levels, PlacementChecker.Check(Texts.Read(Texts.Write(problem)), start).Levels);
        }
    }

    [Theory]
    [InlineData("n1|32768", "n1|lots", "line 3: the memory of node (n1) is (lots); expected a whole number within 1 ..")]
    [InlineData("|1024|27648", "|1024|-5", "line 4: the free memory of node (n2) is (-5)")]
    [InlineData("204800|184320|8", "204800|184320|0", "line 5: the cores of node (n3) is (0)")]
    [InlineData("n3|32768", "n2|32768", "line 5: node (n2) is there twice")]
    [InlineData("8|M|u", "8|X|u", "line 3: the role of node (n1) is (X); expected one of (N), (M), (Y)")]
    [InlineData("8|M|u", "8|M|v", "line 3: node (n1) is of group (v), which the file does not have")]
    [InlineData("N|0|1|1.5", "N|0|1|0", "line 4: the CPU speed of node (n2) is (0); expected a number above 0")]
    [InlineData("N|0|1|1.5", "Y|0|1|1.5", "line 4: exclusive storage of node (n2) is (Y); expected one of (N)")]
    [InlineData("N|0|1|1.5", "N|0|1|1.5|7", "line 4: a node has 16 columns; expected 9 .. 15")]
    [InlineData("a|8192|20480|2|", "a|8192|20480|1.5|", "line 7: the virtual CPUs of instance (a) is (1.5)")]
    [InlineData("a|8192", "b|8192", "VM (b) is there twice")]
    [InlineData("N|n1|n3", "N|n9|n3", "line 9: instance (c) is on node (n9), which the file does not have")]
    [InlineData("N|n1|n3", "N|n1|n1", "line 9: instance (c) has node (n1) as primary and secondary node")]
    [InlineData("N|n1|n3", "N|n1|", "line 9: instance (c) of disk template (drbd) has no secondary node")]
    [InlineData("n3|drbd||1|-\nd", "n3|ext||1|-\nd", "line 9: instance (c) of disk template (ext) has a secondary node")]
    [InlineData("running|N|", "running|maybe|", "line 9: auto_balance of instance (c) is (maybe); expected one of (Y), (N)")]
    [InlineData("\n\n\n|", "\n\nhtools:migration:cpu\n\n|", "line 12: the cluster tag (htools:migration:cpu) restricts or prices moves")]
    [InlineData("plain,drbd|4.0", "plain,drbd|four", "line 13: the vcpu ratio of a policy is (four)")]
    [InlineData("plain,drbd|4.0|32.0", "plain,drbd|4.0", "line 13: a policy has 5 columns; expected 6 .. 6")]
    [InlineData("4.0|32.0", "4.0|32.0\n\ntag", "line 15: the file has 6 sections; expected 5")]
    public void A_broken_file_is_refused(string original, string broken, string said)
    {
        using Folder folder = new();
        string text = Drbd.Replace(original, broken, StringComparison.Ordinal);
        Assert.NotEqual(Drbd, text);
        string message = Assert.Throws<InvalidInputException>(() => Load(folder, text)).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.Matches("^[^\n]*p\\.htools[^\n]+\\.\nMaybe [^\n]+$", message);
    }

    [Fact]
    public void Two_groups_with_nodes_are_refused()
    {
        using Folder folder = new();
        string text = Drbd.Replace("preferred||", "preferred||\nh|w|preferred||", StringComparison.Ordinal)
            .Replace("8|N|u|1", "8|N|w|1", StringComparison.Ordinal);
        Assert.Contains(
            "line 6: node (n3) is of group (w), the first of group (u); expected one group",
            Assert.Throws<InvalidInputException>(() => Load(folder, text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_are_not_written() => Assert.Contains(
        "holds too little", Assert.Throws<InvalidInputException>(() => new Htools().WriteProblem(Shipped().Problem, ["x"])).Message, StringComparison.Ordinal);

    private static LoadedProblem Shipped() => FormatCatalogue.Load([Repository.Path("datasets/htools/five-nodes.htools")]);

    private static LoadedProblem Load(Folder folder, string text) => FormatCatalogue.Load([folder.Write("p.htools", text)], "htools");

    private static string Save(Folder folder, LoadedProblem loaded, Placement placement)
    {
        loaded.SaveSolution(folder.Path("moved.htools"), Texts.Solution(loaded.Problem, placement), Texts.Plan(loaded.Problem, placement));
        return folder.Path("moved.htools");
    }

    private static Placement At(params int[] hosts) => new([.. hosts.Select(h => new Place(new HostId(h)))]);
}
