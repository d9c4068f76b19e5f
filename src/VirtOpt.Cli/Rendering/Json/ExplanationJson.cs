using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Explaining;

namespace VirtOpt.Cli.Rendering;

/// <summary>A placement taken apart, for programs.</summary>
internal static class ExplanationJson
{
    /// <summary>The document of <c>virtopt explain --json</c>.</summary>
    public static JObject Of(Explanation explanation, IReadOnlyList<MoveReason> reasons) => new()
    {
        ["valid"] = explanation.Report.IsValid,
        ["terms"] = ReportJson.Terms(explanation.Report, explanation.Start),
        ["constraints"] = new JArray(explanation.Rules.Select(rule => new JObject
        {
            ["name"] = rule.Rule.Describe(),
            ["kind"] = ConstraintCatalogue.Of(rule.Rule).Name,
            ["soft"] = rule.Rule.Soft is not null,
            ["atStart"] = rule.AtStart,
            ["now"] = rule.Now,
        })),
        ["hosts"] = Hosts(explanation),
        ["violatedRules"] = ReportJson.Rules(explanation.Report.Violations),
        ["unrepairedRules"] = ReportJson.Rules(explanation.Report.Unrepaired),
        ["moved"] = explanation.Moved.Count,
        ["moves"] = new JArray(reasons.Select(reason => Move(explanation.Problem.Cluster, reason))),
    };

    private static JArray Hosts(Explanation explanation)
    {
        ClusterSnapshot cluster = explanation.Problem.Cluster;
        PlacementView view = new(cluster, explanation.Placement);
        long[] costs = explanation.HostCosts;
        return new JArray(view.Hosts.Select(host => new JObject
        {
            ["name"] = cluster[host].Name,
            ["vms"] = view.VmsOn(host).Count,
            ["cost"] = costs.Length == 0 ? null : costs[host.Index],
            ["loads"] = new JObject(cluster.Dimensions.Select((d, i) => new JProperty(d.Name, new JObject
            {
                ["demand"] = view.DemandOn(host, i),
                ["usable"] = cluster[host].Usable(i),
                ["unit"] = d.Unit,
            }))),
        }));
    }

    private static JObject Move(ClusterSnapshot cluster, MoveReason reason) => new()
    {
        ["vm"] = cluster[reason.Vm].Name,
        ["from"] = PlanView.PlaceName(cluster, reason.From),
        ["to"] = PlanView.PlaceName(cluster, reason.To),
        ["kind"] = reason.Kind,
        ["reason"] = reason.Text,
        ["without"] = new JArray(reason.Terms.Select(t => new JObject { ["name"] = t.Name, ["level"] = t.Level, ["value"] = t.Value })),
    };
}
