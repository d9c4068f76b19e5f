namespace VirtOpt.Solver.Search;

/// <summary>
/// How good a placement is: what it breaks beyond what is tolerated, then each level of the objective, the repair of what the start broke first.
/// Scores compare from left to right; smaller is better.
/// </summary>
internal sealed class Score(long[] parts) : IComparable<Score>
{
    /// <summary>0 for a valid placement.</summary>
    public long Broken => parts[0];

    /// <summary>Value of a level, by its position in <see cref="Scoring.Levels"/>.</summary>
    public long this[int level] => parts[level + 1];

    public int CompareTo(Score? other) => other is null ? -1 : parts.AsSpan().SequenceCompareTo(other.Parts);

    private ReadOnlySpan<long> Parts => parts;
}

/// <summary>Turns states into scores.</summary>
internal sealed class Scoring
{
    private readonly PlacementModel model;
    private readonly Goal[][] goals;

    public Scoring(PlacementModel model)
    {
        this.model = model;
        Tolerances = new Tolerances(model);
        Levels = [.. Tolerances.AnyBroken ? [RepairLevel, .. model.Levels] : model.Levels];
        goals = [.. Levels.Select(level => (Goal[])[.. model.Goals.Where(g => g.Level == level)])];
    }

    /// <summary>The level of repairs, before all that users name.</summary>
    public const int RepairLevel = 0;

    public Tolerances Tolerances { get; }

    /// <summary>The levels in their order.</summary>
    public IReadOnlyList<int> Levels { get; }

    /// <summary>A state with this problem's tolerances.</summary>
    public PlacementState StateAt(ReadOnlySpan<Place> places) => new(model, places, Tolerances);

    public Score Of(PlacementState state)
    {
        long[] parts = new long[Levels.Count + 1];
        foreach (Requirement requirement in model.Requirements) parts[0] += state.Excess(requirement);
        for (int level = 0; level < Levels.Count; level++) parts[level + 1] = Value(state, level);
        return new Score(parts);
    }

    private long Value(PlacementState state, int level)
    {
        long value = 0;
        if (Levels[level] == RepairLevel)
            for (int r = 0; r < model.Requirements.Count; r++)
                if (Tolerances.Weights[r] is > 0 and long weight) value += weight * state.Amount(model.Requirements[r].Term);
        foreach (Goal goal in goals[level]) value += goal.Weight * state.Amount(goal.Term);
        return value;
    }
}
