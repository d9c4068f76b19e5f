namespace VirtOpt;

/// <summary>A problem with where it came from, so that its result can be written in the same format.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Format">The format that it was read by.</param>
/// <param name="Paths">The files that it was read from.</param>
/// <param name="Source">What the format keeps of them; null if it needs nothing.</param>
public sealed record LoadedProblem(PlacementProblem Problem, IProblemFormat Format, IReadOnlyList<string> Paths, object? Source = null)
{
    /// <summary>Writes the result of a solve into a file, whole or not at all.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written, or the format cannot say the result.</exception>
    public void SaveSolution(string path, PlacementSolution solution, MigrationPlan plan) =>
        Files.Write(path, stream => Format.WriteSolution(this, solution, plan, stream));

    /// <summary>Reads a solution file of the same format.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read or belongs to another problem.</exception>
    public Placement ReadSolution(string path) => Format.ReadSolution(this, path);

    /// <summary>What the files say about durations and limits of plans; the defaults if they say nothing.</summary>
    public PlanSettings PlanDefaults => Format.PlanDefaults(this);

    /// <summary>Figures by which the users of the format judge a placement, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures(Placement placement) => Format.Figures(this, placement);
}
