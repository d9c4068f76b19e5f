namespace VirtOpt.Cli.Rendering;

/// <summary>A solved problem with all that is shown of it.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Solution">Its solution.</param>
/// <param name="Plan">The migrations; null without a placement.</param>
internal sealed record Outcome(PlacementProblem Problem, PlacementSolution Solution, MigrationPlan? Plan)
{
    /// <summary>What the checker says of the start.</summary>
    public CheckReport Start { get; } = PlacementChecker.Check(Problem, Placement.StartOf(Problem.Cluster));

    /// <summary>Figures that belong to the format of the input, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>Number of migrations, temporary hops included.</summary>
    public int Migrations => Plan?.Migrations.Count ?? 0;

    /// <summary>The status as files and people write it.</summary>
    public string Status => StatusWord(Solution.Status);

    /// <summary>The word for a status.</summary>
    public static string StatusWord(SolveStatus status) => status switch
    {
        SolveStatus.Optimal => "optimal",
        SolveStatus.Feasible => "feasible",
        SolveStatus.Infeasible => "infeasible",
        _ => "unknown",
    };
}
