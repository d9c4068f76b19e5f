namespace VirtOpt.Adapters.Tests;

public sealed class GeneratorTests
{
    [Theory]
    [InlineData("mixed", 10, 100)]
    [InlineData("mixed", 50, 500)]
    [InlineData("mixed", 100, 2000)]
    [InlineData("mixed", 1, 3)]
    [InlineData("mixed", 4, 2)]
    [InlineData("mixed", 3, 500)]
    [InlineData("uniform", 30, 300)]
    [InlineData("numa", 12, 120)]
    public void The_start_keeps_every_rule(string profile, int hosts, int vms)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            PlacementProblem problem = ClusterGenerator.Generate(new GeneratorOptions(hosts, vms, seed, profile));
            problem.Validate();
            CheckReport report = PlacementChecker.Check(problem, Placement.StartOf(problem.Cluster));
            Assert.Empty(report.Violations);
            Assert.Empty(report.Unrepaired);
        }
    }

    [Fact]
    public void The_mixed_profile_is_about_seventy_per_cent_full()
    {
        ClusterSnapshot cluster = ClusterGenerator.Generate(new GeneratorOptions(50, 500)).Cluster;
        int memory = cluster.DimensionNamed("memory");
        double share = cluster.Vms.Sum(v => v.Demand[memory]) / (double)cluster.Hosts.Sum(h => h.Capacity[memory]);
        Assert.InRange(share, 0.65, 0.71);
        Assert.InRange(cluster.Vms.Select(v => v.Demand).Distinct().Count(), 13, 15);
    }

    [Fact]
    public void The_overloaded_profile_has_something_to_repair()
    {
        PlacementProblem problem = ClusterGenerator.Generate(new GeneratorOptions(20, 200, 1, "overloaded"));
        CheckReport report = PlacementChecker.Check(problem, Placement.StartOf(problem.Cluster));
        Assert.Empty(report.Violations);
        Assert.Contains(report.Unrepaired, r => r.Constraint == "capacity");
        Assert.Contains(report.Unrepaired, r => r.Constraint != "capacity");
    }

    [Fact]
    public void The_same_seed_gives_the_same_cluster()
    {
        Assert.Equal(Texts.Write(ClusterGenerator.Generate(new(20, 200, 7))), Texts.Write(ClusterGenerator.Generate(new(20, 200, 7))));
        Assert.NotEqual(Texts.Write(ClusterGenerator.Generate(new(20, 200, 7))), Texts.Write(ClusterGenerator.Generate(new(20, 200, 8))));
    }

    [Theory]
    [InlineData(0, 5, "mixed")]
    [InlineData(5, -1, "mixed")]
    [InlineData(5, 2_000_000, "mixed")]
    [InlineData(1, 100_000, "mixed")]
    [InlineData(5, 5, "nonesuch")]
    public void Impossible_wishes_end_in_one_clear_error(int hosts, int vms, string profile)
    {
        InvalidInputException error = Assert.Throws<InvalidInputException>(() => ClusterGenerator.Generate(new(hosts, vms, 1, profile)));
        Assert.Contains("Maybe", error.Message, StringComparison.Ordinal);
    }
}
