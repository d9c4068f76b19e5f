using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Tests;

public sealed class ForecastTests
{
    private static readonly string[] Fields = ["version", "history", "origin", "slotSeconds", "method", "training", "cleaning", "levelShifts", "scenarios", "series"];

    [Fact]
    public void A_forecast_has_the_documented_fields_in_file_and_output()
    {
        using CommandLine line = new();
        string history = History(line, 6);
        Run run = CommandLine.Run("forecast", history, "--method", "day", "--output", line["f.json"], "--plot", line["fan.svg"], "--vm", "vm2", "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        JObject file = JObject.Parse(File.ReadAllText(line["f.json"]));
        Assert.True(JToken.DeepEquals(file, run.Json));
        foreach (string field in Fields) Assert.NotNull(file[field]);
        JToken series = file["series"]![2]!;
        Assert.Equal("vm2", (string)series["vm"]!);
        double[][] quantiles = [.. ((string[])["p50", "p90", "p95", "p99"]).Select(q => series[q]!.Select(v => (double)v).ToArray())];
        for (int slot = 0; slot < 96; slot++) Assert.True(quantiles[0][slot] <= quantiles[1][slot] && quantiles[2][slot] <= quantiles[3][slot]);
        Assert.Contains("<svg", File.ReadAllText(line["fan.svg"]), StringComparison.Ordinal);
        string schema = File.ReadAllText(Path.Combine(CommandLine.Root, "src", "VirtOpt.Cli", "Forecasts", "forecast.schema.json"));
        Assert.Equal(((JObject)JObject.Parse(schema)["properties"]!).Properties().Select(p => p.Name).Order(), file.Properties().Select(p => p.Name).Order());
    }

    [Fact]
    public void A_person_reads_the_highest_vms() =>
        WithHistory(history => Assert.Contains("6 series forecast by median-1d", CommandLine.Run("forecast", history, "--method", "median-1d").Output,
            StringComparison.Ordinal));

    [Fact]
    public void A_model_is_trained_gone_on_from_and_used()
    {
        using CommandLine line = new();
        string history = History(line, 6);
        Assert.Equal(ExitCode.Done, CommandLine.Run("train", history, "--output", line["a.model"], "--trees", "8", "--rows", "600").Code);
        Run more = CommandLine.Run("train", history, "--resume", line["a.model"], "--output", line["b.model"], "--trees", "4", "--rows", "600", "--json");
        Assert.Equal(12, (int)more.Json["treesPerQuantile"]!);
        Run run = CommandLine.Run("forecast", history, "--model", line["b.model"], "--json");
        Assert.Equal(("auto", JTokenType.Null), ((string)run.Json["method"]!, run.Json["warning"]!.Type));
    }

    [Fact]
    public void A_model_that_cannot_be_used_ends_in_one_error_and_the_seasonal_naive_forecast()
    {
        using CommandLine line = new();
        File.WriteAllText(line["x.model"], "no model");
        Run run = CommandLine.Run("forecast", History(line, 3), "--model", line["x.model"], "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal("day", (string)run.Json["method"]!);
        Assert.Contains("x.model: this is not a forecasting model of VirtOpt.", (string)run.Json["warning"]!, StringComparison.Ordinal);
        Assert.Contains("seasonal naive one (day) instead", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_back_test_gives_its_scores_by_forecaster_and_class()
    {
        using CommandLine line = new();
        Run run = CommandLine.Run(
            "backtest", History(line, 6), "--horizon", "15m,3h", "--methods", "last,day,best-simple", "--every", "3", "--plot", line["b.svg"], "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        JToken[] all = [.. run.Json["rows"]!.Where(r => (string)r["class"]! == "all")];
        Assert.Equal(6, all.Length);
        foreach (JToken row in all)
        {
            Assert.True((double)row["mase"]! > 0);
            Assert.InRange((double)row["coverage"]!["p95"]!, 0.5, 1);
        }

        Assert.Contains("<svg", File.ReadAllText(line["b.svg"]), StringComparison.Ordinal);
        Run table = CommandLine.Run("backtest", line["h.csv"], "--horizon", "1h", "--methods", "last,day");
        Assert.Contains("MASE by class of VM:", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_of_random_vms_are_tested_beside_the_sum_of_quantiles()
    {
        using CommandLine line = new();
        string history = History(line, 6);
        string[] words = ["backtest", history, "--horizon", "15m", "--methods", "last,quantile-1d", "--hosts", "3", "--host-vms"];
        Run run = CommandLine.Run([.. words, "2-4", "--json"]);
        Assert.Equal(ExitCode.Done, run.Code);
        string[] names = [.. run.Json["rows"]!.Where(r => (string)r["class"]! == "all").Select(r => (string)r["forecaster"]!)];
        Assert.Equal(["last", "quantile-1d", "sum-of-quantile-1d"], names);
        Assert.Contains("(2 to 4)", CommandLine.Run([.. words, "2 to 4"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Pooled_methods_learn_from_another_history()
    {
        using CommandLine line = new();
        string history = History(line, 4);
        File.Copy(history, line["other.csv"]);
        Run run = CommandLine.Run("backtest", history, "--learn-from", line["other.csv"], "--train-days", "0.5", "--horizon", "1h", "--methods", "spread-1h", "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.InRange((double)run.Json["rows"]![0]!["coverage"]!["p95"]!, 0.85, 1);
    }

    [Fact]
    public void Level_shifts_are_told()
    {
        using CommandLine line = new();
        string[] lines = [.. Enumerable.Range(0, 24 * 6).Select(i => FormattableString.Invariant(
            $"vm1,{1_767_225_600 + (3600 * i)},{(i < 24 * 3 ? 20 : 60) + (i * 7 % 5)}"))];
        File.WriteAllLines(line["s.csv"], ["vm,time,cpu [%]", .. lines]);
        Run run = CommandLine.Run("forecast", line["s.csv"], "--method", "day", "--json");
        Assert.Single(run.Json["levelShifts"]!);
        Assert.Contains("level shifts: 1 series, 1 times; the latest: VM vm1, cpu", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no forecaster (magic)", "--method", "magic")]
    [InlineData("The horizon (soon)", "--horizon", "soon")]
    [InlineData("no dimension (disk)", "--dimension", "disk")]
    [InlineData("no kind of history (xml)", "--format", "xml")]
    public void What_cannot_be_is_refused(string message, params string[] words)
    {
        using CommandLine line = new();
        Run run = CommandLine.Run(["forecast", History(line, 2), .. words]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static void WithHistory(Action<string> test)
    {
        using CommandLine line = new();
        test(History(line, 6));
    }

    private static string History(CommandLine line, int vms)
    {
        Random random = new(1);
        List<string> lines = ["vm,time,cpu [%]"];
        for (int slot = 0; slot < 4 * 24 * 6; slot++)
            for (int vm = 0; vm < vms; vm++)
                lines.Add(FormattableString.Invariant(
                    $"vm{vm},{1_767_225_600 + (900 * slot)},{20 + vm + (10 * Math.Sin(slot * Math.PI / 48)) + random.NextDouble():0.00}"));
        File.WriteAllLines(line["h.csv"], lines);
        return line["h.csv"];
    }
}
