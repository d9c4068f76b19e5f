namespace VirtOpt;

/// <summary>
/// Replays a timed plan event by event and says what is wrong with it. Calls no engine and shares no code with the planner: loads are counted by looking
/// at what is on a host, rules by their own simple checks.
/// </summary>
/// <remarks>
/// A VM that moves is charged at both ends until its action ends: room and separation (<see cref="Capacity"/>, continuous <see cref="AntiAffinity"/>) are
/// judged so. For all other continuous rules it is where it was until the action ends. Discrete rules are judged at the end of the plan. What the
/// start breaks may stay as broken as it was.
/// </remarks>
public static class TimedPlanChecker
{
    /// <summary>Most faults that are told: one mistake early in a plan makes many later.</summary>
    public const int MostFaults = 100;

    /// <summary>Judges a plan by the times that it names.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="plan">A plan of it.</param>
    /// <returns>Faults in the order of the plan; none for a valid plan.</returns>
    public static IReadOnlyList<string> Check(PlacementProblem problem, TimedPlan plan)
    {
        IReadOnlyList<string> faults = Check(problem, plan, [.. plan.Actions.Select(a => new TimeWindow(a.Start, a.End))], keepsTimes: true);
        return faults.Count > 0 ? faults : [.. PlanSizeJudge.Judge(problem, plan), .. PlanSizeJudge.JudgeStops(problem, plan)];
    }

    /// <summary>Judges a plan by other times than its own, as they came out when it was carried out or simulated.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="plan">A plan of it.</param>
    /// <param name="times">Begin and end of each action, in the order of the plan.</param>
    /// <param name="keepsTimes">True to hold the times against windows and deadline as well.</param>
    internal static IReadOnlyList<string> Check(PlacementProblem problem, TimedPlan plan, IReadOnlyList<TimeWindow> times, bool keepsTimes)
    {
        List<string> faults = [.. Structure(problem.Cluster, plan)];
        if (faults.Count > 0) return faults;
        faults.AddRange(LimitJudge.Judge(problem.Cluster, plan, times, keepsTimes));
        faults.AddRange(Order(plan, times));
        PlanReplay replay = new(problem);
        foreach (IGrouping<long, (bool IsStart, int Index)> moment in Events(times).GroupBy(e => e.IsStart ? times[e.Index].Start : times[e.Index].End))
        {
            foreach ((bool isStart, int index) in moment) faults.AddRange(isStart ? replay.Begin(plan.Actions[index]) : replay.End(plan.Actions[index]));
            faults.AddRange(replay.JudgeRules().Select(fault => $"At second {moment.Key}, {fault}"));
            if (faults.Count > MostFaults) return faults[..MostFaults];
        }

        faults.AddRange(replay.JudgeEnd(plan));
        return faults;
    }

    /// <summary>Starts and ends in time; at one moment what ends frees its room before what begins takes it.</summary>
    private static IEnumerable<(bool IsStart, int Index)> Events(IReadOnlyList<TimeWindow> times)
    {
        IEnumerable<int> all = Enumerable.Range(0, times.Count);
        return all.Select(i => (At: times[i].Start, Kind: times[i].End == times[i].Start ? 1 : 2, IsStart: true, Index: i))
            .Concat(all.Select(i => (At: times[i].End, Kind: times[i].End == times[i].Start ? 1 : 0, IsStart: false, Index: i)))
            .OrderBy(e => e.At).ThenBy(e => e.Kind).ThenBy(e => e.Index).ThenByDescending(e => e.IsStart)
            .Select(e => (e.IsStart, e.Index));
    }

    private static IEnumerable<string> Structure(ClusterSnapshot cluster, TimedPlan plan)
    {
        HashSet<int> ids = [];
        foreach (PlannedAction action in plan.Actions)
        {
            if (!ids.Add(action.Id)) yield return $"The id {action.Id} is there twice.";
            if (action.End < action.Start || action.Start < 0) yield return $"Action {action.Id} runs from second {action.Start} to {action.End}.";
            if (action.Kind.IsOfHost() != action.Host is not null || action.Kind.IsOfVm() != action.Vm is not null)
                yield return $"Action {action.Id} ({action.Kind.Word()}) does not name what it is about.";
            bool isComplete = action.Kind switch
            {
                ActionKind.Boot or ActionKind.Resume => action.To is not null,
                ActionKind.Shutdown or ActionKind.Suspend => action.From is not null,
                ActionKind.Resize => action.Dimension is { } d && d >= 0 && d < cluster.Dimensions.Count,
                _ => !action.Kind.IsMove() || (action.From is not null && action.To is not null),
            };
            if (!isComplete) yield return $"Action {action.Id} ({action.Kind.Word()}) lacks where it begins or ends.";
            if (action.Vm is { Index: var vm } && (vm < 0 || vm >= cluster.Vms.Count)) yield return $"Action {action.Id} is about a VM that is not there.";
        }

        foreach (PlannedAction action in plan.Actions)
            foreach (int id in action.After.Where(id => !ids.Contains(id))) yield return $"Action {action.Id} waits for action {id}, which is not there.";
    }

    private static IEnumerable<string> Order(TimedPlan plan, IReadOnlyList<TimeWindow> times)
    {
        Dictionary<int, long> endOf = plan.Actions.Select((a, i) => (a.Id, times[i].End)).ToDictionary(a => a.Id, a => a.End);
        for (int i = 0; i < plan.Actions.Count; i++)
            foreach (int id in plan.Actions[i].After)
                if (endOf[id] > times[i].Start)
                    yield return $"Action {plan.Actions[i].Id} begins at second {times[i].Start}, before action {id}, which it waits for, ends at {endOf[id]}.";
    }
}
