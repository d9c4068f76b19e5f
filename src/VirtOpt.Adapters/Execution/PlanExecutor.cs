namespace VirtOpt;

/// <summary>
/// Carries a plan out: as many actions at once as their order and the limits allow. Nothing is begun that the journal does not say first; nothing
/// counts as done that was not seen. It knows no hypervisor but through <see cref="IHypervisor"/>.
/// </summary>
/// <param name="hypervisor">The hosts.</param>
/// <param name="options">How.</param>
/// <param name="audit">Takes a line for each action; null for none.</param>
public sealed class PlanExecutor(IHypervisor hypervisor, ExecutionOptions options, AuditLog? audit = null)
{
    /// <summary>Carries a plan out.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="journal">Its journal.</param>
    /// <param name="stop">Begins no more and breaks off what runs; VMs stay where they are.</param>
    /// <returns>What became of it; faults are in the report.</returns>
    public ExecutionReport Execute(string run, ExecutionPlan plan, Journal journal, CancellationToken stop = default) =>
        new ExecutionLoop(hypervisor, options, audit, new LoopInput(run, plan, journal, new HashSet<int>(), new HashSet<int>())).Work(stop);

    /// <summary>Goes on with a run that was broken off: what ended is done, the hosts tell what became of what had begun, the rest is tried.</summary>
    /// <param name="replay">What the journal says.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="stop">As for <see cref="Execute"/>.</param>
    public ExecutionReport Resume(JournalReplay replay, Journal journal, CancellationToken stop = default)
    {
        HashSet<int> done = [.. replay.Ended.Where(e => e.Value is StepOutcome.Done or StepOutcome.Already && !replay.Open.ContainsKey(e.Key)).Select(
            e => e.Key)];
        HashSet<int> begun = [.. replay.Open.Keys, .. replay.Ended.Where(e => e.Value == StepOutcome.Failed).Select(e => e.Key)];
        return new ExecutionLoop(hypervisor, options, audit, new LoopInput(replay.Run, replay.Plan, journal, done, begun)).Work(stop);
    }

    /// <summary>Looks what would happen, without doing anything.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="plan">The plan.</param>
    /// <returns>
    /// For each action whether it could begin: <see cref="StepOutcome.Done"/> if nothing is in its way. Of a VM's actions after its first one, of hosts
    /// that others empty first, and of room that others make, nothing can be said before.
    /// </returns>
    public ExecutionReport Rehearse(string run, ExecutionPlan plan)
    {
        long start = options.Clock.GetTimestamp();
        HashSet<string> seen = new(StringComparer.Ordinal);
        StepReport[] steps = [.. plan.Steps.Select(s => Rehearse(s, seen) with { PlannedSeconds = s.Seconds })];
        return new ExecutionReport { Run = run, Steps = steps, Elapsed = options.Clock.GetElapsedTime(start) };
    }

    private StepReport Rehearse(ExecutionStep step, HashSet<string> seen)
    {
        HypervisorAction action = Located.On(hypervisor, step.Action, options.Hosts);
        if (action.Kind.IsOfHost() || action.Kind == ActionKind.Check || !seen.Add(action.Vm)) return new StepReport(action, StepOutcome.Done, "");
        Sighting sighting = Sighting.Of(hypervisor, action, options.Hosts);
        if (sighting.Standing == Standing.After) return new StepReport(action, StepOutcome.Already, "");
        if (sighting.Standing != Standing.Before) return new StepReport(action, StepOutcome.Refused, sighting.Message) { Fault = FaultKind.Changed };
        IReadOnlyList<string> obstacles = hypervisor.Obstacles(action);
        return obstacles.Count == 0 ? new StepReport(action, StepOutcome.Done, "")
            : new StepReport(action, StepOutcome.Refused, string.Join("; ", obstacles)) { Fault = FaultKind.Refused };
    }
}
