namespace VirtOpt.Cli;

/// <summary>
/// What the migrations really lead to. VMs that are alike may have exchanged their places, and a plan may leave VMs where they are: what is
/// reported and written is the placement after the plan, judged anew.
/// </summary>
internal static class ReachedSolution
{
    /// <summary>The solution with the placement that the plan reaches; unchanged if that one is not valid.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="solution">Its solution, with a placement.</param>
    /// <param name="plan">The plan for it.</param>
    public static PlacementSolution Of(PlacementProblem problem, PlacementSolution solution, MigrationPlan plan)
    {
        if (plan.Reached.Places.SequenceEqual(solution.Placement!.Places)) return solution;
        CheckReport report = PlacementChecker.Check(problem, plan.Reached);
        if (!report.IsValid) return solution;
        PlacementSolution reached = solution with { Placement = plan.Reached, Report = report };
        if (plan.IsComplete) return reached;
        LevelResult[] levels = [.. solution.Levels.Select(level => After(level, report))];
        bool isOpen = levels.Any(l => !l.IsProven && l.Level < PlacementProblem.TieBreakLevel);
        return reached with { Levels = levels, Status = isOpen ? SolveStatus.Feasible : solution.Status };
    }

    /// <summary>A level judged anew; its bound stays true. How much of the repair is left is in the report, so that level is only no longer proven.</summary>
    private static LevelResult After(LevelResult level, CheckReport report)
    {
        if (level.Level == 0) return level with { IsProven = level.IsProven && report.Unrepaired.Count == 0 };
        long value = report.Terms.Where(t => t.Level == level.Level).Sum(t => t.Weight * t.Value);
        return level with { Value = value, IsProven = level.IsProven && value == level.Value };
    }
}
