namespace VirtOpt.Adapters.Tests;

/// <summary>The ROADEF/EURO 2012 format: published initial costs, every term by hand, broken files.</summary>
public sealed class RoadefTests
{
    /// <summary>Two resources, the second transient; three machines in two locations and two neighbourhoods; two services; three processes.</summary>
    private const string Model = """
        2
        0 3
        1 5
        3
        0 0 10 20 4 9 0 2 7
        0 1 10 20 5 20 3 0 1
        1 1 8 16 8 16 6 4 0
        2
        2 0
        0 1 0
        3
        0 6 5 11
        0 2 4 13
        1 3 8 17
        1
        0 1 2
        100
        7 1000 10000
        """;

    private const string Assignment = "0 1 0\n";

    public static TheoryData<string, long> InitialCosts => new()
    {
        { "a1_1", 49_528_750 }, { "a1_2", 1_061_649_570 }, { "a1_3", 583_662_270 }, { "a1_4", 632_499_600 }, { "a1_5", 782_189_690 },
        { "a2_1", 391_189_190 }, { "a2_2", 1_876_768_120 }, { "a2_3", 2_272_487_840 }, { "a2_4", 3_223_516_130 }, { "a2_5", 787_355_300 },
        { "b_1", 7_644_173_180 }, { "b_2", 5_181_493_830 }, { "b_3", 6_336_834_660 }, { "b_4", 9_209_576_380 }, { "b_5", 12_426_813_010 },
        { "b_6", 12_749_861_240 }, { "b_8", 14_068_207_250 }, { "b_9", 23_234_641_520 },
    };

    [Theory]
    [MemberData(nameof(InitialCosts))]
    public void The_start_of_a_published_instance_has_its_published_cost(string name, long cost)
    {
        LoadedProblem loaded = FormatCatalogue.Load(
            [Repository.Data($"roadef2012/model_{name}.txt.gz"), Repository.Data($"roadef2012/assignment_{name}.txt.gz")]);
        Placement start = Placement.StartOf(loaded.Problem.Cluster);
        CheckReport report = PlacementChecker.Check(loaded.Problem, start);
        Assert.Equal("roadef", loaded.Format.Name);
        Assert.Equal(cost, report.Levels[0]);
        Assert.Empty(report.Violations);
        Assert.Empty(report.Unrepaired);
    }

    [Fact]
    public void An_instance_says_what_its_file_says()
    {
        using Folder folder = new();
        PlacementProblem problem = Load(folder).Problem;
        ClusterSnapshot cluster = problem.Cluster;
        Assert.Equal([false, true], cluster.Dimensions.Select(d => d.IsTransient));
        Assert.Equal(["m0", "m1", "m2"], cluster.Hosts.Select(h => h.Name));
        Assert.Equal([4, 9], cluster.Hosts[0].Safety);
        Assert.Equal(["p0", "p1", "p2"], cluster.Vms.Select(v => v.Name));
        Assert.Equal([new VmId(0), new VmId(1)], cluster.Group("s0").Members);
        Assert.Equal(("location", 2), problem.Constraints.OfType<Spread>().Select(s => (s.Scope, s.Min)).Single());
        Assert.Equal(("s1", "s0", "neighbourhood"), problem.Constraints.OfType<Dependency>().Select(d => (d.Group.Name, d.On.Name, d.Scope)).Single());
        Assert.Equal("s0", Assert.Single(problem.Constraints.OfType<AntiAffinity>()).Group.Name);
    }

    /// <summary>p0 stays on m0 (6, 5); p1 (2, 4) and p2 (3, 8) are on m1: see the figures term by term.</summary>
    [Fact]
    public void Every_term_is_what_it_is_by_hand()
    {
        using Folder folder = new();
        LoadedProblem loaded = Load(folder);
        IReadOnlyDictionary<string, double> start = loaded.Figures(Placement.StartOf(loaded.Problem.Cluster));
        Assert.Equal((3 * 5) + (5 * 4), start["load"]); // m0 holds (9, 13) above safety (4, 9)
        Assert.Equal(100 * (0 + 0 + 0), start["balance"]); // m0 has (1, 7), m1 (8, 16), m2 (8, 16) free: 2 - 7, 16 - 16, 16 - 16
        Assert.Equal((0, 0, 0), (start["process"], start["service"], start["machine"]));

        IReadOnlyDictionary<string, double> moved = loaded.Figures(At(0, 1, 1));
        Assert.Equal(3 * 2, moved["load"]); // m0 (6, 5): 2 above 4; m1 (5, 12): at 5
        Assert.Equal(100 * 2, moved["balance"]); // m0 has (4, 15), m1 (5, 8), m2 (8, 16) free: 8 - 15, 10 - 8, 16 - 16
        Assert.Equal(7 * 17, moved["process"]);
        Assert.Equal(1000 * 1, moved["service"]);
        Assert.Equal(10_000 * 2, moved["machine"]);
        Assert.Equal(moved["load"] + moved["balance"] + moved["process"] + moved["service"] + moved["machine"], moved["objective"]);
        Assert.Equal((long)moved["objective"], PlacementChecker.Check(loaded.Problem, At(0, 1, 1)).Levels[0]);
    }

    /// <summary>p0 and p1 may not share a host nor a location; p2 needs one of them in its neighbourhood.</summary>
    [Theory]
    [InlineData("0 1 0", true)]
    [InlineData("1 0 2", false)]
    [InlineData("1 0 0", true)]
    [InlineData("1 0 1", true)]
    [InlineData("0 0 0", false)]
    [InlineData("0 2 2", true)]
    [InlineData("1 2 2", false)]
    [InlineData("1 2 0", false)]
    public void Rules_are_those_of_the_challenge(string assignment, bool isValid)
    {
        using Folder folder = new();
        LoadedProblem loaded = Load(folder);
        Placement placement = loaded.ReadSolution(folder.Write("new.txt", assignment));
        Assert.Equal(isValid, PlacementChecker.Check(loaded.Problem, placement).IsValid);
    }

    [Fact]
    public void What_left_a_host_still_takes_transient_room_there()
    {
        using Folder folder = new();
        LoadedProblem tight = Load(folder, Model.Replace("0 0 10 20 4 9", "0 0 10 16 4 9", StringComparison.Ordinal));
        CheckReport report = PlacementChecker.Check(tight.Problem, At(1, 0, 1));
        BrokenRule broken = Assert.Single(report.Violations); // r1 of m0: 5 + 8 left there, 4 came; 16 are there
        Assert.Equal(("r1 of host m0", 1), (broken.Item, broken.Amount));
    }

    [Fact]
    public void The_solution_is_one_line_of_machines()
    {
        using Folder folder = new();
        LoadedProblem loaded = Load(folder);
        Placement placement = At(0, 1, 1);
        loaded.SaveSolution(folder.Path("new.txt"), Texts.Solution(loaded.Problem, placement), Texts.Plan(loaded.Problem, placement));
        Assert.Equal("0 1 1\n", File.ReadAllText(folder.Path("new.txt")));
        Assert.Equal(placement.Places.ToArray(), loaded.ReadSolution(folder.Path("new.txt")).Places.ToArray());
    }

    [Fact]
    public void An_instance_survives_the_way_through_the_virtopt_format()
    {
        using Folder folder = new();
        PlacementProblem problem = Load(folder).Problem;
        PlacementProblem again = Texts.Read(Texts.Write(problem));
        foreach (Placement placement in new[] { At(0, 1, 0), At(0, 1, 1), At(1, 0, 1) })
            Assert.Equal(PlacementChecker.Check(problem, placement).Levels, PlacementChecker.Check(again, placement).Levels);
    }

    [Theory]
    [InlineData("2\n0 3", "2\n7 3", "line 2, number 2: found (7); expected whether resource 0 is transient, a whole number within 0 .. 1")]
    [InlineData("0 0 10 20", "0 0 -10 20", "number 9: found (-10); expected a capacity of machine 0")]
    [InlineData("0 0 10 20", "0 0 ten 20", "number 9: found (ten)")]
    [InlineData("0 0 10 20", "0 0 1e3 20", "number 9: found (1e3)")]
    [InlineData("0 0 10 20", "0 0 99999999999999999999 20", "found (99999999999999999999)")]
    [InlineData("9 0 2 7", "9 1 2 7", "moving from machine 0 to itself is (1)")]
    [InlineData("0 1 0\n3\n", "0 1 5\n3\n", "found (5); expected a service that service 1 depends on, a whole number within 0 .. 1")]
    [InlineData("0 1 0\n3\n", "0 1 0\n4\n", "the model has 4 processes; the assignment has 3")]
    [InlineData("1 3 8 17", "2 3 8 17", "found (2); expected the service of process 2")]
    [InlineData("0 1 2\n100", "0 4 2\n100", "found (4); expected the second resource of balance 0")]
    [InlineData("7 1000 10000", "7 1000", "the file ends; expected the weight of machine move costs")]
    [InlineData("7 1000 10000", "7 1000 10000 3", "found (3); expected the end of the file")]
    [InlineData("2 0\n0 1 0", "3 0\n0 1 0", "The min (3) of spread")]
    public void A_broken_model_is_refused(string original, string broken, string said)
    {
        using Folder folder = new();
        string text = Model.Replace(original, broken, StringComparison.Ordinal);
        Assert.NotEqual(Model, text);
        Assert.Contains(said, Assert.Throws<InvalidInputException>(() => Load(folder, text).Problem.Compile()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 1", "the assignment has 2")]
    [InlineData("0 1 3", "assignment.txt: line 1, number 3: found (3); expected the machine of process 2, a whole number within 0 .. 2")]
    [InlineData("0 1 x", "found (x)")]
    [InlineData("", "the assignment has 0")]
    public void A_broken_assignment_is_refused(string assignment, string said)
    {
        using Folder folder = new();
        Assert.Contains(said, Assert.Throws<InvalidInputException>(() => Load(folder, Model, assignment)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_file_alone_is_refused()
    {
        using Folder folder = new();
        string model = folder.Write("model.txt", Model);
        Assert.Contains(
            "takes two files", Assert.Throws<InvalidInputException>(() => FormatCatalogue.Load([model], "roadef")).Message, StringComparison.Ordinal);
    }

    private static LoadedProblem Load(Folder folder, string model = Model, string assignment = Assignment) =>
        FormatCatalogue.Load([folder.Write("model.txt", model), folder.Write("assignment.txt", assignment)], "roadef");

    private static Placement At(params int[] hosts) => new([.. hosts.Select(h => new Place(new HostId(h)))]);
}
