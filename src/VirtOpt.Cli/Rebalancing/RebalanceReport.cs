using VirtOpt.Cli.Explaining;

namespace VirtOpt.Cli.Rebalancing;

/// <summary>Load of a host in one dimension.</summary>
/// <param name="Host">The host.</param>
/// <param name="Dimension">The dimension.</param>
/// <param name="Usable">What VMs may use.</param>
/// <param name="Before">Load before the run.</param>
/// <param name="Promised">Load that the placement promises.</param>
/// <param name="After">Load that was measured after the run; null if nothing was done.</param>
internal sealed record HostLoad(string Host, string Dimension, long Usable, long Before, long Promised, long? After);

/// <summary>A rebalance from what was read to what was found afterwards.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Problem">What was read.</param>
/// <param name="Solution">The placement.</param>
internal sealed record RebalanceReport(string Run, PlacementProblem Problem, PlacementSolution Solution)
{
    private const int MostReasons = 200;

    /// <summary>True if nothing was to be done.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>The plan; null without a placement.</summary>
    public TimedPlan? Plan { get; init; }

    /// <summary>What became of the plan; null without one.</summary>
    public ExecutionReport? Execution { get; init; }

    /// <summary>What became of the way back; null if it was not taken.</summary>
    public ExecutionReport? Back { get; init; }

    /// <summary>The cluster as it was read after the run; null if nothing was done.</summary>
    public ClusterSnapshot? After { get; init; }

    /// <summary>What the placement is worth at the start, and as it is planned.</summary>
    public (CheckReport Start, CheckReport Planned)? Worth => Plan is null ? null
        : (PlacementChecker.Check(Problem, Placement.StartOf(Problem.Cluster)), PlacementChecker.Check(Problem, Plan.Reached));

    /// <summary>Why each VM moves.</summary>
    public IReadOnlyList<MoveReason> Reasons => Plan is null ? [] : new Explanation(Problem, Plan.Reached).Reasons(MostReasons, CancellationToken.None);

    /// <summary>VMs that are not where the plan wants them after the run, each with where it is.</summary>
    public IReadOnlyList<string> Strayed
    {
        get
        {
            if (After is null || Plan is null) return [];
            List<string> strayed = [];
            foreach (VmId vm in Problem.Cluster.AllVms.Members)
            {
                string name = Problem.Cluster[vm].Name;
                string wanted = Problem.Cluster[Plan.Reached[vm].Host].Name;
                string? found = After.TryVmNamed(name, out VmId now) ? After[After[now].Start!.Value.Host].Name : null;
                if (found != wanted) strayed.Add(found is null ? $"{name} runs on no host, planned was {wanted}"
                    : $"{name} is on {found}, planned was {wanted}");
            }

            return strayed;
        }
    }

    /// <summary>True if all that was promised came about; a rehearsal promises nothing but that its actions can begin.</summary>
    public bool IsAsPromised => Plan is { IsComplete: true } && Execution is { IsComplete: true } && Back is null && Strayed.Count == 0;

    /// <summary>Loads by host and dimension.</summary>
    public IEnumerable<HostLoad> Loads()
    {
        ClusterSnapshot cluster = Problem.Cluster;
        PlacementView start = new(cluster, Placement.StartOf(cluster));
        PlacementView planned = Plan is null ? start : new(cluster, Plan.Reached);
        PlacementView? after = After is null ? null : new(After, Placement.StartOf(After));
        for (int h = 0; h < cluster.Hosts.Count; h++)
            for (int d = 0; d < cluster.Dimensions.Count; d++)
                yield return new HostLoad(
                    cluster.Hosts[h].Name,
                    cluster.Dimensions[d].Name,
                    cluster.Hosts[h].Usable(d),
                    start.DemandOn(new HostId(h), d),
                    planned.DemandOn(new HostId(h), d),
                    after?.DemandOn(new HostId(h), d));
    }
}
