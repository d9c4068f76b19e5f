namespace VirtOpt.Cli.Explaining;

/// <summary>A rule with how much it is broken.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="AtStart">Sum of its violations at the start.</param>
/// <param name="Now">Sum of its violations now.</param>
internal sealed record RuleState(Constraint Rule, long AtStart, long Now);

/// <summary>A placement taken apart: by term, by rule, by host, by move.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Placement">A placement of it.</param>
internal sealed record Explanation(PlacementProblem Problem, Placement Placement)
{
    /// <summary>What the checker says of the start.</summary>
    public CheckReport Start { get; } = PlacementChecker.Check(Problem, Placement.StartOf(Problem.Cluster));

    /// <summary>What the checker says of the placement.</summary>
    public CheckReport Report { get; } = PlacementChecker.Check(Problem, Placement);

    /// <summary>The rules.</summary>
    public IReadOnlyList<RuleState> Rules { get; } = RulesOf(Problem, Placement);

    /// <summary>The VMs that moved.</summary>
    public IReadOnlyList<VmId> Moved { get; } = MoveReasons.Moved(Problem.Cluster, Placement);

    /// <summary>The first level that the user asked for; null if there is none.</summary>
    public int? MainLevel => Problem.Compile().Levels.Where(l => l < PlacementProblem.TieBreakLevel).Select(l => (int?)l).FirstOrDefault();

    /// <summary>What each host costs on the main level; empty if there is none.</summary>
    public long[] HostCosts => MainLevel is { } level ? Explaining.HostCosts.Of(Problem, Placement, level) : [];

    /// <summary>Why the first of the moved VMs moved.</summary>
    /// <param name="most">How many at most; each costs a check of the whole placement.</param>
    /// <param name="cancellation">Ends the work early with an exception.</param>
    public IReadOnlyList<MoveReason> Reasons(int most, CancellationToken cancellation)
    {
        List<MoveReason> reasons = [];
        foreach (VmId vm in Moved.Take(most))
        {
            cancellation.ThrowIfCancellationRequested();
            reasons.Add(MoveReasons.Of(Problem, Placement, Report, vm));
        }

        return reasons;
    }

    private static RuleState[] RulesOf(PlacementProblem problem, Placement placement)
    {
        PlacementView start = new(problem.Cluster, Placement.StartOf(problem.Cluster));
        PlacementView now = new(problem.Cluster, placement);
        return [.. problem.Constraints.Select(rule => new RuleState(rule, rule.Check(start).Sum(v => v.Amount), rule.Check(now).Sum(v => v.Amount)))];
    }
}
