namespace VirtOpt;

/// <summary>To be written.</summary>
public sealed class VirtOptJson : IProblemFormat
{
    /// <inheritdoc/>
    public string Name => "virtopt";

    /// <inheritdoc/>
    public string Summary => "";

    /// <inheritdoc/>
    public string Usage => "";

    /// <inheritdoc/>
    public bool Recognises(FormatProbe probe) => false;

    /// <inheritdoc/>
    public LoadedProblem Read(IReadOnlyList<string> paths, PolicyOverrides? overrides = null) => throw new InvalidInputException("The format is not ready.");

    /// <inheritdoc/>
    public void WriteSolution(LoadedProblem problem, PlacementSolution solution, MigrationPlan plan, Stream stream) => throw new InvalidInputException("The format is not ready.");

    /// <inheritdoc/>
    public Placement ReadSolution(LoadedProblem problem, string path) => throw new InvalidInputException("The format is not ready.");

    /// <inheritdoc/>
    public void WriteProblem(PlacementProblem problem, IReadOnlyList<string> paths) => throw new InvalidInputException("The format is not ready.");
}
