namespace VirtOpt.Cli.Tests;

public sealed class DocumentationTests
{
    private static string Readme => File.ReadAllText(Path.Combine(CommandLine.Root, "README.md"));

    [Theory, InlineData("sample", 1), InlineData("online", 2)]
    public void The_samples_of_the_readme_are_those_that_are_compiled(string name, int position)
    {
        string source = File.ReadAllText(Path.Combine(CommandLine.Root, "tests", "VirtOpt.Cli.Tests", "Samples", "ReadmeSample.cs"));
        string compiled = source.Split($"// <{name}>")[1].Split($"// </{name}>")[0];
        string shown = Readme.Split("```csharp")[position].Split("```")[0];
        Assert.Equal(Lines(compiled), Lines(shown));
    }

    [Fact]
    public void The_sample_of_the_readme_runs() => Assert.Equal(SolveStatus.Optimal, Samples.ReadmeSample.Run(CommandLine.SixHosts).Status);

    [Fact]
    public void The_online_sample_of_the_readme_runs()
    {
        ClusterSnapshot cluster = FormatCatalogue.Load([CommandLine.SixHosts]).Problem.Cluster;
        PlacementProblem problem = new(cluster) { Constraints = [new AntiAffinity(cluster.Group("web"))], Objectives = [new LoadDeviation()] };
        PlacementSolution solution = new PlacementSolver().Solve(problem, new MaxWork(1), cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEmpty(Samples.ReadmeSample.RunOnline(problem, solution).Placed);
    }

    [Fact]
    public void The_first_command_of_the_readme_solves_a_shipped_instance()
    {
        string command = Readme.Split('\n').First(l => l.StartsWith("dotnet run --project src/VirtOpt.Cli -c Release -- solve ", StringComparison.Ordinal));
        string[] words = [.. command.Split(" -- ")[1].Split(' ')
            .Select(w => w.StartsWith("datasets/", StringComparison.Ordinal) ? Path.Combine(CommandLine.Root, w) : w)];
        Run run = CommandLine.Run(words);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.StartsWith("Optimal", run.Output, StringComparison.Ordinal);
    }

    [Theory, InlineData("virtopt-rebalance.service"), InlineData("virtopt-monitor.service"), InlineData("virtopt-forecast.service"), InlineData("README.md")]
    public void The_commands_of_the_units_can_be_typed_as_they_stand(string file)
    {
        string unit = File.ReadAllText(Path.Combine(CommandLine.Root, "src", "VirtOpt.Cli", "systemd", file));
        string[] words = Assert.Single(unit.Split('\n'), l => l.StartsWith("ExecStart=/", StringComparison.Ordinal))["ExecStart=".Length..].Split(' ');
        Assert.Equal("/usr/local/bin/virtopt", words[0]);
        Assert.Empty(VirtOptCommand.Root(new Terminal(TextWriter.Null, TextWriter.Null)).Parse(words[1..]).Errors);
    }

    private static string[] Lines(string block) => [.. block.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];
}
