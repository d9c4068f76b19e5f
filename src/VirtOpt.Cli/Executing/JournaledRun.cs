using System.Globalization;

namespace VirtOpt.Cli.Executing;

/// <summary>A run with its journal, the way back with one of its own, and what both teach of migrations.</summary>
/// <param name="files">Where it writes.</param>
/// <param name="terminal">Where it runs.</param>
/// <param name="migration">How VMs are moved.</param>
/// <param name="executorOf">Makes the executor of a plan.</param>
internal sealed class JournaledRun(ExecutionFiles files, Terminal terminal, MigrationOptions migration, Func<ExecutionPlan, PlanExecutor> executorOf)
{
    /// <summary>Carries a plan out, and goes back if it must and an action or a check fails.</summary>
    public (ExecutionReport Report, ExecutionReport? Back) Execute(ExecutionPlan plan, bool mustGoBack)
    {
        string run = terminal.Clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        ExecutionReport report = Begin(files.Journal, run, plan);
        return (report, mustGoBack ? Back(report, plan) : null);
    }

    /// <summary>Goes on with what was broken off: the way back if that had begun, else the plan.</summary>
    public (ExecutionReport Report, ExecutionReport? Back) Resume(bool mustGoBack)
    {
        bool wasGoingBack = Journal.IsOpen(files.JournalOfBack);
        DateTimeOffset begin = terminal.Clock.GetUtcNow();
        ExecutionPlan plan;
        ExecutionReport report;
        using (Journal opened = Journal.Resume(wasGoingBack ? files.JournalOfBack : files.Journal, out JournalReplay replay))
        {
            plan = replay.Plan;
            report = Learned(executorOf(plan).Resume(replay, opened, terminal.Cancellation), begin);
        }

        if (wasGoingBack && report.IsComplete) Close();
        return (report, mustGoBack && !wasGoingBack ? Back(report, plan) : null);
    }

    private ExecutionReport? Back(ExecutionReport report, ExecutionPlan plan)
    {
        if (terminal.Cancellation.IsCancellationRequested || report.Steps.All(s => s.Outcome != StepOutcome.Failed)) return null;
        HashSet<int> done = [.. report.Steps.Where(s => s.IsDone).Select(s => s.Action.Id)];
        ExecutionReport back = Begin(files.JournalOfBack, $"{report.Run}-back", plan.Back(done));
        // Of a VM whose host was lost nobody knows where it is: resuming finds out.
        if (back.IsComplete && report.Steps.All(s => s.Fault != FaultKind.HostLost)) Close();
        return back;
    }

    private ExecutionReport Begin(string path, string run, ExecutionPlan plan)
    {
        DateTimeOffset begin = terminal.Clock.GetUtcNow();
        PlanExecutor executor = executorOf(plan);
        Journal.SetAside(path);
        using Journal opened = Journal.Create(path, run, plan);
        return Learned(executor.Execute(run, plan, opened, terminal.Cancellation), begin);
    }

    /// <summary>The plan is not to be gone on with: all is where it was.</summary>
    private void Close()
    {
        using Journal opened = Journal.Resume(files.Journal, out JournalReplay replay);
        if (!replay.IsClosed) opened.Close(terminal.Clock.GetUtcNow());
    }

    private ExecutionReport Learned(ExecutionReport report, DateTimeOffset begin)
    {
        new MigrationLog(files.Migrations).Add(report, begin, migration.PostCopyAfterSeconds is null ? TransferMode.PreCopy : TransferMode.PostCopy);
        return report;
    }
}
