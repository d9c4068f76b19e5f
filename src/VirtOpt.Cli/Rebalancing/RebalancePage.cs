using System.Globalization;
using System.Net;
using System.Text;

namespace VirtOpt.Cli.Rebalancing;

/// <summary>The report of a rebalance as one HTML page that needs nothing from elsewhere.</summary>
internal static class RebalancePage
{
    private const string Style = """
        body{font:15px/1.45 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#222}
        table{border-collapse:collapse;margin:1em 0}td,th{padding:.25em .7em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
        .n{text-align:right}.bad{color:#b00020}.bar{display:inline-block;height:.8em;background:#4a7ab5}.box{display:inline-block;width:12em;background:#eee}
        """;

    /// <summary>Writes it into a file.</summary>
    public static void Save(string path, RebalanceReport report) => Files.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        writer.Write(Page(report));
    });

    private static string Page(RebalanceReport report)
    {
        StringBuilder html = new();
        string name = Text(report.Problem.Cluster.Name);
        html.Append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        html.Append(CultureInfo.InvariantCulture, $"<title>Rebalance of {name}, {Text(report.Run)}</title><style>{Style}</style></head><body>");
        html.Append(CultureInfo.InvariantCulture, $"<h1>Rebalance of {name}</h1><p>Run {Text(report.Run)}. {Text(Summary(report))}</p>");
        Worth(html, report);
        Moves(html, report);
        Actions(html, "What was done", report.IsRehearsal ? null : report.Execution);
        Actions(html, "The way back", report.Back);
        Loads(html, report);
        List(html, "Not as planned", report.Strayed);
        List(html, "VMs that the plan leaves where they are", [.. (report.Plan?.Unreached ?? []).Select(u =>
            $"{report.Problem.Cluster[u.Vm].Name}: {u.Reason}")]);
        return html.Append("</body></html>\n").ToString();
    }

    private static string Summary(RebalanceReport report)
    {
        if (report.Execution is not { } execution) return $"There is no placement to go to. {report.Solution.Conflict?.Message}";
        int done = execution.Steps.Count(s => s.IsDone);
        if (report.IsRehearsal) return $"Dry run: {done} of {execution.Steps.Count} actions could begin, and nothing was changed.";
        string end = report.IsAsPromised ? "All is as planned." : "Not all is as planned.";
        string stopped = execution.Stopped.Length > 0 ? $" It ended early: {execution.Stopped}." : "";
        return $"{done} of {execution.Steps.Count} actions done in {execution.Elapsed.TotalSeconds:0.0} s. {end}{stopped}";
    }

    private static void Worth(StringBuilder html, RebalanceReport report)
    {
        if (report.Worth is not { } worth || worth.Planned.Terms.Count == 0) return;
        html.Append("<h2>Gain</h2><table><tr><th>Measure<th class=n>Level<th class=n>Before<th class=n>Planned</tr>");
        for (int t = 0; t < worth.Planned.Terms.Count; t++)
        {
            TermValue term = worth.Planned.Terms[t];
            string before = t < worth.Start.Terms.Count ? Number(worth.Start.Terms[t].Value) : "";
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{Text(term.Name)}<td class=n>{term.Level}<td class=n>{before}<td class=n>{Number(term.Value)}</tr>");
        }

        html.Append("</table>");
    }

    private static void Moves(StringBuilder html, RebalanceReport report)
    {
        ClusterSnapshot cluster = report.Problem.Cluster;
        html.Append("<h2>What moves, and why</h2>");
        if (report.Reasons.Count == 0)
        {
            html.Append("<p>Nothing: no migration is worth it.</p>");
            return;
        }

        html.Append("<table><tr><th>VM<th>From<th>To<th>Why</tr>");
        foreach (Explaining.MoveReason r in report.Reasons)
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{Text(cluster[r.Vm].Name)}<td>{Text(cluster[r.From.Host].Name)}<td>{Text(cluster[r.To.Host].Name)}<td>{Text(r.Text)}</tr>");
        html.Append("</table>");
    }

    private static void Actions(StringBuilder html, string heading, ExecutionReport? report)
    {
        if (report is null || report.Steps.Count == 0) return;
        html.Append(CultureInfo.InvariantCulture,
            $"<h2>{heading}</h2><table><tr><th>Action<th>Outcome<th class=n>Planned s<th class=n>Took s<th class=n>Downtime ms<th>Note</tr>");
        foreach (StepReport s in report.Steps)
        {
            string bad = s.IsDone ? "" : " class=bad";
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(s.Action.ToString())}<td{bad}>{s.Outcome.ToString().ToLowerInvariant()}");
            html.Append(CultureInfo.InvariantCulture, $"<td class=n>{s.PlannedSeconds}<td class=n>{s.Seconds:0.0}<td class=n>{s.Result?.DowntimeMilliseconds}<td>{Text(s.Message)}</tr>");
        }

        html.Append("</table>");
    }

    private static void Loads(StringBuilder html, RebalanceReport report)
    {
        html.Append("<h2>Load by host</h2><table><tr><th>Host<th>Of<th>Before<th>Planned<th>After</tr>");
        foreach (HostLoad load in report.Loads())
        {
            string after = load.After is { } amount ? Bar(load, amount) : "";
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(load.Host)}<td>{Text(load.Dimension)}<td>{Bar(load, load.Before)}");
            html.Append(CultureInfo.InvariantCulture, $"<td>{Bar(load, load.Promised)}<td>{after}</tr>");
        }

        html.Append("</table>");
    }

    private static string Bar(HostLoad load, long amount)
    {
        double share = load.Usable == 0 ? 0 : Math.Clamp(100.0 * amount / load.Usable, 0, 100);
        return string.Create(CultureInfo.InvariantCulture,
            $"<span class=box><span class=bar style=\"width:{share:0.0}%\"></span></span> {Number(amount)} ({RebalanceView.Share(load, amount)})");
    }

    private static void List(StringBuilder html, string heading, IReadOnlyList<string> items)
    {
        if (items.Count == 0) return;
        html.Append(CultureInfo.InvariantCulture, $"<h2>{heading}</h2><ul>");
        foreach (string item in items) html.Append(CultureInfo.InvariantCulture, $"<li class=bad>{Text(item)}");
        html.Append("</ul>");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
