namespace VirtOpt.Cli.Benchmarking;

/// <summary>Finds, reads and makes the problems of a suite.</summary>
/// <param name="suite">File of the suite; inputs may lie in its folder.</param>
/// <param name="data">Folder that inputs are looked for in first; null for none.</param>
internal sealed class SuiteData(string suite, string? data)
{
    private readonly string[] folders = [.. ((string?[])[data, Path.GetDirectoryName(Path.GetFullPath(suite))]).OfType<string>()];

    /// <summary>Why a case cannot be run here; null if it can.</summary>
    public string? WhyNot(SuiteCase item)
    {
        string? missing = item.Input.FirstOrDefault(file => Find(file) is null);
        if (missing is null) return null;
        return data is null
            ? $"{missing} is not beside the suite; --data DIR names the folder of public data"
            : $"{missing} is neither in {data} nor beside the suite";
    }

    /// <summary>The problem of a case that can be run.</summary>
    /// <exception cref="InvalidInputException">A file cannot be read or makes no sense, or the cluster cannot be made.</exception>
    public LoadedProblem Load(SuiteCase item)
    {
        if (item.Generate is not { } options)
            return FormatCatalogue.Load([.. item.Input.Select(file => Find(file) ?? file)], item.Format, item.Overrides);
        PlacementProblem made = ClusterGenerator.Generate(options);
        Policy policy = item.Overrides.ApplyTo(new Policy(made.Constraints, made.Objectives), made.Cluster);
        return new LoadedProblem(policy.For(made.Cluster), FormatCatalogue.Named(VirtOptJson.FormatName), []);
    }

    private string? Find(string file) => folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
}
