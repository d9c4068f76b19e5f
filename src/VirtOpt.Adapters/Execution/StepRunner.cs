namespace VirtOpt;

/// <summary>
/// Carries one action out, from the look at the world before it to the look after it, with retries. Whatever the hypervisor says, what counts is where
/// the VM is.
/// </summary>
internal sealed class StepRunner(IHypervisor hypervisor, ExecutionOptions options, Journal journal)
{
    /// <summary>Carries an action out.</summary>
    /// <param name="step">The action.</param>
    /// <param name="mustSettle">True if a run before this one began it: what it left is tidied up first.</param>
    /// <param name="stop">Breaks it off.</param>
    public StepReport Run(ExecutionStep step, bool mustSettle, CancellationToken stop)
    {
        long start = options.Clock.GetTimestamp();
        StepReport report;
        try
        {
            report = step.Action.Kind == ActionKind.Check ? Check(step, stop) : Try(step, mustSettle, stop);
        }
        catch (InvalidInputException e)
        {
            report = new StepReport(step.Action, StepOutcome.Failed, e.Message) { Fault = FaultKind.Unknown };
        }

        return report with { PlannedSeconds = step.Seconds, Seconds = options.Clock.GetElapsedTime(start).TotalSeconds };
    }

    /// <summary>Between two waves: lets the cluster settle, then looks whether it is well.</summary>
    private StepReport Check(ExecutionStep step, CancellationToken stop)
    {
        Wait(TimeSpan.FromSeconds(step.Seconds), stop);
        IReadOnlyList<string> complaints = options.Verify?.Invoke() ?? [];
        return complaints.Count == 0 ? new StepReport(step.Action, StepOutcome.Done, "")
            : new StepReport(step.Action, StepOutcome.Failed, string.Join("; ", complaints)) { Fault = FaultKind.Changed };
    }

    private StepReport Try(ExecutionStep step, bool mustSettle, CancellationToken stop)
    {
        HypervisorAction action = Located.On(hypervisor, step.Action, options.Hosts);
        string note = mustSettle ? hypervisor.Settle(action, stop) : "";
        Guid? first = null;
        for (int attempt = 1; ; attempt++)
        {
            Sighting before = Look(action);
            if (NeedsNone(action, before, first, attempt, note) is { } early) return early;
            first = before.Vm;
            options.Watch?.Invoke(ExecutionPoint.Checked, action, "");
            StepReport report = Attempt(action, before.Vm, attempt, stop);
            if (report.IsDone || !MayTryAgain(report, attempt, stop)) return report with { Message = Joined(note, report.Message) };
            Pause(attempt, stop);
        }
    }

    /// <summary>The report without a further attempt: the VM is there already, the world is another one, or something is in the way. Null to go on.</summary>
    /// <param name="action">The action.</param>
    /// <param name="before">Where the VM is.</param>
    /// <param name="first">The VM that the attempts before this one were for; null at the first.</param>
    /// <param name="attempt">Number of the attempt that would come.</param>
    /// <param name="note">What was tidied up.</param>
    private StepReport? NeedsNone(HypervisorAction action, Sighting before, Guid? first, int attempt, string note)
    {
        int attempts = attempt - 1;
        if (before.Standing == Standing.After && (first is null || first == before.Vm))
            return new StepReport(action, attempts == 0 ? StepOutcome.Already : StepOutcome.Done, note) { Attempts = attempts };
        if (before is { Standing: Standing.Before, IsPaused: true })
            return Stopped(action, before with { Standing = Standing.Changed, Message = $"{action.Vm} is paused" }, attempts);
        if (before.Standing != Standing.Before) return Stopped(action, before, attempts);
        if (first is { } known && known != before.Vm)
            return Stopped(action, before with { Message = $"another VM is called {action.Vm} now" }, attempts);
        IReadOnlyList<string> obstacles = hypervisor.Obstacles(action);
        return obstacles.Count == 0 ? null
            : new StepReport(action, StepOutcome.Refused, string.Join("; ", obstacles)) { Fault = FaultKind.Refused, Attempts = attempts };
    }

    private StepReport Attempt(HypervisorAction action, Guid vm, int attempt, CancellationToken stop)
    {
        journal.Begin(action.Id, attempt, vm, options.Clock.GetUtcNow());
        options.Watch?.Invoke(ExecutionPoint.Begun, action, $"attempt {attempt}");
        ActionResult result = hypervisor.Perform(action, new Progress(this, action), stop);
        options.Watch?.Invoke(ExecutionPoint.Performed, action, result.Message);
        Sighting after = Look(action);
        bool isLost = !result.IsDone && after.Standing == Standing.Unknown;
        if (isLost || after.IsLeftBehind || after.IsPaused || after.Standing is Standing.Both or Standing.Changed)
        {
            string settled = hypervisor.Settle(action, stop);
            after = Look(action) is var again && settled.Length > 0 ? again with { Message = Joined(settled, again.Message) } : again;
        }

        options.Watch?.Invoke(ExecutionPoint.Verified, action, after.Message);
        return Judge(action, vm, result, after) with { Attempts = attempt, Result = result };
    }

    private static StepReport Judge(HypervisorAction action, Guid vm, ActionResult result, Sighting after)
    {
        // What leaves everything where it is has only the hypervisor's word.
        bool hasItsWord = action.Kind.IsOfHost() || (action.IsInPlace && after.Vm == vm);
        if (hasItsWord && result.IsDone && after.Standing == Standing.Before) return new StepReport(action, StepOutcome.Done, "");
        if (after.Standing == Standing.After && after.IsPaused)
            return new StepReport(action, StepOutcome.Failed, Joined(result.Message, $"{action.Vm} is on {action.To} and stands still"))
            {
                Fault = FaultKind.Changed,
            };
        if (after.Standing == Standing.After && after.Vm == vm)
            return new StepReport(action, StepOutcome.Done, result.IsDone ? "" : $"it came through although the hypervisor said: {result.Message}");
        FaultKind fault = after.Standing switch
        {
            Standing.Unknown => FaultKind.HostLost,
            Standing.Before when after.Vm == vm && !result.IsDone => result.Fault!.Value,
            _ => FaultKind.Changed,
        };
        string where = after.Standing switch
        {
            Standing.Before when after.Vm == vm => $"{action.Vm} is still on {action.From ?? action.To}",
            Standing.After or Standing.Before => $"another VM is called {action.Vm} now",
            _ => after.Message,
        };
        return new StepReport(action, StepOutcome.Failed, Joined(result.Message, where)) { Fault = fault };
    }

    private static StepReport Stopped(HypervisorAction action, Sighting seen, int attempts) => new(
        action, attempts == 0 && seen.Standing != Standing.Unknown ? StepOutcome.Refused : StepOutcome.Failed, seen.Message)
    {
        Fault = seen.Standing == Standing.Unknown ? FaultKind.HostLost : FaultKind.Changed,
        Attempts = attempts,
    };

    private bool MayTryAgain(StepReport report, int attempt, CancellationToken stop) =>
        report.Fault is FaultKind.Transient or FaultKind.NoRoom && attempt < options.MostAttempts && !stop.IsCancellationRequested;

    /// <summary>Asks until both hosts answer, as often as an action is tried.</summary>
    private Sighting Look(HypervisorAction action)
    {
        for (int attempt = 1; ; attempt++)
        {
            Sighting sighting = Sighting.Of(hypervisor, action, options.Hosts);
            if (sighting.Standing != Standing.Unknown || attempt >= options.MostAttempts) return sighting;
            Pause(attempt, CancellationToken.None);
        }
    }

    private void Pause(int attempt, CancellationToken stop) => Wait(options.Backoff * (1 << Math.Min(attempt - 1, 10)), stop);

    private void Wait(TimeSpan time, CancellationToken stop)
    {
        using ManualResetEventSlim over = new();
        using ITimer timer = options.Clock.CreateTimer(_ => over.Set(), null, time, Timeout.InfiniteTimeSpan);
        WaitHandle.WaitAny([over.WaitHandle, stop.WaitHandle]);
    }

    private static string Joined(string first, string second) => first.Length == 0 ? second : second.Length == 0 ? first : $"{first}; {second}";

    private sealed class Progress(StepRunner runner, HypervisorAction action) : IProgress<ActionProgress>
    {
        public void Report(ActionProgress value) => runner.Told(action, value.Text);
    }

    private void Told(HypervisorAction action, string text) => options.Watch?.Invoke(ExecutionPoint.Progress, action, text);
}
