namespace VirtOpt.Solver.Search;

/// <summary>What a goal asks for, as far as the choice of an engine depends on it.</summary>
internal static class GoalKinds
{
    /// <summary>True if the use of a cell costs something by itself: fewer cells in use are better.</summary>
    public static bool IsConsolidation(this Goal goal) => goal.Term is SumTerm sum && sum.Kinds.Any(f => f.Jump > 0);

    /// <summary>True if the height of a load counts by more than its sum: even loads are better.</summary>
    public static bool IsBalance(this Goal goal) => goal.Term is MaxTerm || (goal.Term is SumTerm sum && sum.Kinds.Any(f => f.Hinges.Count > 0));

    /// <summary>True if it matters to rules, or to objectives other than the last, where VMs started: migrations are charged.</summary>
    public static bool ChargesMigrations(this PlacementModel model) =>
        model.Requirements.Select(r => r.Term).Concat(model.Goals.Where(g => g.Level < PlacementProblem.TieBreakLevel).Select(g => g.Term))
            .Any(term => term.FamiliesRead().Any(family => family.DependsOnStart));

    /// <summary>Whether a level asks for few hosts in use and not for even loads.</summary>
    public static bool IsConsolidation(this PlacementModel model, int level)
    {
        Goal[] goals = [.. model.Goals.Where(goal => goal.Level == level)];
        return goals.Any(goal => goal.IsConsolidation() && goal.Term is SumTerm { Family.IsDense: true }) && !goals.Any(IsBalance);
    }
}
