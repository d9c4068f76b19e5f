using System.CommandLine;
using System.Globalization;
using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Monitoring;

/// <summary>Looks into a store, writes it as a table, and brings history from elsewhere into it.</summary>
internal sealed class HistoryCommand : Verb
{
    private const double DefaultStep = 300;
    private readonly StoreOption store = new();
    private readonly Option<string?> export = new("--export") { Description = "write a table of all VMs (CSV; .gz is packed)", HelpName = "FILE" };
    private readonly Option<bool> hosts = new("--of-hosts") { Description = "write the hosts, not the VMs" };
    private readonly Option<bool> most = new("--most") { Description = "write the most within each step, not the mean" };
    private readonly Option<double?> step = Numbers.Positive("--step", "SECONDS", $"time from row to row of the table [default: {DefaultStep}]", 1e7);
    private readonly Option<string?> from = Time("--from", "begin, as 2026-01-31 or 2026-01-31T22:00Z [default: all there is; 30 days of a server]");
    private readonly Option<string?> to = Time("--to", "end [default: now]");
    private readonly Option<string?> prometheus = new("--prometheus")
    {
        Description = "bring history from a Prometheus server: what to ask it (YAML)",
        HelpName = "FILE",
    };

    private readonly Option<string?> tokenVariable = new("--token-env")
    {
        Description = "environment variable that holds the server's token",
        HelpName = "NAME",
    };

    private readonly Option<long?> tokenDescriptor = Numbers.Whole("--token-fd", "N", "file descriptor from which the server's token is read", 0, 1023);

    /// <summary>Makes the command.</summary>
    public HistoryCommand()
        : base("history", "Write the history that virtopt monitor keeps as a table, or bring history from Prometheus into it.")
    {
        foreach (Option option in (Option[])[store.File, export, hosts, most, step, from, to, prometheus, tokenVariable, tokenDescriptor]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt history --store usage.db", "how far back it goes"),
        new("virtopt history --store usage.db --export usage.csv --step 3600", "hourly means of every VM"),
        new("virtopt history --store usage.db --prometheus server.yaml --token-env PROMETHEUS_TOKEN --from 2026-01-01", "history from a server"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string path = parsed.GetRequiredValue(store.File);
        string? table = parsed.GetValue(export);
        OutputFile.Check(table, [path]);
        string? server = parsed.GetValue(prometheus);
        using UsageStore opened = server is null ? UsageStore.OpenRead(path) : UsageStore.Open(path);
        JObject document = new() { ["store"] = path };
        DateTimeOffset end = At(parsed.GetValue(to)) ?? terminal.Clock.GetUtcNow();
        if (server is not null) document["imported"] = Import(parsed, server, opened, end, terminal);
        (DateTimeOffset From, DateTimeOffset To)? span = opened.Reader().Span();
        (document["from"], document["to"]) = (Text(span?.From), Text(span?.To));
        if (table is not null && span is { } known) document["rows"] = Export(parsed, table, opened, At(parsed.GetValue(from)) ?? known.From, At(
            parsed.GetValue(to)) ?? known.To.AddSeconds(1));
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, document);
        else Write(terminal, document);
        return ExitCode.Done;
    }

    private static void Write(Terminal terminal, JObject document)
    {
        if ((long?)document["imported"] is { } values) terminal.Out.WriteLine($"{Screen.Count(values, "value")} brought in.");
        terminal.Out.WriteLine((string?)document["from"] is null ? "The store is empty." : $"The store holds {document["from"]} to {document["to"]}.");
        if ((long?)document["rows"] is { } rows) terminal.Out.WriteLine($"{Screen.Count(rows, "row")} written.");
    }

    private long Export(ParseResult parsed, string file, UsageStore opened, DateTimeOffset begin, DateTimeOffset end) => UsageCsv.Write(
        file,
        opened.Reader(),
        new UsageQuery(UsageMetric.Cpu, begin, end, TimeSpan.FromSeconds(Math.Max(1, Math.Round(parsed.GetValue(step) ?? DefaultStep))))
        {
            OfHosts = parsed.GetValue(hosts),
            Most = parsed.GetValue(most),
        });

    private long Import(ParseResult parsed, string file, UsageStore opened, DateTimeOffset end, Terminal terminal)
    {
        using PrometheusImport import = new(PrometheusSource.Read(file), Token(parsed));
        DateTimeOffset begin = At(parsed.GetValue(from)) ?? end.AddDays(-30);
        return import.Run(opened, begin, end, at => terminal.Error.WriteLine($"virtopt: read up to {Text(at)}"), terminal.Cancellation);
    }

    /// <summary>A token comes from where no other user of the machine sees it: never from the command line.</summary>
    private string? Token(ParseResult parsed)
    {
        if (parsed.GetValue(tokenVariable) is { } name)
            return Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value
                : throw InvalidInputException.Because($"The environment variable ({name}) of --token-env is not set.", "it was not exported.");
        if (parsed.GetValue(tokenDescriptor) is not { } descriptor) return null;
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = new((nint)descriptor, ownsHandle: false);
        using FileStream stream = new(handle, FileAccess.Read, 1);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().Trim() is { Length: > 0 } token ? token
            : throw InvalidInputException.Because($"The file descriptor ({descriptor}) of --token-fd holds nothing.", "it was read before.");
    }

    private static Option<string?> Time(string name, string description)
    {
        Option<string?> option = new(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is { } text && !TryParse(text, out _))
                result.AddError($"The value ({text}) of {name} is not a time such as 2026-01-31 or 2026-01-31T22:00Z.\nMaybe day and month were swapped.");
        });
        return option;
    }

    private static bool TryParse(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static DateTimeOffset? At(string? text) => text is not null && TryParse(text, out DateTimeOffset time) ? time : null;

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
