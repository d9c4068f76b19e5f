using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Tests;

public sealed class OtherCommandTests
{
    [Fact]
    public void Check_finds_a_rule_that_was_broken_by_hand()
    {
        using CommandLine files = new();
        CommandLine.Run("solve", CommandLine.SixHosts, "--output", files["out.json"]);
        JObject solution = JObject.Parse(File.ReadAllText(files["out.json"]));
        foreach (JToken place in solution["placement"]!.Where(p => p["vm"]!.Value<string>() is "vm-01" or "vm-05")) place["host"] = "esx-02";
        File.WriteAllText(files["broken.json"], solution.ToString());
        Run run = CommandLine.Run("check", CommandLine.SixHosts, "--solution", files["broken.json"], "--json");
        Assert.Equal(ExitCode.Infeasible, run.Code);
        Assert.Equal(1, run.Json["violations"]!.Value<int>());
        Assert.Contains("anti-affinity", run.Json["violatedRules"]![0]!["constraint"]!.Value<string>(), StringComparison.Ordinal);
        Assert.StartsWith("Not valid.", CommandLine.Run("check", CommandLine.SixHosts, "--solution", files["broken.json"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_gives_a_reason_for_each_move()
    {
        using CommandLine files = new();
        CommandLine.Run("solve", CommandLine.SixHosts, "--output", files["out.json"]);
        JObject explanation = CommandLine.Run("explain", CommandLine.SixHosts, "--solution", files["out.json"], "--json").Json;
        Assert.Equal(8, explanation["moved"]!.Value<int>());
        Dictionary<string, string> kinds = explanation["moves"]!.ToDictionary(m => m["vm"]!.Value<string>()!, m => m["kind"]!.Value<string>()!);
        Assert.Equal(8, kinds.Count);
        Assert.Equal(["vm-11", "vm-12"], kinds.Where(k => k.Value == "repair").Select(k => k.Key));
        Assert.All(kinds.Where(k => k.Value != "repair"), k => Assert.Equal("objective", k.Value));
        Assert.Equal(3, explanation["hosts"]!.Sum(h => h["cost"]!.Value<int>()));
        Run some = CommandLine.Run("explain", CommandLine.SixHosts, "--solution", files["out.json"], "--moves", "2");
        Assert.Contains("6 more not looked at", some.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_without_a_solution_speaks_of_the_start()
    {
        Run run = CommandLine.Run("explain", CommandLine.SixHosts);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("0 moved", run.Output, StringComparison.Ordinal);
        Assert.Contains("Broken at the start and not repaired: 2 items", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_writes_a_problem_that_solves_the_same()
    {
        using CommandLine files = new();
        Run run = CommandLine.Run("convert", CommandLine.SixHosts, "--to", "virtopt", "--output", files["copy.json.gz"], "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal((6, 16), (run.Json["hosts"]!.Value<int>(), run.Json["vms"]!.Value<int>()));
        Assert.Equal(3, CommandLine.Run("solve", files["copy.json.gz"], "--json").Json["objective"]!.Value<int>());
    }

    [Fact]
    public void Generated_clusters_are_the_same_for_the_same_seed_and_start_valid()
    {
        using CommandLine files = new();
        foreach (string file in (string[])["a.json", "b.json"])
        {
            Run run = CommandLine.Run("generate", "--hosts", "8", "--vms", "60", "--seed", "5", "--output", files[file], "--json");
            Assert.Equal((8, 60), (run.Json["hosts"]!.Value<int>(), run.Json["vms"]!.Value<int>()));
        }

        Assert.Equal(File.ReadAllText(files["a.json"]), File.ReadAllText(files["b.json"]));
        Assert.True(CommandLine.Run("explain", files["a.json"], "--json").Json["valid"]!.Value<bool>());
        Run refused = CommandLine.Run("generate", "--hosts", "8", "--vms", "60", "--profile", "nothing", "--output", files["c.json"]);
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains("mixed", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_of_csv_files_is_written_and_read_back()
    {
        using CommandLine files = new();
        string[] example = [.. ((string[])["hosts.csv", "vms.csv"]).Select(f => Path.Combine(CommandLine.Root, "datasets", "csv-example", f))];
        Run convert = CommandLine.Run("convert", example[0], example[1], "--to", "csv", "--output", files["hosts.csv"], "--output", files["vms.csv"]);
        Assert.True(convert.Code == ExitCode.Done, convert.Error);
        Run solve = CommandLine.Run("solve", files["hosts.csv"], files["vms.csv"], "--objective", "consolidate", "--work", "1", "--json");
        Assert.Equal(ExitCode.Done, solve.Code);
        Assert.Equal(0, solve.Json["violations"]!.Value<int>());
    }

    [Fact]
    public void Catalogues_list_all_entries()
    {
        Assert.Equal(ConstraintCatalogue.Entries.Select(e => e.Name),
            CommandLine.Run("constraints", "--json").Json["constraints"]!.Select(c => c["name"]!.Value<string>()));
        Assert.Equal(ObjectiveCatalogue.Entries.Select(e => e.Name),
            CommandLine.Run("objectives", "--json").Json["objectives"]!.Select(c => c["name"]!.Value<string>()));
        Assert.Equal(FormatCatalogue.Entries.Select(f => f.Name),
            CommandLine.Run("formats", "--json").Json["formats"]!.Select(f => f["name"]!.Value<string>()));
        foreach (string catalogue in (string[])["constraints", "objectives", "formats"]) Assert.Equal(ExitCode.Done, CommandLine.Run(catalogue).Code);
    }
}
