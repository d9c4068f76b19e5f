using System.Globalization;

namespace VirtOpt.Simulation;

/// <summary>A policy that can be asked for by name.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Parameters">Its parameters; a number without a name is the first.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Create">Makes it from its parameters.</param>
public sealed record PolicyEntry(
    string Name, IReadOnlyList<PolicyParameter> Parameters, string Summary, Func<PolicyValues, IConsolidationPolicy> Create);

/// <summary>All policies, one line each.</summary>
public static class PolicyCatalogue
{
    private static readonly PlanningSettings Planning = new();
    private static readonly string[] Switch = ["on", "off"];
    private static readonly string[] Forecasters = ["past", .. ForecasterCatalogue.Entries.Select(e => e.Name)];

    /// <summary>The policies.</summary>
    public static IReadOnlyList<PolicyEntry> Entries { get; } =
    [
        new("none", [], "no migrations", _ => new NoMigration()),
        new("thr-mmt", [P(0.8)], "overloaded above a fixed share P; least memory migrates first", v => new DetectAndMove(new ThresholdRule(v["P"]))),
        new("iqr-mmt", [P(1.5)], "overloaded above 1 - P x interquartile range", v => new DetectAndMove(new InterquartileRule(v["P"]))),
        new("mad-mmt", [P(2.5)], "overloaded above 1 - P x median absolute deviation", v => new DetectAndMove(new MedianDeviationRule(v["P"]))),
        new("lr-mmt", [P(1.2)], "overloaded if P x the prediction by local regression reaches 1", v => new DetectAndMove(new LocalRegressionRule(v["P"]))),
        new("virtopt", PlanningParameters(), "re-packs by the engine with joint scenarios of demand, migrates what is overloaded too often", Planned),
    ];

    /// <summary>Makes the policy of a word such as <c>lr-mmt:1.2</c> or <c>virtopt:risk=0.05,every=24</c>; what is left out has its usual value.</summary>
    /// <exception cref="InvalidInputException">There is no such policy or parameter, or a value is out of range.</exception>
    public static IConsolidationPolicy Create(string word)
    {
        string[] parts = word.Split(':', 2);
        PolicyEntry entry = Entries.FirstOrDefault(e => e.Name == parts[0]) ?? throw InvalidInputException.Because(
            $"There is no policy ({parts[0]}).", $"one of these was meant: {string.Join(", ", Entries.Select(Usage))}.");
        if (parts.Length == 2 && entry.Parameters.Count == 0)
            throw InvalidInputException.Because($"The policy ({entry.Name}) takes no parameter; found ({parts[1]}).", "leave it out.");
        Dictionary<string, double> values = entry.Parameters.ToDictionary(p => p.Name, p => p.Usual, StringComparer.Ordinal);
        foreach (string part in parts.Length == 2 ? parts[1].Split(',') : [])
        {
            string[] pair = part.Contains('=', StringComparison.Ordinal) ? part.Split('=', 2) : [entry.Parameters[0].Name, part];
            PolicyParameter parameter = entry.Parameters.FirstOrDefault(p => p.Name == pair[0]) ?? throw InvalidInputException.Because(
                $"The policy ({entry.Name}) has no parameter ({pair[0]}).",
                $"one of these was meant: {string.Join(", ", entry.Parameters.Select(p => p.Name))}.");
            values[parameter.Name] = parameter.Parse(pair[1], entry);
        }

        return entry.Create(new PolicyValues(values));
    }

    /// <summary>How a policy is asked for.</summary>
    public static string Usage(PolicyEntry entry) =>
        entry.Parameters is [var only] ? string.Create(CultureInfo.InvariantCulture, $"{entry.Name}:{only.Usual}") : entry.Name;

    private static PolicyParameter P(double usual) => new("P", usual, "safety of the rule");

    private static PolicyParameter[] PlanningParameters() =>
    [
        new("risk", Planning.Risk, "share of time in which a host that gets VMs may be asked for more than it has"),
        new("tolerance", Planning.Tolerance, "share of time above which a host gives a VM away"),
        new("reserve", Planning.Reserve, "share of each host's CPU that is left free on top when it gets VMs", Zero: true),
        new("window", Planning.Window, "steps of the past from which demand is foreseen; 0 plans with the demand of the moment", Zero: true, Whole: true),
        new("forecast", 0, "off is the same as window=0: what foresight is worth shows", Words: Switch),
        new("forecaster", 0, "what foresees demand: the past as it was, or a forecaster of virtopt forecast", Words: Forecasters),
        new("every", Planning.Every, "steps from one re-packing to the next", Whole: true),
        new("price", Planning.Price, "watts that a migration of a re-packing has to save", Zero: true),
        new("work", Planning.Work, "work of the engine on a re-packing"),
        new("seed", Planning.Seed, "seed of the engine and of scenarios", Zero: true, Whole: true),
    ];

    private static PlannedConsolidation Planned(PolicyValues values) => new(new PlanningSettings
    {
        Risk = values["risk"],
        Tolerance = values["tolerance"],
        Reserve = values["reserve"],
        Window = Switch[values.Whole("forecast")] == "off" ? 0 : values.Whole("window"),
        Forecaster = values.Whole("forecaster") is > 0 and int known ? Forecasters[known] : null,
        Every = values.Whole("every"),
        Price = values["price"],
        Work = values["work"],
        Seed = values.Whole("seed"),
    });
}
