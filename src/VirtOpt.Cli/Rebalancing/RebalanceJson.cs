using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Executing;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Rebalancing;

/// <summary>The report of a rebalance for programs.</summary>
internal static class RebalanceJson
{
    /// <summary>Writes it into a file.</summary>
    public static void Save(string path, RebalanceReport report) => Files.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        writer.Write(Document(report).ToString(Formatting.Indented) + "\n");
    });

    /// <summary>The document.</summary>
    public static JObject Document(RebalanceReport report)
    {
        ClusterSnapshot cluster = report.Problem.Cluster;
        JObject document = new()
        {
            ["run"] = report.Run,
            ["cluster"] = cluster.Name,
            ["dryRun"] = report.IsRehearsal,
            ["asPromised"] = report.IsAsPromised,
            ["status"] = Outcome.StatusWord(report.Solution.Status),
            ["objective"] = report.Solution.Objective,
            ["gap"] = JsonOut.Number(report.Solution.Gap),
            ["message"] = report.Solution.Conflict?.Message ?? "",
        };
        if (report.Worth is { } worth) document["terms"] = ReportJson.Terms(worth.Planned, worth.Start);
        document["moves"] = new JArray(report.Reasons.Select(r => new JObject
        {
            ["vm"] = cluster[r.Vm].Name,
            ["from"] = cluster[r.From.Host].Name,
            ["to"] = cluster[r.To.Host].Name,
            ["kind"] = r.Kind,
            ["reason"] = r.Text,
        }));
        document["unreached"] = new JArray((report.Plan?.Unreached ?? []).Select(u => new JObject { ["vm"] = cluster[u.Vm].Name, ["reason"] = u.Reason }));
        document["loads"] = new JArray(report.Loads().Select(l => new JObject
        {
            ["host"] = l.Host,
            ["dimension"] = l.Dimension,
            ["usable"] = l.Usable,
            ["before"] = l.Before,
            ["promised"] = l.Promised,
            ["after"] = l.After,
        }));
        document["strayed"] = new JArray(report.Strayed);
        if (report.Execution is { } execution) document["execution"] = ExecutionView.Document(execution, report.IsRehearsal);
        if (report.Back is { } back) document["back"] = ExecutionView.Document(back, isRehearsal: false);
        return document;
    }
}
