namespace VirtOpt.Cli.Tests;

/// <summary>A cluster state of Ganeti from file to file.</summary>
public sealed class HtoolsSolveTests
{
    /// <summary>hbal 3.0.2 prints this score for the file that it reaches with four moves of its own.</summary>
    private const double ScoreOfHbal = 2.10935069;

    [Fact]
    public void The_shipped_cluster_reaches_the_score_of_hbal_with_as_many_moves()
    {
        using CommandLine files = new();
        string output = files["new.htools"];
        string input = Path.Combine(CommandLine.Root, "datasets", "htools", "five-nodes.htools");
        Run run = CommandLine.Run("solve", input, "--migration-limit", "4", "--time-limit", "20", "--output", output, "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal(("optimal", 4), ((string?)run.Json["status"], (int?)run.Json["migrations"]));
        Assert.Equal(ScoreOfHbal, (double)run.Json["hbalScore"]!, 8);
        Run again = CommandLine.Run("solve", output, "--migration-limit", "0", "--time-limit", "20", "--json");
        Assert.Equal(ScoreOfHbal, (double)again.Json["hbalScoreAtStart"]!, 8);
    }
}
