using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Tests;

public sealed class SolveTests
{
    [Fact]
    public void The_shipped_instance_is_solved_to_a_proven_optimum()
    {
        Run run = CommandLine.Run("solve", CommandLine.SixHosts, "--json", "--seed", "7");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Empty(run.Error);
        JObject summary = run.Json;
        Assert.Equal("optimal", summary["status"]!.Value<string>());
        Assert.Equal(3, summary["objective"]!.Value<long>());
        Assert.Equal(3, summary["bound"]!.Value<double>());
        Assert.Equal(0, summary["gap"]!.Value<double>());
        Assert.Equal(0, summary["violations"]!.Value<int>());
        Assert.Equal(7, summary["seed"]!.Value<int>());
        JToken term = summary["terms"]![0]!;
        Assert.Equal(("active hosts", 1, 1, 3, 6), (
            term["name"]!.Value<string>(), term["level"]!.Value<int>(), term["weight"]!.Value<int>(),
            term["value"]!.Value<int>(), term["start"]!.Value<int>()));
    }

    [Fact]
    public void The_summary_has_every_documented_field()
    {
        JObject summary = CommandLine.Run("solve", CommandLine.SixHosts, "--json").Json;
        string page = File.ReadAllText(Path.Combine(CommandLine.Root, "src", "VirtOpt.Cli", "json-output.md"));
        Assert.Equal(
            page.Split("<!-- solve -->")[1].Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Split('`')[1]),
            summary.Properties().Select(p => p.Name));
    }

    [Fact]
    public void The_result_is_written_and_passes_the_check()
    {
        using CommandLine files = new();
        string output = files["out.json"];
        Assert.Equal(ExitCode.Done, CommandLine.Run("solve", CommandLine.SixHosts, "--output", output).Code);
        Assert.Equal([output], Directory.GetFiles(files.Folder));
        Run check = CommandLine.Run("check", CommandLine.SixHosts, "--solution", output, "--json");
        Assert.Equal(ExitCode.Done, check.Code);
        Assert.True(check.Json["valid"]!.Value<bool>());
        Assert.Equal(8, check.Json["moved"]!.Value<int>());
    }

    [Fact]
    public void People_see_what_changes()
    {
        Run run = CommandLine.Run("solve", CommandLine.SixHosts);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.StartsWith("Optimal", run.Output, StringComparison.Ordinal);
        foreach (string part in (string[])["active hosts", "Lower bound", "6 → 3 of 6 in use", "esx-06 (maintenance)"])
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void A_part_can_be_left_out_by_its_name()
    {
        string[] solve = ["solve", CommandLine.SixHosts, "--objective", "balance", "--work", "1", "--json"];
        Assert.Contains(SolverParts.LocalSearch, CommandLine.Run(solve).Json["engine"]!.Value<string>()!, StringComparison.Ordinal);
        Run without = CommandLine.Run([.. solve, "--without", SolverParts.LocalSearch, "--without", "shift"]);
        Assert.Equal(ExitCode.Done, without.Code);
        Assert.DoesNotContain(SolverParts.LocalSearch, without.Json["engine"]!.Value<string>()!, StringComparison.Ordinal);
        Run mistyped = CommandLine.Run([.. solve, "--without", "lokal"]);
        Assert.Equal(ExitCode.BadInput, mistyped.Code);
        Assert.Contains("There is no part (lokal) to go without.", mistyped.Error, StringComparison.Ordinal);
    }

    [Theory, InlineData("1"), InlineData("3")]
    public void The_same_work_seed_and_threads_give_the_same_placement(string threads)
    {
        using CommandLine files = new();
        string[] outputs = [files["a.json"], files["b.json"]];
        foreach (string output in outputs)
            Assert.Equal(ExitCode.Done, CommandLine.Run(
                "solve", CommandLine.SixHosts, "--objective", "balance", "--work", "1", "--seed", "3", "--threads", threads, "--output", output).Code);
        JToken[] placements = [.. outputs.Select(o => JObject.Parse(File.ReadAllText(o))["placement"]!)];
        Assert.True(JToken.DeepEquals(placements[0], placements[1]));
    }

    [Fact]
    public void Infeasible_is_exit_code_1_without_an_output_file()
    {
        using CommandLine files = new();
        string input = files.Changed("in.json", d =>
        {
            for (int i = 0; i < 6; i++)
                ((JArray)d["vms"]!).Add(new JObject { ["name"] = $"big-{i}", ["demand"] = new JObject { ["cpu"] = 32_000, ["memory"] = 1 } });
        });
        Run run = CommandLine.Run("solve", input, "--output", files["out.json"], "--json");
        Assert.Equal(ExitCode.Infeasible, run.Code);
        Assert.Equal("infeasible", run.Json["status"]!.Value<string>());
        Assert.Equal(JTokenType.Null, run.Json["objective"]!.Type);
        Assert.False(File.Exists(files["out.json"]));
    }

    [Fact]
    public void Cancelled_without_a_placement_is_exit_code_130()
    {
        using CommandLine files = new();
        string input = files.Changed("in.json", d => ((JObject)d["vms"]![0]!).Remove("host"));
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Run run = CommandLine.Run(cancelled.Token, "solve", input, "--json");
        Assert.Empty(run.Error);
        Assert.Equal(ExitCode.Cancelled, run.Code);
    }

    [Theory]
    [InlineData(SolveStatus.Optimal, false, ExitCode.Done)]
    [InlineData(SolveStatus.Feasible, true, ExitCode.Done)]
    [InlineData(SolveStatus.Infeasible, false, ExitCode.Infeasible)]
    [InlineData(SolveStatus.Unknown, false, ExitCode.NoAnswer)]
    [InlineData(SolveStatus.Unknown, true, ExitCode.Cancelled)]
    public void Exit_codes_follow_the_status(SolveStatus status, bool cancelled, int code) =>
        Assert.Equal(code, ExitCode.Of(new PlacementSolution { Status = status }, cancelled));
}
