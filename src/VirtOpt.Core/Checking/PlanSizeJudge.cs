namespace VirtOpt;

/// <summary>Judges naively whether a plan keeps the limits on its size and its waves, and whether the stops that it names are what it says they are.</summary>
internal static class PlanSizeJudge
{
    /// <summary>Stops that are replayed at most, evenly chosen: a replay takes as long as that of the whole plan.</summary>
    private const int MostStops = 12;

    public static IEnumerable<string> Judge(PlacementProblem problem, TimedPlan plan)
    {
        PlanLimits limits = plan.Settings.Limits;
        int moves = plan.Moves.Count();
        if (moves > limits.MaxMigrations) yield return $"The plan has {moves} migrations; at most {limits.MaxMigrations} may be.";
        double moved = plan.Moves.Sum(a => Moved(problem.Cluster, plan.Settings, a));
        if (moved > limits.MaxMovedMiB * (1 + 1e-9)) yield return $"The plan moves {moved:F0} MiB; at most {limits.MaxMovedMiB:F0} may be.";
        Dictionary<int, int> waveOf = plan.Actions.ToDictionary(a => a.Id, a => a.Wave);
        foreach (PlannedAction action in plan.Actions)
            foreach (int id in action.After.Where(id => waveOf[id] > action.Wave))
                yield return $"Action {action.Id} of wave {action.Wave} waits for action {id} of wave {waveOf[id]}.";
        if (limits.WaveSize is not null)
            foreach (string fault in Waves(plan, limits)) yield return fault;
    }

    /// <summary>Replays the plan up to some of its stops.</summary>
    public static IEnumerable<string> JudgeStops(PlacementProblem problem, TimedPlan plan)
    {
        PlanStop[] stops = [.. plan.Curve?.Stops.Where(s => s.Wave is not null) ?? []];
        foreach (PlanStop stop in Enumerable.Range(0, Math.Min(MostStops, stops.Length))
            .Select(i => stops[i * stops.Length / Math.Min(MostStops, stops.Length)]))
        {
            TimedPlan part = plan.Until(problem.Cluster, stop.Wave!.Value);
            if (part.Moves.Count() != stop.Moves)
                yield return $"Up to wave {stop.Wave} the plan has {part.Moves.Count()} migrations; its curve says {stop.Moves}.";
            foreach (string fault in TimedPlanChecker.Check(problem, part).Take(1)) yield return $"If the plan ends after wave {stop.Wave}: {fault}";
            CheckReport report = PlacementChecker.Check(problem, part.Reached);
            if (report.Terms.Count == 0) continue; // New VMs are without a place.
            foreach (LevelValue level in stop.Levels.Where(l => l.Level > 0))
                if (report.Terms.Where(t => t.Level == level.Level).Sum(t => t.Weight * t.Value) is var value && value != level.Value)
                    yield return $"After wave {stop.Wave} level {level.Level} is {value}; the curve says {level.Value}.";
        }
    }

    private static double Moved(ClusterSnapshot cluster, PlanSettings settings, PlannedAction action) =>
        action.From!.Value.Host == action.To!.Value.Host ? 0 : settings.Estimate(cluster, action.Vm!.Value).MovedMiB;

    private static IEnumerable<string> Waves(TimedPlan plan, PlanLimits limits)
    {
        long over = long.MinValue;
        foreach (IGrouping<int, PlannedAction> wave in plan.Actions.GroupBy(a => a.Wave).OrderBy(w => w.Key))
        {
            PlannedAction[] work = [.. wave.Where(a => a.Kind.IsOfVm())];
            if (work.Length > limits.WaveSize) yield return $"Wave {wave.Key} has {work.Length} actions on VMs; at most {limits.WaveSize} may be.";
            foreach (PlannedAction early in work.Where(a => a.Start < over))
                yield return $"Action {early.Id} begins at second {early.Start}; the wave before its wave {wave.Key}, with the check, is over at {over}.";
            if (work.Length > 0) over = work.Max(a => a.End) + limits.WavePause;
        }
    }
}
