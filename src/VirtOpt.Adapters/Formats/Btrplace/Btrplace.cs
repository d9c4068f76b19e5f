namespace VirtOpt;

/// <summary>Instances of BtrPlace (Hermenier, Lawall, Muller, IEEE TDSC 2013): a mapping of VMs to nodes, resources, and what is to hold in the end.</summary>
/// <remarks>
/// Everything is said in words of the catalogues; the page <c>Btrplace.md</c> says how. VMs and hosts have the numbers of the file as names. The objective is
/// the fewest migrations; that the plan is short is for the planner.
/// </remarks>
public sealed class Btrplace : IProblemFormat
{
    /// <summary>Value of <see cref="Name"/>.</summary>
    internal const string FormatName = "btrplace";

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public string Summary => "Instances of BtrPlace: mapping, resources, durations and constraints; the objective is the fewest migrations.";

    /// <inheritdoc/>
    public string Usage => "one JSON file; the solution is JSON with the mapping in the end";

    /// <inheritdoc/>
    public bool NamesAreNumbers => true;

    /// <inheritdoc/>
    public bool Recognises(FormatProbe probe) => probe.IsJson && probe.Head.Contains("\"model\"", StringComparison.Ordinal)
        && (probe.Head.Contains("\"mapping\"", StringComparison.Ordinal) || probe.Head.Contains($"\"{BtrplaceResource.ViewName}\"", StringComparison.Ordinal));

    /// <inheritdoc/>
    public LoadedProblem Read(IReadOnlyList<string> paths, PolicyOverrides? overrides = null)
    {
        (ClusterSnapshot cluster, Policy own, PlanSettings plan) = BtrplaceReader.Read(Files.Single(paths, Name));
        return new LoadedProblem((overrides?.ApplyTo(own, cluster) ?? own).For(cluster), this, paths, plan);
    }

    /// <summary>What the attributes of VMs and nodes say about durations.</summary>
    public PlanSettings PlanDefaults(LoadedProblem problem) => (PlanSettings)problem.Source!;

    /// <inheritdoc/>
    public void WriteSolution(LoadedProblem problem, PlacementSolution solution, MigrationPlan plan, Stream stream)
    {
        using JsonOutput json = new(stream);
        json.Object("mapping", () => BtrplaceWriter.Mapping(json, problem.Problem.Cluster, FinalPlacement.Of(solution, plan)));
    }

    /// <inheritdoc/>
    public Placement ReadSolution(LoadedProblem problem, string path) => BtrplaceSolution.Read(problem.Problem.Cluster, path);

    /// <inheritdoc/>
    public void WriteProblem(PlacementProblem problem, IReadOnlyList<string> paths)
    {
        BtrplaceWriter writer = new(problem);
        Files.Write(Files.Single(paths, Name), writer.Write);
    }
}
