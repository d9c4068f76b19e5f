namespace VirtOpt;

/// <summary>
/// VirtOpt's own JSON: everything that a problem can say, in one file, versioned; described by <c>virtopt.schema.json</c>. The sections come in a
/// fixed order so that files of any size are read in one pass.
/// </summary>
public sealed class VirtOptJson : IProblemFormat
{
    /// <summary>Value of the field <c>format</c>.</summary>
    internal const string FormatName = "virtopt";

    /// <summary>The version that is written, and the only one that is read.</summary>
    internal const int Version = 1;

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public string Summary => "VirtOpt's own JSON with everything a problem can say.";

    /// <inheritdoc/>
    public string Usage => "one JSON file; the solution is JSON with placement, status, bound and the migrations in waves";

    /// <inheritdoc/>
    public bool Recognises(FormatProbe probe) => probe.IsJson && probe.Head.Contains("\"format\"", StringComparison.Ordinal)
        && probe.Head.Contains($"\"{FormatName}\"", StringComparison.Ordinal);

    /// <inheritdoc/>
    public LoadedProblem Read(IReadOnlyList<string> paths, PolicyOverrides? overrides = null)
    {
        (ClusterSnapshot cluster, Policy own) = VirtOptReader.Read(Files.Single(paths, Name));
        return new LoadedProblem((overrides?.ApplyTo(own, cluster) ?? own).For(cluster), this, paths);
    }

    /// <inheritdoc/>
    public void WriteSolution(LoadedProblem problem, PlacementSolution solution, MigrationPlan plan, Stream stream) =>
        SolutionJson.Write(problem.Problem.Cluster, solution, plan, stream);

    /// <inheritdoc/>
    public Placement ReadSolution(LoadedProblem problem, string path) => SolutionJson.Read(problem.Problem.Cluster, path);

    /// <inheritdoc/>
    public void WriteProblem(PlacementProblem problem, IReadOnlyList<string> paths) =>
        Files.Write(Files.Single(paths, Name), stream => VirtOptWriter.Write(problem, stream));
}
