namespace VirtOpt.Cli.Benchmarking;

/// <summary>Problems to solve again and again, with seeds and time limits. The page benchmarks/suites/README.md describes the file.</summary>
/// <param name="Name">Name of the suite; the files of its ledger begin with it.</param>
/// <param name="About">What the suite is for, in a few sentences; may be empty.</param>
/// <param name="Sources">Where the results of peers are published, by name of the peer.</param>
/// <param name="Cases">The problems.</param>
internal sealed record Suite(string Name, string About, IReadOnlyDictionary<string, string> Sources, IReadOnlyList<SuiteCase> Cases);

/// <summary>One problem of a suite: an instance with what is asked of it.</summary>
internal sealed record SuiteCase
{
    /// <summary>Name of the instance.</summary>
    public required string Instance { get; init; }

    /// <summary>What is asked for, in words; with the instance it names the case.</summary>
    public required string Setting { get; init; }

    /// <summary>Files of the problem, relative to the data folder or to the suite; empty if it is generated.</summary>
    public IReadOnlyList<string> Input { get; init; } = [];

    /// <summary>The cluster to make; null if it is read.</summary>
    public GeneratorOptions? Generate { get; init; }

    /// <summary>Format of the files; null to detect it.</summary>
    public string? Format { get; init; }

    /// <summary>What to ask for instead of, or beside, what the files ask for. The path of a policy file is complete.</summary>
    public PolicyOverrides Overrides { get; init; } = new();

    /// <summary>Seeds of the solves.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [];

    /// <summary>Time limits of the solves, in seconds.</summary>
    public IReadOnlyList<long> TimeLimits { get; init; } = [];

    /// <summary>Threads of each solve; null for all cores.</summary>
    public long? Threads { get; init; }

    /// <summary>Figure of the format that peers are compared by, instead of the objective; null for the objective.</summary>
    public string? Figure { get; init; }

    /// <summary>A published result; null if there is none.</summary>
    public Peer? Peer { get; init; }
}

/// <summary>A published result to compare with.</summary>
/// <param name="Name">Who reached it.</param>
/// <param name="Value">The objective, or the figure, that was reached.</param>
/// <param name="Initial">Value of the start, above 0, which the score divides by; null for no score.</param>
internal sealed record Peer(string Name, double Value, double? Initial)
{
    /// <summary>
    /// Score of the ROADEF/EURO challenge: how much worse than the peer, in per cent of the value of the start; below 0 if better. Null without
    /// a start or a value.
    /// </summary>
    /// <param name="value">The objective, or the figure, to compare; null without a placement.</param>
    public double? Score(double? value) => 100 * (value - Value) / Initial;
}
