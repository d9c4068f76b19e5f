using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Tests;

public sealed class PlanTests
{
    [Fact]
    public void A_solution_becomes_a_plan_that_the_checker_accepts_and_the_simulator_carries_out()
    {
        using CommandLine files = new();
        CommandLine.Run("solve", CommandLine.SixHosts, "--output", files["out.json"]);
        Run run = CommandLine.Run(
            "plan", CommandLine.SixHosts, "--solution", files["out.json"], "--output", files["plan.json"], "--json", "--parallel-per-host", "1");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.True(run.Json["complete"]!.Value<bool>());
        Assert.InRange(run.Json["bound"]!.Value<int>(), 1, run.Json["makespan"]!.Value<int>());
        JToken[] actions = [.. JObject.Parse(File.ReadAllText(files["plan.json"]))["actions"]!];
        Assert.Equal(run.Json["migrations"]!.Value<int>(), actions.Count(a => a["kind"]!.Value<string>() == "migrate"));
        Assert.All(actions, a => Assert.True(a["end"]!.Value<int>() >= a["start"]!.Value<int>() && a["after"] is JArray));

        Run check = CommandLine.Run("check-plan", CommandLine.SixHosts, "--plan", files["plan.json"], "--json");
        Assert.Equal((ExitCode.Done, true), (check.Code, check.Json["valid"]!.Value<bool>()));
        Assert.StartsWith(
            "The plan is valid", CommandLine.Run("check-plan", CommandLine.SixHosts, "--plan", files["plan.json"]).Output, StringComparison.Ordinal);

        Run simulated = CommandLine.Run("simulate-plan", CommandLine.SixHosts, "--plan", files["plan.json"], "--runs", "50", "--json");
        Assert.Equal((ExitCode.Done, 0), (simulated.Code, simulated.Json["runsWithFaults"]!.Value<int>()));
        Assert.InRange(simulated.Json["p95"]!.Value<int>(), simulated.Json["p50"]!.Value<int>(), simulated.Json["most"]!.Value<int>());
        Run told = CommandLine.Run("simulate-plan", CommandLine.SixHosts, "--plan", files["plan.json"], "--runs", "10", "--spread", "50");
        Assert.Contains("No run breaks a rule on the way.", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_solution_the_problem_is_solved_first()
    {
        using CommandLine files = new();
        Run run = CommandLine.Run("plan", CommandLine.SixHosts, "--fast", "--gantt", files["plan.svg"]);
        Assert.Equal(ExitCode.Done, run.Code);
        string chart = File.ReadAllText(files["plan.svg"]);
        Assert.Contains("<svg", chart, StringComparison.Ordinal);
        Assert.True(chart.Split("<rect").Length > 8, "There is a bar for each migration.");
        Assert.Contains("migrations in", run.Output, StringComparison.Ordinal);
        Assert.Contains("migrate", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_that_is_too_short_gives_a_part_and_says_what_stays_behind()
    {
        using CommandLine files = new();
        CommandLine.Run("solve", CommandLine.SixHosts, "--output", files["out.json"]);
        Run run = CommandLine.Run(
            "plan", CommandLine.SixHosts, "--solution", files["out.json"], "--bandwidth", "500", "--window", "23:58-00:02", "--parallel", "1", "--json",
            "--output", files["plan.json"]);
        Assert.Equal(ExitCode.Infeasible, run.Code);
        Assert.NotEmpty(run.Json["unreached"]!);
        Assert.Contains("the time for actions is over at second 240", run.Json["unreached"]![0]!["reason"]!.Value<string>(), StringComparison.Ordinal);
        Assert.InRange(run.Json["makespan"]!.Value<int>(), 0, 240);
        Assert.Equal(ExitCode.Done, CommandLine.Run("check-plan", CommandLine.SixHosts, "--plan", files["plan.json"]).Code);
        Assert.Contains("stay behind", CommandLine.Run(
            "plan", CommandLine.SixHosts, "--solution", files["out.json"], "--max-duration", "1", "--fast").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_was_changed_by_hand_is_found_out()
    {
        using CommandLine files = new();
        CommandLine.Run("plan", CommandLine.SixHosts, "--fast", "--output", files["plan.json"]);
        JObject plan = JObject.Parse(File.ReadAllText(files["plan.json"]));
        plan["actions"]![0]!["from"] = plan["actions"]![0]!["to"];
        File.WriteAllText(files["plan.json"], plan.ToString());
        Run run = CommandLine.Run("check-plan", CommandLine.SixHosts, "--plan", files["plan.json"]);
        Assert.Equal(ExitCode.Infeasible, run.Code);
        Assert.Contains("is not where action 1 begins", run.Output, StringComparison.Ordinal);
        Run simulated = CommandLine.Run("simulate-plan", CommandLine.SixHosts, "--plan", files["plan.json"]);
        Assert.Equal(ExitCode.BadInput, simulated.Code);
        Assert.Contains("cannot be carried out", simulated.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--window", "22-4", "is not a stretch of a day such as 22:00-04:00")]
    [InlineData("--parallel-per-host", "0", "--parallel-per-host")]
    [InlineData("--settings", "missing.json", "missing.json")]
    [InlineData("--gantt", "plan.gif", "neither with .svg nor with .png")]
    public void Limits_that_make_no_sense_are_refused(string option, string value, string words)
    {
        Run run = CommandLine.Run("plan", CommandLine.SixHosts, option, value);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_solution_of_another_input_is_refused()
    {
        using CommandLine files = new();
        CommandLine.Run("solve", CommandLine.SixHosts, "--output", files["out.json"]);
        string smaller = files.Changed("smaller.json", document => ((JArray)document["vms"]!).Last!.Remove());
        Run run = CommandLine.Run("plan", smaller, "--solution", files["out.json"]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("Maybe", run.Error, StringComparison.Ordinal);
    }
}
