using System.Globalization;
using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Tests;

/// <summary>From a history by a forecast to a placement that keeps the odds.</summary>
public sealed class PlanByForecastTests
{
    private const int Vms = 8;

    /// <summary>By what is promised, and overcommitted, two hosts do; by what will be used, each takes one VM of the day and one of the night.</summary>
    [Fact]
    public void Vms_of_the_day_and_of_the_night_share_hosts()
    {
        using CommandLine line = new();
        string cluster = Cluster(line);
        Assert.Equal(ExitCode.Done, CommandLine.Run(
            "forecast", History(line), "--method", "day", "--horizon", "24h/1h", "--scenarios", "6", "--output", line["f.json"]).Code);
        Assert.Equal(6, ((JArray)JObject.Parse(File.ReadAllText(line["f.json"]))["series"]![0]!["scenarios"]!).Count);
        Assert.Equal(2, (int)CommandLine.Run("solve", cluster, "--work", "2", "--json").Json["objective"]!);
        Run run = CommandLine.Run("solve", cluster, "--forecast", line["f.json"], "--work", "2", "--output", line["out.json"], "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal(4, (int)run.Json["objective"]!);
        Assert.Equal("optimal", (string)run.Json["status"]!);
        Assert.Contains("forecast: cpu, 24 slots of 6 joint scenarios: a host may be over its capacity in 1 of 144", run.Error, StringComparison.Ordinal);
        Run check = CommandLine.Run("check", cluster, "--forecast", line["f.json"], "--overload", "0", "--solution", line["out.json"], "--json");
        Assert.True((bool)check.Json["valid"]!);
    }

    [Fact]
    public void Without_scenarios_the_quantile_of_each_vm_counts_and_the_problem_keeps_it()
    {
        using CommandLine line = new();
        string cluster = Cluster(line);
        Assert.Equal(ExitCode.Done, CommandLine.Run("forecast", History(line), "--method", "day", "--horizon", "24h/1h", "--output", line["f.json"]).Code);
        Run run = CommandLine.Run("convert", cluster, "--forecast", line["f.json"], "--overload", "12.5", "--to", "virtopt", "--output", line["p.json"]);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("24 slots of P95 of each VM: a host may be over its capacity in 3 of 24", run.Error, StringComparison.Ordinal);
        JToken rule = JObject.Parse(File.ReadAllText(line["p.json"]))["constraints"]!.Single(c => (string)c["type"]! == "overload-probability");
        Assert.Equal(125, (int)rule["mostPerMille"]!);
        Assert.Equal(24, ((JArray)rule["forecast"]!["slots"]!).Count);
        Assert.Equal(ExitCode.Done, CommandLine.Run("solve", line["p.json"], "--work", "2").Code);
    }

    [Fact]
    public void Vms_without_forecast_are_planned_with_what_they_ask_for()
    {
        using CommandLine line = new();
        string cluster = Cluster(line, "other");
        Assert.Equal(ExitCode.Done, CommandLine.Run("forecast", History(line), "--method", "day", "--output", line["f.json"]).Code);
        Run run = CommandLine.Run("solve", cluster, "--forecast", line["f.json"], "--overload", "0", "--work", "2", "--json");
        Assert.Contains("1 VM without forecast planned with what they ask for", run.Error, StringComparison.Ordinal);
        Assert.Equal(5, (int)run.Json["objective"]!);
    }

    [Theory]
    [InlineData("\"slotSeconds\":3600.0", "\"slotSeconds\":0", "expected seconds above 0; found (0)")]
    [InlineData("virtopt-forecast/1", "virtopt-forecast/9", "expected the version \"virtopt-forecast/1\"")]
    [InlineData("\"unit\":\"%\"", "\"unit\":\"GHz\"", "is in (GHz); the cluster counts it in (millicore), expected that or (%).")]
    [InlineData("\"vm\":\"vm", "\"vm\":\"old", "no VM of the cluster has a forecast of (cpu)")]
    [InlineData("\"dimension\":\"cpu\"", "\"dimension\":\"disk\"", "the forecast is of (disk); the cluster has none of these dimensions.")]
    [InlineData("\"vm\":\"vm1\"", "\"vm\":\"vm2\"", "the forecast of cpu of VM (vm2) is there twice")]
    [InlineData("\"p95\":[", "\"p95\":[1,", "VM (vm7) has 25 slots in 0 scenarios", false)]
    [InlineData("\"p95\":[", "\"p95\":[-1,", "expected an amount of at least 0; found (-1)")]
    public void What_does_not_fit_is_refused(string text, string instead, string message, bool all = true)
    {
        using CommandLine line = new();
        string cluster = Cluster(line);
        Assert.Equal(ExitCode.Done, CommandLine.Run("forecast", History(line), "--method", "day", "--horizon", "24h/1h", "--output", line["f.json"]).Code);
        string forecast = File.ReadAllText(line["f.json"]);
        Assert.Contains(text, forecast, StringComparison.Ordinal);
        int at = forecast.LastIndexOf(text, StringComparison.Ordinal);
        string changed = all ? forecast.Replace(text, instead, StringComparison.Ordinal) : forecast[..at] + instead + forecast[(at + text.Length)..];
        File.WriteAllText(line["f.json"], changed);
        Run run = CommandLine.Run("solve", cluster, "--forecast", line["f.json"], "--work", "1");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--overload needs a --forecast", "--overload", "5")]
    [InlineData("The value (101) of --overload is not a number within 0 .. 100", "--forecast", "f.json", "--overload", "101")]
    [InlineData("The value (0.05) of --overload is not a number within 0 .. 100 with at most one decimal", "--forecast", "f.json", "--overload", "0.05")]
    public void Odds_that_make_no_sense_are_refused(string message, params string[] words)
    {
        using CommandLine line = new();
        Run run = CommandLine.Run(["solve", Cluster(line), .. words]);
        Assert.NotEqual(ExitCode.Done, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Half of the VMs use 75 % by day and 5 % by night, the others the other way round.</summary>
    private static string History(CommandLine line)
    {
        List<string> lines = ["vm,time,cpu [%]"];
        for (int hour = 0; hour < 24 * 9; hour++)
            for (int vm = 0; vm < Vms; vm++)
            {
                int use = hour % 24 < 12 == vm < Vms / 2 ? 75 : 5;
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"vm{vm},{1_767_225_600 + (3600 * hour)},{use + ((hour * (vm + 3)) % 5)}"));
            }

        File.WriteAllLines(line["h.csv"], lines);
        return line["h.csv"];
    }

    private static string Cluster(CommandLine line, string lastVm = "vm7")
    {
        JObject cluster = new()
        {
            ["format"] = "virtopt",
            ["version"] = 1,
            ["dimensions"] = new JArray(new JObject { ["name"] = "cpu", ["unit"] = "millicore" }),
            ["hosts"] = new JArray(Enumerable.Range(0, Vms).Select(h => new JObject
            {
                ["name"] = $"h{h}",
                ["capacity"] = new JObject { ["cpu"] = 1000 },
                ["overcommitPercent"] = new JObject { ["cpu"] = 400 },
            })),
            ["vms"] = new JArray(Enumerable.Range(0, Vms).Select(v => new JObject
            {
                ["name"] = v == Vms - 1 ? lastVm : $"vm{v}",
                ["demand"] = new JObject { ["cpu"] = 1000 },
                ["host"] = $"h{v}",
            })),
            ["objectives"] = new JArray(new JObject { ["type"] = "active-hosts" }),
        };
        File.WriteAllText(line["c.json"], cluster.ToString());
        return line["c.json"];
    }
}
