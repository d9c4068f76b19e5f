namespace VirtOpt.Cli.Tests;

public sealed class SimulateTests
{
    [Fact]
    public void The_document_has_the_promised_fields()
    {
        using CommandLine line = new();
        string day = Day(line);
        Run run = CommandLine.Run("simulate", day, "--trace", "planetlab", "--policy", "lr-mmt:1.2", "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        foreach (string field in (string[])["energyKwh", "energyFloorKwh", "migrations", "slav", "slatah", "pdm", "hostShutdowns", "seconds"])
            Assert.True((double)run.Json[field]! >= 0, field);
        Assert.Equal(8, (int)run.Json["vms"]!);
        Assert.True((int)run.Json["migrations"]! > 0);
        Assert.Equal((double)run.Json["slav"]!, (double)run.Json["slatah"]! * (double)run.Json["pdm"]!, 15);
    }

    [Fact]
    public void A_person_reads_energy_and_violations()
    {
        using CommandLine line = new();
        Run run = CommandLine.Run("simulate", Day(line), "--policy", "none", "--keep-idle-vms");
        Assert.Contains("under none: 8 VMs on 800 hosts.", run.Output, StringComparison.Ordinal);
        Assert.Contains("0 migrations. SLAV 0.00000 %", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_of_ones_own_is_played_without_ending_idle_VMs()
    {
        using CommandLine line = new();
        File.WriteAllLines(line["history.csv"], ["vm,time,cpu [%],memory [MiB]", "a,0,50,512", "a,300,0,512", "a,600,40,512", "a,900,40,512", "b,300,20,512",
            "b,600,20,512", "b,900,20,512"]);
        Run run = CommandLine.Run("simulate", line["history.csv"], "--trace", "csv", "--policy", "virtopt", "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal(2, (int)run.Json["vms"]!);
        Assert.Equal(0, (int)run.Json["endedVms"]!);
        Assert.True((double)run.Json["energyKwh"]! > 0);
    }

    [Fact]
    public void An_unknown_policy_is_bad_input()
    {
        using CommandLine line = new();
        Run run = CommandLine.Run("simulate", Day(line), "--policy", "magic");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("There is no policy (magic).", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_policies_are_compared_in_a_table_a_document_and_a_chart()
    {
        using CommandLine line = new();
        string day = Day(line);
        using CommandLine output = new();
        string[] arguments = ["simulate", day, "--policy", "lr-mmt:1.1/1.2", "--policy", "none", "--policy", "virtopt:every=100,risk=0.01/0.02"];
        Run table = CommandLine.Run([.. arguments, "--plot", output["curve.svg"]]);
        Assert.Equal(ExitCode.Done, table.Code);
        Assert.Contains("lr-mmt:1.1", table.Output, StringComparison.Ordinal);
        string chart = File.ReadAllText(output["curve.svg"]);
        Assert.Contains("<svg", chart, StringComparison.Ordinal);
        Assert.Contains("SLAV in per cent", chart, StringComparison.Ordinal);
        Run document = CommandLine.Run([.. arguments, "--json"]);
        Assert.Equal(
            ["lr-mmt:1.1", "lr-mmt:1.2", "none", "virtopt:every=100,risk=0.01", "virtopt:every=100,risk=0.02"],
            document.Json["runs"]!.Select(r => (string)r["policy"]!));
    }

    [Fact]
    public void A_wrong_policy_or_chart_is_refused_before_the_trace_is_read()
    {
        Run run = CommandLine.Run("simulate", "nowhere", "--policy", "virtopt:risk=0.01/0.9");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("(risk=0.9)", run.Error, StringComparison.Ordinal);
        Run chart = CommandLine.Run("simulate", "nowhere", "--policy", "none", "--plot", "a.gif");
        Assert.Contains("neither with .svg nor with .png", chart.Error, StringComparison.Ordinal);
    }

    private static string Day(CommandLine line)
    {
        for (int vm = 0; vm < 8; vm++)
            File.WriteAllLines(line[$"vm{vm}"], Enumerable.Range(0, 288).Select(i => $"{5 + ((i * (vm + 3)) % 60)}"));
        return line.Folder;
    }
}
