namespace VirtOpt.Solver.Search;

/// <summary>
/// How good a placement is: what it breaks beyond what is tolerated, then each level of the objective, the repair of what the start broke first.
/// Scores compare from left to right; smaller is better.
/// </summary>
internal readonly struct Score(long[] parts) : IComparable<Score>
{
    private readonly long[] parts = parts;

    /// <summary>0 for a valid placement.</summary>
    public long Broken => parts[0];

    /// <summary>Value of a level, by its position in <see cref="Scoring.Levels"/>.</summary>
    public long this[int level] => parts[level + 1];

    public int CompareTo(Score other) => parts.AsSpan().SequenceCompareTo(other.parts);
}

/// <summary>What counts in the score of a state: the tolerances of its problem and the weights of its terms, level by level.</summary>
internal sealed class Scoring
{
    private readonly PlacementModel model;

    public Scoring(PlacementModel model)
    {
        this.model = model;
        Tolerances = new Tolerances(model);
        Levels = [.. Tolerances.AnyBroken ? [RepairLevel, .. model.Levels] : model.Levels];
    }

    /// <summary>The level of repairs, before all that users name.</summary>
    public const int RepairLevel = 0;

    public Tolerances Tolerances { get; }

    /// <summary>The levels in their order.</summary>
    public IReadOnlyList<int> Levels { get; }

    /// <summary>A state with this problem's tolerances and weights.</summary>
    public PlacementState StateAt(ReadOnlySpan<Place> places) => new(model, places, this);

    /// <summary>Every use of a term in a level, by the position of the level.</summary>
    public IEnumerable<(Term Term, int Level, long Weight)> Uses()
    {
        for (int r = 0; r < model.Requirements.Count; r++)
            if (Tolerances.Weights[r] is > 0 and long weight) yield return (model.Requirements[r].Term, 0, weight);
        foreach (Goal goal in model.Goals) yield return (goal.Term, Levels.ToList().IndexOf(goal.Level), goal.Weight);
    }
}
