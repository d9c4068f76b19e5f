using System.CommandLine;
using VirtOpt.Cli.Executing;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Monitoring;

/// <summary>Samples real hosts into a store until it is stopped.</summary>
internal sealed class MonitorCommand : Verb
{
    private const double DefaultInterval = 60;
    private readonly InventoryOption inventory = new();
    private readonly StoreOption store = new();
    private readonly Option<double?> interval = Numbers.Positive("--interval", "SECONDS", $"time from sample to sample [default: {DefaultInterval}]", 86_400);
    private readonly Option<long?> samples = Numbers.Whole("--samples", "N", "end after so many samples [default: on until Ctrl-C]", 1, 1_000_000_000);
    private readonly Option<long?> top = Numbers.Whole("--top", "N", "most VMs in the table, those that use most CPU [default: 30]", 0, 100_000);
    private readonly Option<double?> keepSamples = Numbers.Positive("--keep-samples", "DAYS", "how long samples are kept [default: 2]", 36_500);
    private readonly Option<double?> keepMinutes = Numbers.Positive("--keep-minutes", "DAYS", "how long sums of five minutes are kept [default: 30]", 36_500);
    private readonly Option<double?> keepHours = Numbers.Positive("--keep-hours", "DAYS", "how long sums of hours are kept [default: 730]", 36_500);

    /// <summary>Makes the command.</summary>
    public MonitorCommand()
        : base("monitor", "Sample hosts and VMs into a store that forecasts and right-sizing read; a table shows the latest. Ctrl-C ends it.")
    {
        foreach (Option option in (Option[])[inventory.File, store.File, interval, samples, top, keepSamples, keepMinutes, keepHours]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt monitor --inventory hosts.yaml --store usage.db", "sample every minute, and show"),
        new("virtopt monitor --inventory hosts.yaml --store usage.db --interval 5 --samples 12 --json", "a minute in steps of five seconds, for a program"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        HostInventory hosts = inventory.Read(parsed);
        using UsageStore opened = UsageStore.Open(parsed.GetRequiredValue(store.File));
        IUsageSampler[] samplers = [.. hosts.Hosts.Select(h => new LibvirtSampler(h, terminal.Clock))];
        try
        {
            MonitorRound? last = null;
            bool isJson = parsed.GetValue(Json);
            long rounds = new UsageMonitor(samplers, opened, Settings(parsed, terminal)).Run(
                round =>
                {
                    last = round;
                    if (isJson) MonitorView.Note(terminal.Error, round);
                    else MonitorView.Write(terminal, round, (int)(parsed.GetValue(top) ?? 30));
                },
                terminal.Cancellation);
            if (isJson) JsonOut.Write(terminal, MonitorView.Document(opened.Path, rounds, last));
            else terminal.Out.WriteLine($"{Screen.Count(rounds, "sample")} in {opened.Path}.");
            return ExitCode.Done;
        }
        finally
        {
            foreach (IUsageSampler sampler in samplers) sampler.Dispose();
        }
    }

    private MonitorOptions Settings(ParseResult parsed, Terminal terminal) => new()
    {
        Clock = terminal.Clock,
        Interval = TimeSpan.FromSeconds(parsed.GetValue(interval) ?? DefaultInterval),
        Samples = parsed.GetValue(samples),
        Retention = new UsageRetention(
            parsed.GetValue(keepSamples) is { } s ? TimeSpan.FromDays(s) : UsageRetention.Default.Raw,
            parsed.GetValue(keepMinutes) is { } m ? TimeSpan.FromDays(m) : UsageRetention.Default.FiveMinutes,
            parsed.GetValue(keepHours) is { } h ? TimeSpan.FromDays(h) : UsageRetention.Default.Hour),
    };
}
