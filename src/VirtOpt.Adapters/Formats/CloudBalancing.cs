namespace VirtOpt;

/// <summary>
/// The "cloud balancing" example of OptaPlanner: assign processes to computers within CPU power, memory and network bandwidth; each computer in
/// use costs its price once. Amounts have no unit of their own (<c>unit</c>); nothing is placed at the start unless <c>computer</c> is filled.
/// </summary>
/// <remarks>
/// The objective is the positive cost; the files' soft score is its negative. The solution is the input document with every <c>computer</c> filled
/// with a computer's id and everything else as it was.
/// </remarks>
public sealed class CloudBalancing : IProblemFormat
{
    /// <inheritdoc/>
    public string Name => "cloudbalancing";

    /// <inheritdoc/>
    public string Summary => "OptaPlanner's cloud balancing; the objective is the cost of the computers in use.";

    /// <inheritdoc/>
    public string Usage => "one JSON file; the solution is the same document with every computer filled in";

    /// <inheritdoc/>
    public bool Recognises(FormatProbe probe) => probe.IsJson && probe.Head.Contains("\"computerList\"", StringComparison.Ordinal);

    /// <inheritdoc/>
    public LoadedProblem Read(IReadOnlyList<string> paths, PolicyOverrides? overrides = null)
    {
        CloudBalancingReader reader = CloudBalancingReader.Read(Files.Single(paths, Name));
        Policy own = new([], [new HostPrice()]);
        return new LoadedProblem((overrides?.ApplyTo(own, reader.Cluster) ?? own).For(reader.Cluster), this, paths);
    }

    /// <inheritdoc/>
    public void WriteSolution(LoadedProblem problem, PlacementSolution solution, MigrationPlan plan, Stream stream)
    {
        CloudBalancingDocument.Fill(problem.Paths[0], problem.Problem.Cluster, FinalPlacement.Of(solution, plan), stream);
    }

    /// <inheritdoc/>
    public Placement ReadSolution(LoadedProblem problem, string path)
    {
        ClusterSnapshot cluster = problem.Problem.Cluster;
        ClusterSnapshot solved = CloudBalancingReader.Read(path).Cluster;
        Place[] places = [.. Enumerable.Repeat(Placement.Nowhere, cluster.Vms.Count)];
        foreach (VirtualMachine vm in solved.Vms)
        {
            if (!cluster.TryVmNamed(vm.Name, out VmId id))
                throw InvalidInputException.Because($"{path}: there is no process ({vm.Name}) in the problem.", "the solution belongs to another problem.");
            if (vm.Start is not { } start) continue;
            if (!cluster.TryHostNamed(solved[start.Host].Name, out HostId host))
                throw InvalidInputException.Because(
                    $"{path}: there is no computer ({solved[start.Host]}) in the problem.", "the solution belongs to another problem.");
            places[id.Index] = new Place(host);
        }

        return new Placement(places);
    }

    /// <inheritdoc/>
    public void WriteProblem(PlacementProblem problem, IReadOnlyList<string> paths) =>
        throw InvalidInputException.Because($"The format ({Name}) holds too little to write problems in.", $"({VirtOptJson.FormatName}) was meant.");

    /// <summary><c>softScore</c>: the score that users of the example compare, the negative cost.</summary>
    public IReadOnlyDictionary<string, double> Figures(LoadedProblem problem, Placement placement) =>
        new Dictionary<string, double> { ["softScore"] = -new HostPrice().Value(new PlacementView(problem.Problem.Cluster, placement)) };
}
