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

    [Fact]
    public void The_migrations_that_bring_most_are_chosen_and_the_curve_is_told_and_drawn()
    {
        using CommandLine files = new();
        CommandLine.Run("solve", CommandLine.SixHosts, "--output", files["out.json"]);
        string[] plan = ["plan", CommandLine.SixHosts, "--solution", files["out.json"], "--fast"];
        Run whole = CommandLine.Run([.. plan, "--json", "--curve", files["gain.svg"], "--load-chart", files["load.png"]]);
        JToken[] stops = [.. whole.Json["curve"]!["stops"]!];
        Assert.Equal((0, whole.Json["migrations"]!.Value<int>()), (stops[0]["moves"]!.Value<int>(), stops[^1]["moves"]!.Value<int>()));
        Assert.Equal((0, 1), (stops[0]["gain"]!.Value<double>(), stops[^1]["gain"]!.Value<double>()));
        Assert.Contains("% of the gain", File.ReadAllText(files["gain.svg"]), StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(files["load.png"])[..4]);

        int most = whole.Json["migrations"]!.Value<int>() / 2;
        Run part = CommandLine.Run([.. plan, "--max-migrations", $"{most}", "--output", files["part.json"], "--json", "--value-first"]);
        Assert.Equal(ExitCode.Done, part.Code);
        Assert.False(part.Json["complete"]!.Value<bool>());
        Assert.InRange(part.Json["migrations"]!.Value<int>(), 1, most);
        Assert.Contains($"the plan may have {most} migrations", part.Json["unreached"]![0]!["reason"]!.Value<string>(), StringComparison.Ordinal);
        JObject file = JObject.Parse(File.ReadAllText(files["part.json"]));
        Assert.All(file["actions"]!, a => Assert.True(a["wave"]!.Value<int>() > 0));
        Assert.Equal(ExitCode.Done, CommandLine.Run("check-plan", CommandLine.SixHosts, "--plan", files["part.json"]).Code);
        file["curve"]!["stops"]!.Last!["moves"] = 99;
        File.WriteAllText(files["part.json"], file.ToString());
        Run found = CommandLine.Run("check-plan", CommandLine.SixHosts, "--plan", files["part.json"]);
        Assert.Contains("its curve says 99", found.Output, StringComparison.Ordinal);

        Run cheap = CommandLine.Run([.. plan, "--budget", "0.001"]);
        Assert.Contains("0 migrations in 0 s", cheap.Output, StringComparison.Ordinal);
        Assert.Contains("of the gain.", CommandLine.Run(plan).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Durations_are_fitted_to_a_history()
    {
        using CommandLine files = new();
        CommandLine.Run("solve", CommandLine.SixHosts, "--output", files["out.json"]);
        File.WriteAllLines(files["h.csv"], ["memory,seconds,moved", .. Enumerable.Range(1, 30).Select(i => $"{1000 * i},{3 + (2 * i)},{1000 * i}")]);
        string[] plan = ["plan", CommandLine.SixHosts, "--solution", files["out.json"], "--fast", "--history", files["h.csv"]];
        Run run = CommandLine.Run([.. plan, "--output", files["plan.json"], "--json"]);
        Assert.Equal(500 * 8.388608, run.Json["fit"]!["bandwidth"]!.Value<double>(), 0.01);
        Assert.Equal(3, run.Json["fit"]!["overhead"]!.Value<double>(), 0.001);
        Assert.InRange(run.Json["fit"]!["error"]!["ninetieth"]!.Value<double>(), 0, 0.001);
        Assert.Equal(3, JObject.Parse(File.ReadAllText(files["plan.json"]))["settings"]!["transfer"]!["overhead"]!.Value<double>(), 0.001);
        Assert.Contains("Fitted to 30 executed migrations", CommandLine.Run(plan).Output, StringComparison.Ordinal);
        Assert.Contains("exclude each other", CommandLine.Run([.. plan, "--bandwidth", "900"]).Error, StringComparison.Ordinal);
        File.WriteAllText(files["h.csv"], "memory,seconds\n1,1\n");
        Run few = CommandLine.Run(plan);
        Assert.Equal(ExitCode.BadInput, few.Code);
        Assert.Contains("h.csv: The history has 1 live migrations of 1; a fit needs at least 5", few.Error, StringComparison.Ordinal);
    }

    [Theory, InlineData("suspend", "resume"), InlineData("cold", "boot")]
    public void Two_VMs_that_block_each_other_change_places_only_if_one_may_stand_still(string how, string back)
    {
        using CommandLine files = new();
        const string Head = """{"format": "virtopt", "version": 1, "dimensions": [{"name": "memory", "unit": "GiB"}],""";
        const string Hosts = """ "hosts": [{"name": "h1", "capacity": {"memory": 8}}, {"name": "h2", "capacity": {"memory": 8}}],""";
        string Vms(string a, string b) =>
            $$""" "vms": [{"name": "a", "demand": {"memory": 6}, "host": "{{a}}"}, {"name": "b", "demand": {"memory": 6}, "host": "{{b}}"}]""";
        File.WriteAllText(files["in.json"], $"{Head}{Hosts}{Vms("h1", "h2")}}}");
        CommandLine.Run("solve", files["in.json"], "--output", files["out.json"]);
        File.WriteAllText(files["out.json"], File.ReadAllText(files["out.json"]).Replace("\"h1\"", "\"x\"", StringComparison.Ordinal)
            .Replace("\"h2\"", "\"h1\"", StringComparison.Ordinal).Replace("\"x\"", "\"h2\"", StringComparison.Ordinal));
        string[] plan = ["plan", files["in.json"], "--solution", files["out.json"], "--fast", "--output", files["plan.json"]];
        Run stuck = CommandLine.Run(plan);
        Assert.Equal(ExitCode.Infeasible, stuck.Code);
        Assert.Contains("leave to suspend one (breakCycles)", stuck.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Run run = CommandLine.Run([.. plan, "--break-cycles", how]);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("cycle: 1 VM.", run.Output, StringComparison.Ordinal);
        Assert.Contains($"\"kind\":\"{back}\"", File.ReadAllText(files["plan.json"]), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, CommandLine.Run("check-plan", files["in.json"], "--plan", files["plan.json"]).Code);
    }

    [Fact]
    public void Gradual_plans_have_checks_between_their_waves()
    {
        using CommandLine files = new();
        Run run = CommandLine.Run("plan", CommandLine.SixHosts, "--fast", "--wave-size", "2", "--wave-pause", "600", "--output", files["plan.json"]);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("check", run.Output, StringComparison.Ordinal);
        JToken[] checks = [.. JObject.Parse(File.ReadAllText(files["plan.json"]))["actions"]!.Where(a => a["kind"]!.Value<string>() == "check")];
        Assert.NotEmpty(checks);
        Assert.All(checks, c => Assert.Equal(600, c["end"]!.Value<int>() - c["start"]!.Value<int>()));
        Assert.Equal(ExitCode.Done, CommandLine.Run("check-plan", CommandLine.SixHosts, "--plan", files["plan.json"]).Code);
        Run simulated = CommandLine.Run("simulate-plan", CommandLine.SixHosts, "--plan", files["plan.json"], "--runs", "20", "--json");
        Assert.Equal(0, simulated.Json["runsWithFaults"]!.Value<int>());
        Run alone = CommandLine.Run("plan", CommandLine.SixHosts, "--wave-pause", "600");
        Assert.Equal(ExitCode.BadInput, alone.Code);
        Assert.Contains("--wave-pause needs --wave-size", alone.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-migrations", "0", "--max-migrations")]
    [InlineData("--budget", "-3", "--budget")]
    [InlineData("--curve", "gain", "neither with .svg nor with .png")]
    [InlineData("--load-chart", "missing/load.svg", "the folder of the output does not exist")]
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
