using System.Globalization;
using System.Text;

namespace VirtOpt;

/// <summary>
/// Instances of the ROADEF/EURO challenge 2012 (machine reassignment, subject set by Google): processes are VMs <c>p0</c> .., machines hosts
/// <c>m0</c> .., services groups <c>s0</c> .. . The page is <c>datasets/roadef2012/DATASET.md</c>.
/// </summary>
/// <remarks>
/// Everything is said in words of the catalogues: transient dimensions, anti-affinity, spread over locations, dependency by neighbourhood; safety
/// load, balanced room, migration cost, largest group moves and host-to-host cost in one level with the weights of the file. The solution is the
/// host number of each process on one line, as the challenge's checker reads it.
/// </remarks>
public sealed class Roadef : IProblemFormat
{
    private const int TokensLookedAt = 20;

    /// <inheritdoc/>
    public string Name => "roadef";

    /// <inheritdoc/>
    public string Summary => "Machine reassignment instances of the ROADEF/EURO challenge 2012 (Google).";

    /// <inheritdoc/>
    public string Usage => "two files of numbers, model then assignment; the solution is the machine of each process on one line";

    /// <inheritdoc/>
    public bool Recognises(FormatProbe probe)
    {
        string[] tokens = probe.Head.Split((char[]?)null, TokensLookedAt + 1, StringSplitOptions.RemoveEmptyEntries);
        return probe.FileCount == 2 && tokens.Length > 0 && tokens.Take(TokensLookedAt).All(t => t.All(char.IsAsciiDigit));
    }

    /// <inheritdoc/>
    public LoadedProblem Read(IReadOnlyList<string> paths, PolicyOverrides? overrides = null)
    {
        if (paths.Count != 2)
            throw InvalidInputException.Because(
                $"The format ({Name}) takes two files, model and assignment; found {paths.Count}.", "the assignment was left out.");
        (ClusterSnapshot cluster, Policy own) = RoadefReader.Read(paths[0], paths[1]);
        return new LoadedProblem((overrides?.ApplyTo(own, cluster) ?? own).For(cluster), this, paths, own);
    }

    /// <summary>The challenge knows no order of moves: the placement itself is written, whatever the plan reaches.</summary>
    /// <inheritdoc/>
    public void WriteSolution(LoadedProblem problem, PlacementSolution solution, MigrationPlan plan, Stream stream)
    {
        if (solution.Placement is not { } placement)
            throw InvalidInputException.Because(
                $"There is no placement to write; the status is ({solution.Status}).", "the limits are too tight, or more time is needed.");
        using StreamWriter text = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        for (int vm = 0; vm < placement.Count; vm++)
        {
            if (vm > 0) text.Write(' ');
            text.Write(placement[new VmId(vm)].Host.Index.ToString(CultureInfo.InvariantCulture));
        }

        text.Write('\n');
    }

    /// <inheritdoc/>
    public Placement ReadSolution(LoadedProblem problem, string path)
    {
        ClusterSnapshot cluster = problem.Problem.Cluster;
        List<int> assignment = RoadefReader.Assignment(path, cluster.Hosts.Count);
        if (assignment.Count != cluster.Vms.Count)
            throw InvalidInputException.Because(
                $"{path}: the assignment has {assignment.Count} numbers; expected one for each of {cluster.Vms.Count} processes.",
                "it belongs to another instance.");
        return new Placement([.. assignment.Select(host => new Place(new HostId(host)))]);
    }

    /// <inheritdoc/>
    public void WriteProblem(PlacementProblem problem, IReadOnlyList<string> paths) =>
        throw InvalidInputException.Because($"The format ({Name}) holds too little to write problems in.", $"({VirtOptJson.FormatName}) was meant.");

    /// <summary><c>objective</c> as the challenge counts it, whatever else is asked for, and its weighted terms.</summary>
    public IReadOnlyDictionary<string, double> Figures(LoadedProblem problem, Placement placement)
    {
        PlacementView view = new(problem.Problem.Cluster, placement);
        ILookup<string, long> costs = ((Policy)problem.Source!).Objectives.ToLookup(TermOf, o => o.Weight * o.Value(view));
        return new Dictionary<string, double>
        {
            ["objective"] = costs.Sum(c => c.Sum()),
            ["load"] = costs["load"].Sum(),
            ["balance"] = costs["balance"].Sum(),
            ["process"] = costs["process"].Sum(),
            ["service"] = costs["service"].Sum(),
            ["machine"] = costs["machine"].Sum(),
        };
    }

    private static string TermOf(Objective objective) => objective switch
    {
        SafetyLoad => "load",
        BalancedRoom => "balance",
        Migrations => "process",
        LargestGroupMoves => "service",
        _ => "machine",
    };
}
