using CsvHelper;

namespace VirtOpt;

/// <summary>Two CSV files, hosts and VMs, for people with a spreadsheet; the page is <c>CsvPair.md</c> beside this file.</summary>
/// <remarks>
/// The headers say everything: a column <c>cpu [millicore]</c> is a dimension with its unit. The files ask for the cheapest set of hosts, then for
/// little memory moved. The solution is a CSV file with the columns <c>vm</c> and <c>host</c>. NUMA nodes and GPUs are left to the virtopt format.
/// </remarks>
public sealed class CsvPair : IProblemFormat
{
    /// <inheritdoc/>
    public string Name => "csv";

    /// <inheritdoc/>
    public string Summary => "Two CSV files, hosts and VMs, as a spreadsheet saves them.";

    /// <inheritdoc/>
    public string Usage => "two CSV files, hosts then VMs; the solution is CSV with the columns vm, host";

    /// <inheritdoc/>
    public bool Recognises(FormatProbe probe)
    {
        string header = probe.Head.AsSpan().TrimStart().ToString().Split('\n')[0];
        bool named = header.Contains("name", StringComparison.Ordinal) && header.Contains('[', StringComparison.Ordinal);
        return named && !probe.IsJson && header.AsSpan().ContainsAny(",;\t");
    }

    /// <inheritdoc/>
    public LoadedProblem Read(IReadOnlyList<string> paths, PolicyOverrides? overrides = null)
    {
        if (paths.Count != 2)
            throw InvalidInputException.Because(
                $"The format ({Name}) takes two files, hosts and VMs; found {paths.Count}.", "the file of the VMs was left out.");
        ClusterSnapshot cluster = CsvReading.Read(paths[0], paths[1]);
        Policy own = CsvReading.OwnPolicy(cluster);
        return new LoadedProblem((overrides?.ApplyTo(own, cluster) ?? own).For(cluster), this, paths);
    }

    /// <inheritdoc/>
    public void WriteSolution(LoadedProblem problem, PlacementSolution solution, MigrationPlan plan, Stream stream)
    {
        Placement placement = FinalPlacement.Of(solution, plan);
        ClusterSnapshot cluster = problem.Problem.Cluster;
        using CsvWriter csv = CsvWriting.Open(stream);
        CsvWriting.Row(csv, [CsvColumns.Vm, CsvColumns.Host]);
        for (int v = 0; v < placement.Count; v++)
        {
            Place place = placement[new VmId(v)];
            CsvWriting.Row(csv, [cluster.Vms[v].Name, place == Placement.Nowhere ? "" : cluster[place.Host].Name]);
        }
    }

    /// <inheritdoc/>
    public Placement ReadSolution(LoadedProblem problem, string path) => CsvReading.ReadSolution(problem.Problem.Cluster, path);

    /// <inheritdoc/>
    public void WriteProblem(PlacementProblem problem, IReadOnlyList<string> paths)
    {
        if (paths.Count != 2)
            throw InvalidInputException.Because(
                $"The format ({Name}) writes two files, hosts and VMs; found {paths.Count} names.", "the name of the second file was left out.");
        CsvWriting.Refuse(problem);
        Files.Write(paths[0], stream => CsvWriting.Hosts(problem.Cluster, stream));
        Files.Write(paths[1], stream => CsvWriting.Vms(problem, stream));
    }
}
