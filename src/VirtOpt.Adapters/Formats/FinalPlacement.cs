namespace VirtOpt;

/// <summary>The placement that a solution file states.</summary>
internal static class FinalPlacement
{
    /// <summary>
    /// Where the plan leads, so that file and migrations agree; the placement that was planned for if the plan does not reach it.
    /// </summary>
    /// <exception cref="InvalidInputException">There is no placement.</exception>
    public static Placement Of(PlacementSolution solution, MigrationPlan plan)
    {
        if (solution.Placement is not { } placement)
            throw InvalidInputException.Because(
                $"There is no placement to write; the status is ({solution.Status}).", "the limits are too tight, or more time is needed.");
        return plan.IsComplete ? plan.Reached : placement;
    }
}
