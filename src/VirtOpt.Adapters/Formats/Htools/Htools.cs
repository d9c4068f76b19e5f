namespace VirtOpt;

/// <summary>
/// Cluster states of Ganeti's htools (text backend, <c>hbal -t FILE</c>): nodes are hosts, instances VMs, exclusion tags soft anti-affinity. The page is
/// <c>datasets/htools/DATASET.md</c>.
/// </summary>
/// <remarks>
/// The objectives follow hbal's cluster score near the place where they lead; the score itself, a sum of standard deviations, is a figure. The solution is
/// the whole file with new primary nodes, free memory and free disk. The secondary nodes of DRBD instances stay.
/// </remarks>
public sealed class Htools : IProblemFormat
{
    private static readonly string[] Roles = ["N", "M", "Y"];

    /// <inheritdoc/>
    public string Name => "htools";

    /// <inheritdoc/>
    public string Summary => "Cluster states of Ganeti's htools (hbal -t); the figure is hbal's cluster score.";

    /// <inheritdoc/>
    public string Usage => "one text file; the solution is the same file with the new primary nodes, which hbal -t reads";

    /// <summary>The first line is a group and the line after the first empty one is a node, by their number of columns.</summary>
    public bool Recognises(FormatProbe probe)
    {
        string[] lines = probe.Head.Split('\n');
        int gap = Array.FindIndex(lines, line => line.TrimEnd('\r').Length == 0);
        if (probe.FileCount != 1 || gap < 1 || gap + 1 >= lines.Length) return false;
        string[] node = lines[gap + 1].Split('|');
        return lines[0].Split('|').Length is 4 or 5 && node.Length is >= HtoolsNode.FewestColumns and <= HtoolsNode.MostColumns
            && Roles.Contains(node[HtoolsNode.RoleColumn]);
    }

    /// <inheritdoc/>
    public LoadedProblem Read(IReadOnlyList<string> paths, PolicyOverrides? overrides = null)
    {
        HtoolsFile file = HtoolsReader.Read(Files.Single(paths, Name));
        ClusterSnapshot cluster = HtoolsCluster.Of(file);
        Policy own = HtoolsPolicy.Of(file, cluster);
        return new LoadedProblem((overrides?.ApplyTo(own, cluster) ?? own).For(cluster), this, paths, file);
    }

    /// <inheritdoc/>
    public void WriteSolution(LoadedProblem problem, PlacementSolution solution, MigrationPlan plan, Stream stream) =>
        HtoolsWriter.Write((HtoolsFile)problem.Source!, Primaries(FinalPlacement.Of(solution, plan)), stream);

    /// <inheritdoc/>
    public Placement ReadSolution(LoadedProblem problem, string path)
    {
        ClusterSnapshot cluster = problem.Problem.Cluster;
        HtoolsFile file = HtoolsReader.Read(path);
        Place[] places = [.. Enumerable.Repeat(Placement.Nowhere, cluster.Vms.Count)];
        foreach (HtoolsInstance instance in file.Instances)
        {
            string node = file.Nodes[instance.Primary].Name;
            if (!cluster.TryVmNamed(instance.Name, out VmId vm) || !cluster.TryHostNamed(node, out HostId host))
                throw file.Refuse(instance.Line, $"instance ({instance.Name}) on node ({node}) is not of the problem", "it belongs to another state.");
            places[vm.Index] = new Place(host);
        }

        return new Placement(places);
    }

    /// <inheritdoc/>
    public void WriteProblem(PlacementProblem problem, IReadOnlyList<string> paths) =>
        throw InvalidInputException.Because($"The format ({Name}) holds too little to write problems in.", $"({VirtOptJson.FormatName}) was meant.");

    /// <summary>
    /// <c>hbalScore</c> as hbal 3.0 counts it and <c>hbalScoreAtStart</c>; of its parts <c>tagConflicts</c> (pri_tags_score) and
    /// <c>failN1</c> (n1_cnt).
    /// </summary>
    public IReadOnlyDictionary<string, double> Figures(LoadedProblem problem, Placement placement)
    {
        HtoolsFile file = (HtoolsFile)problem.Source!;
        HtoolsScore score = HtoolsScore.Of(file, Primaries(placement));
        return new Dictionary<string, double>
        {
            ["hbalScore"] = score.Total,
            ["hbalScoreAtStart"] = HtoolsScore.Of(file, [.. file.Instances.Select(i => i.Primary)]).Total,
            ["tagConflicts"] = score.TagConflicts,
            ["failN1"] = score.FailN1,
        };
    }

    private static int[] Primaries(Placement placement) => [.. placement.Places.ToArray().Select(place => place.Host.Index)];
}
