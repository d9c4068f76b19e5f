using System.Globalization;

namespace VirtOpt.Simulation;

/// <summary>A policy that can be asked for by name.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Parameter">Its parameter as the experiment sets it; null if it takes none.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Create">Makes it from its parameter.</param>
public sealed record PolicyEntry(string Name, double? Parameter, string Summary, Func<double, IConsolidationPolicy> Create);

/// <summary>All policies, one line each.</summary>
public static class PolicyCatalogue
{
    /// <summary>The policies.</summary>
    public static IReadOnlyList<PolicyEntry> Entries { get; } =
    [
        new("none", null, "no migrations", _ => new NoMigration()),
        new("thr-mmt", 0.8, "overloaded above a fixed share P; least memory migrates first", p => new DetectAndMove(new ThresholdRule(p))),
        new("iqr-mmt", 1.5, "overloaded above 1 - P x interquartile range", p => new DetectAndMove(new InterquartileRule(p))),
        new("mad-mmt", 2.5, "overloaded above 1 - P x median absolute deviation", p => new DetectAndMove(new MedianDeviationRule(p))),
        new("lr-mmt", 1.2, "overloaded if P x the prediction by local regression reaches 1", p => new DetectAndMove(new LocalRegressionRule(p))),
    ];

    /// <summary>Makes the policy of a word such as <c>lr-mmt:1.2</c>; without a parameter it gets that of the experiment.</summary>
    /// <exception cref="InvalidInputException">The name is unknown, or the parameter is not a number above 0, or one is given where none is taken.</exception>
    public static IConsolidationPolicy Create(string word)
    {
        string[] parts = word.Split(':', 2);
        PolicyEntry entry = Entries.FirstOrDefault(e => e.Name == parts[0]) ?? throw InvalidInputException.Because(
            $"There is no policy ({parts[0]}).", $"one of these was meant: {string.Join(", ", Entries.Select(Usage))}.");
        if (parts.Length == 1) return entry.Create(entry.Parameter ?? 0);
        if (entry.Parameter is null)
            throw InvalidInputException.Because($"The policy ({entry.Name}) takes no parameter; found ({parts[1]}).",
                "leave it out.");
        return double.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value > 0
            ? entry.Create(value)
            : throw InvalidInputException.Because(
                $"The parameter ({parts[1]}) of the policy ({entry.Name}) is not a number above 0.", $"write {Usage(entry)}.");
    }

    /// <summary>How a policy is asked for.</summary>
    public static string Usage(PolicyEntry entry) =>
        entry.Parameter is { } value ? string.Create(CultureInfo.InvariantCulture, $"{entry.Name}:{value}") : entry.Name;
}
