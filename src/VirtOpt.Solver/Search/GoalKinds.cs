namespace VirtOpt.Solver.Search;

/// <summary>What a goal asks for, as far as the choice of an engine depends on it.</summary>
internal static class GoalKinds
{
    /// <summary>True if the use of a cell costs something by itself: fewer cells in use are better.</summary>
    public static bool IsConsolidation(this Goal goal) => goal.Term is SumTerm sum && sum.Kinds.Any(f => f.Jump > 0);

    /// <summary>True if the height of a load counts by more than its sum: even loads are better.</summary>
    public static bool IsBalance(this Goal goal) => goal.Term is MaxTerm || (goal.Term is SumTerm sum && sum.Kinds.Any(f => f.Hinges.Count > 0));
}
