namespace VirtOpt;

/// <summary>A file format that problems are read from and results are written to.</summary>
/// <remarks>A new format is one class with a page of its own and one line in <see cref="FormatCatalogue"/>.</remarks>
public interface IProblemFormat
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>What the format is for, in one sentence.</summary>
    string Summary { get; }

    /// <summary>The files that it takes and what it writes as solution, in words.</summary>
    string Usage { get; }

    /// <summary>Whether the beginning of a file looks like this format.</summary>
    bool Recognises(FormatProbe probe);

    /// <summary>Reads a problem.</summary>
    /// <param name="paths">The files, as <see cref="Usage"/> says.</param>
    /// <param name="overrides">What to ask for instead of, or beside, what the files ask for; null for just that.</param>
    /// <exception cref="InvalidInputException">A file cannot be read or makes no sense; the message names file, place, value and expectation.</exception>
    LoadedProblem Read(IReadOnlyList<string> paths, PolicyOverrides? overrides = null);

    /// <summary>Writes the result of a solve.</summary>
    /// <param name="problem">What <see cref="Read"/> gave.</param>
    /// <param name="solution">The result.</param>
    /// <param name="plan">The way from the start to its placement.</param>
    /// <param name="stream">Where to; stays open.</param>
    /// <exception cref="InvalidInputException">The format cannot say it, for example a result without a placement.</exception>
    void WriteSolution(LoadedProblem problem, PlacementSolution solution, MigrationPlan plan, Stream stream);

    /// <summary>Reads a solution file of this format back.</summary>
    /// <param name="problem">The problem that it solves.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or speaks of VMs or hosts that the problem does not have.</exception>
    Placement ReadSolution(LoadedProblem problem, string path);

    /// <summary>Writes a problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="paths">The files, as <see cref="Usage"/> says.</param>
    /// <exception cref="InvalidInputException">The format cannot hold problems of this kind, or a file cannot be written.</exception>
    void WriteProblem(PlacementProblem problem, IReadOnlyList<string> paths);

    /// <summary>What the files say about durations and limits of plans; the defaults if they say nothing.</summary>
    PlanSettings PlanDefaults(LoadedProblem problem) => new();

    /// <summary>True if VMs and hosts are called by numbers, so that plans write them as numbers too.</summary>
    bool NamesAreNumbers => false;

    /// <summary>Figures by which the users of the format judge a placement, by name; empty if there are none.</summary>
    IReadOnlyDictionary<string, double> Figures(LoadedProblem problem, Placement placement) => new Dictionary<string, double>();
}

/// <summary>What <see cref="IProblemFormat.Recognises"/> looks at.</summary>
/// <param name="Path">The first file.</param>
/// <param name="Head">Its first characters, unpacked; the whole of a short file.</param>
/// <param name="FileCount">Number of files given.</param>
public sealed record FormatProbe(string Path, string Head, int FileCount)
{
    /// <summary>True if the text begins as a JSON object.</summary>
    public bool IsJson => Head.AsSpan().TrimStart().StartsWith("{");
}
