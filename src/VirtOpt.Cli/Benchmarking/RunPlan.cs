using System.IO.Enumeration;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>A run that a suite asks for.</summary>
/// <param name="Suite">Name of the suite.</param>
/// <param name="Case">The problem.</param>
/// <param name="Key">How to solve it.</param>
internal sealed record PlannedRun(string Suite, SuiteCase Case, RunKey Key);

/// <summary>What to run of a suite, and how, instead of what the suite says. Null and empty leave it as it is.</summary>
internal sealed record RunChoice
{
    /// <summary>Names of instances; * and ? stand for any characters and for any one.</summary>
    public IReadOnlyList<string> Instances { get; init; } = [];

    /// <summary>Seeds in place of the suite's.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [];

    /// <summary>Time limits in seconds in place of the suite's.</summary>
    public IReadOnlyList<long> TimeLimits { get; init; } = [];

    /// <summary>Threads in place of the suite's.</summary>
    public long? Threads { get; init; }

    /// <summary>The cases of a suite that are meant.</summary>
    /// <exception cref="InvalidInputException">A name matches none.</exception>
    public IReadOnlyList<SuiteCase> CasesOf(Suite suite)
    {
        foreach (string name in Instances)
            if (!suite.Cases.Any(c => Matches(name, c)))
                throw InvalidInputException.Because(
                    $"The value ({name}) of --instance matches no instance of the suite ({suite.Name}).",
                    JsonFields.Advice(name, suite.Cases.Select(c => c.Instance).Distinct()));
        return [.. suite.Cases.Where(c => Instances.Count == 0 || Instances.Any(name => Matches(name, c)))];
    }

    /// <summary>The runs of a case.</summary>
    public IEnumerable<PlannedRun> RunsOf(Suite suite, SuiteCase item) =>
        from limit in TimeLimits.Count > 0 ? TimeLimits : item.TimeLimits
        from seed in Seeds.Count > 0 ? Seeds : item.Seeds
        select new PlannedRun(suite.Name, item, new RunKey(item.Instance, item.Setting, seed, limit, Threads ?? item.Threads ?? Environment.ProcessorCount));

    private static bool Matches(string name, SuiteCase item) => FileSystemName.MatchesSimpleExpression(name, item.Instance, ignoreCase: false);
}
