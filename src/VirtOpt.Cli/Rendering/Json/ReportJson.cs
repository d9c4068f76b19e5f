using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Rendering;

/// <summary>What the checker says, for programs.</summary>
internal static class ReportJson
{
    /// <summary>The parts of the objective, with their values at the start where the start is a whole placement.</summary>
    public static JArray Terms(CheckReport? report, CheckReport start) => new((report?.Terms ?? []).Select((term, i) => new JObject
    {
        ["name"] = term.Name,
        ["level"] = term.Level,
        ["weight"] = term.Weight,
        ["value"] = term.Value,
        ["start"] = i < start.Terms.Count ? start.Terms[i].Value : JValue.CreateNull(),
    }));

    /// <summary>Broken rules, item by item.</summary>
    public static JArray Rules(IEnumerable<BrokenRule> rules) => new(rules.Select(rule => new JObject
    {
        ["constraint"] = rule.Constraint,
        ["item"] = rule.Item,
        ["amount"] = rule.Amount,
        ["atStart"] = rule.AtStart,
        ["message"] = rule.Message,
    }));
}
