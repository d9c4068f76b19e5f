namespace VirtOpt.Solver.Search;

/// <summary>Turns a solve into its result; nothing leaves that the independent checker refuses.</summary>
internal static class SolutionBuilder
{
    /// <exception cref="InvalidOperationException">
    /// The engine made a placement that breaks a rule or is worth something else than it says: a defect.
    /// </exception>
    public static PlacementSolution Build(SolveSession session, bool isInfeasible, Conflict? conflict)
    {
        Placement? placement = session.Best is { } best ? new Placement(best) : null;
        CheckReport? report = placement is null ? null : PlacementChecker.Check(session.Problem, placement);
        LevelResult[] levels = session.BestScore is { } score ? [.. session.Scoring.Levels.Select((level, i) => Level(session, level, score[i], i))] : [];
        if (report is not null) Verify(report, levels);
        bool isProven = levels.All(l => l.IsProven || l.Level >= PlacementProblem.TieBreakLevel);
        return new PlacementSolution
        {
            Status = placement is not null
                ? isProven ? SolveStatus.Optimal : SolveStatus.Feasible
                : isInfeasible ? SolveStatus.Infeasible : SolveStatus.Unknown,
            Placement = placement,
            Report = report,
            Levels = levels,
            Incumbents = session.Incumbents,
            Conflict = conflict,
            Engine = session.Engine,
            Seed = session.Seed,
            Duration = session.Elapsed,
            Statistics = session.Statistics,
        };
    }

    private static LevelResult Level(SolveSession session, int level, long value, int position)
    {
        double? bound = session.BoundOf(position);
        return new LevelResult(level, value, bound, bound >= value);
    }

    private static void Verify(CheckReport report, LevelResult[] levels)
    {
        if (!report.IsValid) throw new InvalidOperationException($"The engine made a placement that the checker refuses: {report.Violations[0].Message}");
        long[] values = [.. levels.Where(l => l.Level != Scoring.RepairLevel).Select(l => l.Value)];
        if (!values.SequenceEqual(report.Levels))
            throw new InvalidOperationException(
                $"The engine counts ({string.Join(", ", values)}) for a placement that the checker counts ({string.Join(", ", report.Levels)}) for.");
        foreach (LevelResult level in levels)
            if (level.Bound > level.Value + 0.5)
                throw new InvalidOperationException($"The bound ({level.Bound}) of level {level.Level} is above a value that was reached ({level.Value}).");
    }
}
