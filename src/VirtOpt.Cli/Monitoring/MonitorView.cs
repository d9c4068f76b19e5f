using System.Globalization;
using Newtonsoft.Json.Linq;
using Spectre.Console;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Monitoring;

/// <summary>The latest sample, by host and VM.</summary>
internal static class MonitorView
{
    private const string Home = "\e[H\e[2J";

    /// <summary>Writes the tables; over the ones before where a person reads along.</summary>
    public static void Write(Terminal terminal, MonitorRound round, int mostVms)
    {
        if (terminal.IsOutTerminal) terminal.Out.Write(Home);
        IAnsiConsole console = Screen.Of(terminal);
        console.Heading($"{Time(round.At)}  {Screen.Count(round.Samples.Count(s => !s.IsOfHost), "VM")}");
        console.Write(Hosts(round));
        UsageSample[] vms = [.. round.Samples.Where(s =>
            !s.IsOfHost).OrderByDescending(s => s[UsageMetric.Cpu] ?? 0).ThenBy(s => s.Vm, StringComparer.Ordinal)];
        if (vms.Length > 0 && mostVms > 0) console.Write(Vms(vms.Take(mostVms)));
        if (vms.Length > mostVms) console.WriteLine($"and {Screen.Count(vms.Length - mostVms, "more VM")}");
    }

    /// <summary>Writes one line, beside a document for programs.</summary>
    public static void Note(TextWriter writer, MonitorRound round) => writer.WriteLine(
        $"virtopt: {Time(round.At)} {Screen.Count(round.Samples.Count, "sample")}"
        + string.Concat(round.Away.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"; {a.Key} is away: {a.Value}")));

    /// <summary>What was stored, and the last sample.</summary>
    public static JObject Document(string store, long rounds, MonitorRound? last) => new()
    {
        ["store"] = store,
        ["samples"] = rounds,
        ["time"] = last is null ? null : Time(last.At),
        ["hosts"] = new JArray((last?.Samples ?? []).Where(s => s.IsOfHost).Select(s => Entry(s, s.Host))),
        ["vms"] = new JArray((last?.Samples ?? []).Where(s => !s.IsOfHost).Select(s => Entry(s, s.Vm))),
        ["away"] = new JArray((last?.Away ?? new Dictionary<string, string>()).Select(a => new JObject { ["host"] = a.Key, ["reason"] = a.Value })),
    };

    private static Table Hosts(MonitorRound round)
    {
        Table table = Screen.NumberTable(1, "host", "CPU", "of millicore", "memory used", "of MiB", "VMs", "wait", "");
        foreach (UsageSample host in round.Samples.Where(s => s.IsOfHost))
        {
            UsageSample[] vms = [.. round.Samples.Where(s => !s.IsOfHost && s.Host == host.Host)];
            table.AddRow(
                host.Host, Number(host[UsageMetric.Cpu]), Number(host[UsageMetric.Vcpus] * 1000), Number(host[UsageMetric.Used]), Number(
                    host[UsageMetric.Memory]),
                Screen.Number(vms.Length), Number(vms.Sum(v => v[UsageMetric.Wait])), "");
        }

        foreach ((string host, string reason) in round.Away.OrderBy(a =>
            a.Key, StringComparer.Ordinal)) table.AddRow(host, "", "", "", "", "", "", $"away: {reason}");
        return table;
    }

    private static Table Vms(IEnumerable<UsageSample> vms)
    {
        Table table = Screen.NumberTable(2, "VM", "host", "CPU", "wait", "vCPUs", "used", "balloon", "of MiB", "disk r", "w KiB/s", "net in",
            "out kbit/s", "job");
        foreach (UsageSample vm in vms)
            table.AddRow([
                vm.Vm, vm.Host,
                .. ((UsageMetric[])[
                    UsageMetric.Cpu, UsageMetric.Wait, UsageMetric.Vcpus, UsageMetric.Used, UsageMetric.Balloon, UsageMetric.Memory,
                    UsageMetric.DiskRead, UsageMetric.DiskWrite, UsageMetric.NetworkIn, UsageMetric.NetworkOut]).Select(m => Number(vm[m])),
                vm[UsageMetric.Job] > 0 ? "yes" : ""]);
        return table;
    }

    private static JObject Entry(UsageSample sample, string name)
    {
        JObject entry = new() { ["name"] = name };
        if (!sample.IsOfHost) entry["host"] = sample.Host;
        foreach (UsageMetric metric in UsageMetrics.All) entry[metric.Word()] = sample[metric];
        return entry;
    }

    private static string Number(long? value) => value is { } known ? Screen.Number(known) : "";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
