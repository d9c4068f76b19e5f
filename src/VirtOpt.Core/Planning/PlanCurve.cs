namespace VirtOpt;

/// <summary>
/// What a plan is worth if it ends early: places to stop, each a valid cluster, in the order in which the moves that bring most for what they cost come
/// first.
/// </summary>
/// <param name="GainLevel">
/// The first level of the objective that the whole plan makes smaller, 0 for repair; gains are about it. Null if the plan makes no level smaller.
/// </param>
/// <param name="Stops">The stops, from no move at all to the last one. Levels may fall and rise between them: some moves only make room for others.</param>
public sealed record PlanCurve(int? GainLevel, IReadOnlyList<PlanStop> Stops)
{
    /// <summary>The last stop with at most a number of moves.</summary>
    public PlanStop Within(int moves) => Stops.Last(s => s.Moves <= moves || s.Moves == 0);
}

/// <summary>A stop on the way of a plan.</summary>
public sealed record PlanStop
{
    /// <summary>Migrations up to here, hops included.</summary>
    public required int Moves { get; init; }

    /// <summary>What they send over the network, in MiB.</summary>
    public required double MovedMiB { get; init; }

    /// <summary>When the last of them ends if they are carried out in this order, in seconds.</summary>
    public required long Seconds { get; init; }

    /// <summary>
    /// Share of what the whole plan gains on <see cref="PlanCurve.GainLevel"/>; above 1 where a part is better than the whole, below 0 where it is worse than
    /// the start.
    /// </summary>
    public double? Gain { get; init; }

    /// <summary>The objective here, level by level; ties are left out.</summary>
    public required IReadOnlyList<LevelValue> Levels { get; init; }

    /// <summary>The wave of the plan that ends here; null if the plan is ordered in another way.</summary>
    public int? Wave { get; init; }
}
