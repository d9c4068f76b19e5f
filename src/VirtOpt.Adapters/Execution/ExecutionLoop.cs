using System.Collections.Concurrent;

namespace VirtOpt;

/// <summary>One run: only the thread that calls <see cref="Work"/> looks at its fields, the actions run on threads of their own.</summary>
internal sealed class ExecutionLoop(IHypervisor hypervisor, ExecutionOptions options, AuditLog? audit, LoopInput input)
{
    private readonly ExecutionPlan plan = input.Plan;
    private readonly Dictionary<int, StepReport> reports = [];
    private readonly HashSet<int> begun = [];
    private readonly HashSet<string> lostHosts = new(StringComparer.Ordinal);
    private readonly RunningActions running = new(input.Plan.Limits, options.LabelsOfHost);
    private readonly StepRunner runner = new(hypervisor, options, input.Journal);
    private long? lastBegin;
    private string stopped = "";
    private int failures;

    /// <summary>Works until nothing runs and nothing can begin.</summary>
    public ExecutionReport Work(CancellationToken stop)
    {
        long start = options.Clock.GetTimestamp();
        foreach (ExecutionStep step in plan.Steps.Where(s => input.DoneBefore.Contains(s.Action.Id)))
            reports[step.Action.Id] = new StepReport(step.Action, StepOutcome.Already, "done before the run was broken off") { PlannedSeconds = step.Seconds };
        using BlockingCollection<StepReport> finished = [];
        while (true)
        {
            BeginReady(finished, stop);
            if (running.Count == 0) break;
            Finish(finished.Take(CancellationToken.None)); // what runs is always waited for: only then is known where its VM is
        }

        foreach (ExecutionStep step in Waiting()) End(Skip(step, stopped.Length > 0 ? stopped : "an action that it waits for was not done"));
        Close();
        return new ExecutionReport
        {
            Run = input.Run,
            Steps = [.. plan.Steps.Select(s => reports[s.Action.Id])],
            Stopped = stopped,
            Elapsed = options.Clock.GetElapsedTime(start),
        };
    }

    private ExecutionStep[] Waiting() => [.. plan.Steps.Where(s => !reports.ContainsKey(s.Action.Id) && !begun.Contains(s.Action.Id))];

    private void BeginReady(BlockingCollection<StepReport> finished, CancellationToken stop)
    {
        foreach (ExecutionStep step in Waiting())
        {
            if (stop.IsCancellationRequested && stopped.Length == 0) stopped = "it was stopped on request";
            if (stopped.Length > 0) return;
            if (Reason(step) is { } reason) End(Skip(step, reason));
            else if (step.After.All(IsDone) && running.HasRoomFor(step.Action)) Begin(step, finished, stop);
        }
    }

    /// <summary>Why a step can no longer be begun; null if it can.</summary>
    private string? Reason(ExecutionStep step)
    {
        foreach (int id in step.After)
            if (reports.TryGetValue(id, out StepReport? before) && !before.IsDone)
                return $"it waits for action {id} ({before.Action}), which was not done";
        if (step.Action.Hosts.FirstOrDefault(lostHosts.Contains) is { } lost) return $"{lost} did not answer before";
        TimeOnly time = TimeOnly.FromDateTime(options.Clock.GetLocalNow().DateTime);
        if (options.Window is { } window && !window.HasRoomFor(time, TimeSpan.FromSeconds(step.Seconds)))
            return $"at {time.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)} it is not within the window {window}";
        return options.Until is { } until && options.Clock.GetUtcNow().AddSeconds(step.Seconds) > until ? "it would end after the window" : null;
    }

    private bool IsDone(int id) => reports.TryGetValue(id, out StepReport? report) && report.IsDone;

    private void Begin(ExecutionStep step, BlockingCollection<StepReport> finished, CancellationToken stop)
    {
        Space();
        begun.Add(step.Action.Id);
        running.Add(step.Action);
        bool mustSettle = input.BegunBefore.Contains(step.Action.Id);
        _ = Task.Factory.StartNew(
            () => finished.Add(Run(step, mustSettle, stop)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>A defect of an adapter must not leave the run waiting for ever: it is the action's failure.</summary>
    private StepReport Run(ExecutionStep step, bool mustSettle, CancellationToken stop)
    {
        try
        {
            return runner.Run(step, mustSettle, stop);
        }
#pragma warning disable CA1031 // whatever it is, it is reported and the run goes on
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new StepReport(step.Action, StepOutcome.Failed, $"defect of the adapter: {e.Message}")
            {
                Fault = FaultKind.Unknown,
                PlannedSeconds = step.Seconds,
            };
        }
    }

    private void Space()
    {
        if (lastBegin is { } last && options.Spacing - options.Clock.GetElapsedTime(last) is var left && left > TimeSpan.Zero)
        {
            using ManualResetEventSlim over = new();
            using ITimer timer = options.Clock.CreateTimer(_ => over.Set(), null, left, Timeout.InfiniteTimeSpan);
            over.Wait();
        }

        lastBegin = options.Clock.GetTimestamp();
    }

    private void Finish(StepReport report)
    {
        running.Remove(report.Action);
        End(report);
        if (report.Fault == FaultKind.HostLost)
            foreach (HostSighting host in hypervisor.Look(report.Action.Hosts))
                if (host.Fault is not null) lostHosts.Add(host.Host);
        if (report is { Action.Kind: ActionKind.Check, Outcome: StepOutcome.Failed } && stopped.Length == 0)
            stopped = $"the check after a wave found that {report.Message}";
        if (report.Outcome == StepOutcome.Failed && ++failures >= options.MostFailures && stopped.Length == 0)
            stopped = $"{failures} actions failed, the most that are borne";
    }

    private static StepReport Skip(ExecutionStep step, string reason) => new(step.Action, StepOutcome.Skipped, reason) { PlannedSeconds = step.Seconds };

    private void End(StepReport report)
    {
        reports[report.Action.Id] = report;
        Write(() => input.Journal.End(report, options.Clock.GetUtcNow()));
        if (report.Outcome != StepOutcome.Skipped) Write(() => audit?.Write(input.Run, report, options.Clock.GetUtcNow()));
        options.Watch?.Invoke(ExecutionPoint.Ended, report.Action, report.Message);
    }

    /// <summary>After an action that failed the journal stays open: a VM may be half moved, and resuming tidies up. A check leaves nothing behind.</summary>
    private void Close()
    {
        if (reports.Values.Any(r => r.Outcome == StepOutcome.Failed && r.Action.Kind != ActionKind.Check)) return;
        Write(() => input.Journal.Close(options.Clock.GetUtcNow()));
    }

    /// <summary>What cannot be written any more ends the run: nothing further begins.</summary>
    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (InvalidInputException e)
        {
            if (stopped.Length == 0) stopped = e.Message;
        }
    }
}

/// <summary>What a run works on.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Journal">The journal.</param>
/// <param name="DoneBefore">Actions that a run before this one did.</param>
/// <param name="BegunBefore">Actions that it began: what became of them is to be found out.</param>
internal sealed record LoopInput(string Run, ExecutionPlan Plan, Journal Journal, IReadOnlySet<int> DoneBefore, IReadOnlySet<int> BegunBefore);
