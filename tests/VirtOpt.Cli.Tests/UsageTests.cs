namespace VirtOpt.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("Required command")]
    [InlineData("solv", "solv", "datasets/six-hosts.json")]
    [InlineData("--tim", "solve", "cluster.json", "--tim", "5")]
    [InlineData("-x", "solve", "-x")]
    [InlineData("INPUT", "solve")]
    [InlineData("--solution", "check", "cluster.json")]
    [InlineData("(five) of --time-limit", "solve", "cluster.json", "--time-limit", "five")]
    [InlineData("(0) of --time-limit", "solve", "cluster.json", "--time-limit", "0")]
    [InlineData("(NaN) of --time-limit", "solve", "cluster.json", "--time-limit", "NaN")]
    [InlineData("(5s) of --time-limit", "solve", "cluster.json", "--time-limit", "5s")]
    [InlineData("(-1) of --migration-limit", "solve", "cluster.json", "--migration-limit", "-1")]
    [InlineData("(1.5) of --seed", "solve", "cluster.json", "--seed", "1.5")]
    [InlineData("(99999999999999999999) of --seed", "solve", "cluster.json", "--seed", "99999999999999999999")]
    [InlineData("(0) of --threads", "solve", "cluster.json", "--threads", "0")]
    [InlineData("exclude each other", "solve", "cluster.json", "--work", "1", "--time-limit", "1")]
    [InlineData("leave one of them out", "solve", "cluster.json", "--work", "1", "--no-improvement", "2")]
    [InlineData("a number above 0 and up to 100", "solve", "cluster.json", "--target-gap", "0")]
    [InlineData("nowhere.json", "solve", "nowhere.json")]
    [InlineData("nowhere.json", "solve", "nowhere.json", "--json")]
    [InlineData("(yaml)", "solve", "nowhere.json", "--format", "yaml")]
    [InlineData("SUITE", "bench", "--output", "out")]
    [InlineData("--output", "bench", "suite.json")]
    [InlineData("nowhere.json", "bench", "nowhere.json", "--output", "out")]
    [InlineData("exclude each other", "bench", "suite.json", "--output", "out", "--again", "--plots-only")]
    [InlineData("--output", "generate", "--hosts", "1", "--vms", "1")]
    [InlineData("(0) of --hosts", "generate", "--hosts", "0", "--vms", "1", "--output", "x.json")]
    public void Refusals_say_what_is_wrong_and_leave_standard_output_empty(string expected, params string[] args)
    {
        Run run = CommandLine.Run(args);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Empty(run.Output);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("virtopt: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--objective", "speed")]
    [InlineData("--policy", "nowhere.json")]
    public void Wrong_policies_are_refused(string option, string value)
    {
        Run run = CommandLine.Run("solve", CommandLine.SixHosts, option, value, "--json");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Empty(run.Output);
        Assert.Contains(value, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"format\": \"virtopt\", \"version\": 1, \"hosts\": [")]
    [InlineData("not a cluster at all")]
    public void Garbage_is_refused_without_an_output_file(string content)
    {
        using CommandLine files = new();
        File.WriteAllText(files["in.json"], content);
        Run run = CommandLine.Run("solve", files["in.json"], "--output", files["out.json"], "--json");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Empty(run.Output);
        Assert.Contains("in.json", run.Error, StringComparison.Ordinal);
        Assert.Equal(["in.json"], Directory.GetFiles(files.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Outputs_that_cannot_be_written_are_refused_before_the_solve()
    {
        using CommandLine files = new();
        string input = files.Changed("in.json", _ => { });
        foreach (string output in (string[])["", files.Folder, files["missing/out.json"], input])
        {
            Run run = CommandLine.Run("solve", input, "--output", output);
            Assert.Equal(ExitCode.BadInput, run.Code);
            Assert.Empty(run.Output);
        }
    }

    [Fact]
    public void A_file_whose_name_begins_with_a_dash_can_be_given_with_its_folder()
    {
        using CommandLine files = new();
        string input = files.Changed("-odd.json", _ => { });
        Assert.Equal(ExitCode.Done, CommandLine.Run("explain", input).Code);
    }
}
