using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Rendering;

/// <summary>A solved problem for programs. The page src/VirtOpt.Cli/json-output.md lists the fields.</summary>
internal static class OutcomeJson
{
    /// <summary>The document of <c>virtopt solve --json</c>.</summary>
    public static JObject Of(Outcome outcome)
    {
        PlacementSolution solution = outcome.Solution;
        JObject document = new()
        {
            ["status"] = outcome.Status,
            ["objective"] = solution.Objective,
            ["bound"] = JsonOut.Number(solution.Bound),
            ["gap"] = JsonOut.Number(solution.Gap),
            ["terms"] = ReportJson.Terms(solution.Report, outcome.Start),
            ["levels"] = new JArray(solution.Levels.Select(Level)),
            ["violations"] = solution.Report?.Violations.Count,
            ["unrepaired"] = solution.Report?.Unrepaired.Count,
            ["unrepairedRules"] = ReportJson.Rules(solution.Report?.Unrepaired ?? []),
            ["migrations"] = outcome.Migrations,
            ["hops"] = outcome.Plan?.Hops ?? 0,
            ["waves"] = outcome.Plan?.Waves.Count ?? 0,
            ["boots"] = outcome.Plan?.Boots.Count ?? 0,
            ["unreached"] = outcome.Plan?.Unreached.Count ?? 0,
            ["seconds"] = Seconds(solution.Duration),
            ["seed"] = solution.Seed,
            ["engine"] = solution.Engine,
            ["statistics"] = new JObject(solution.Statistics.Select(s => new JProperty(s.Key, JsonOut.Number(s.Value)))),
            ["incumbents"] = new JArray(solution.Incumbents.Select(Incumbent)),
        };
        foreach ((string name, double value) in outcome.Figures) document[name] = JsonOut.Number(value);
        if (solution.Conflict is { } conflict) document["conflict"] = Conflict(outcome.Problem.Cluster, conflict);
        return document;
    }

    private static JObject Level(LevelResult level) => new()
    {
        ["level"] = level.Level,
        ["value"] = level.Value,
        ["bound"] = JsonOut.Number(level.Bound),
        ["proven"] = level.IsProven,
    };

    private static JObject Incumbent(Incumbent incumbent) => new()
    {
        ["seconds"] = Seconds(incumbent.At),
        ["level"] = incumbent.Level,
        ["value"] = incumbent.Value,
        ["bound"] = JsonOut.Number(incumbent.Bound),
        ["source"] = incumbent.Source,
    };

    private static JObject Conflict(ClusterSnapshot cluster, Conflict conflict) => new()
    {
        ["message"] = conflict.Message,
        ["rules"] = new JArray(conflict.Rules),
        ["vms"] = new JArray(conflict.Vms.Select(vm => cluster[vm].Name)),
        ["minimal"] = conflict.IsMinimal,
        ["relaxations"] = new JArray(conflict.Relaxations),
    };

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
