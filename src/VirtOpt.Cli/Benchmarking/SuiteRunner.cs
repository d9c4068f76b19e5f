namespace VirtOpt.Cli.Benchmarking;

/// <summary>A case that cannot be run here.</summary>
/// <param name="Case">The case.</param>
/// <param name="Reason">Why not.</param>
internal sealed record SkippedCase(SuiteCase Case, string Reason);

/// <summary>What became of a suite.</summary>
internal sealed record SuiteOutcome
{
    /// <summary>Runs that were done now.</summary>
    public required IReadOnlyList<LedgerRow> Done { get; init; }

    /// <summary>Number of runs that were in the ledger already and were not repeated.</summary>
    public required int Kept { get; init; }

    /// <summary>Cases that cannot be run here.</summary>
    public required IReadOnlyList<SkippedCase> Skipped { get; init; }

    /// <summary>True if it was ended early; the run at hand was not entered then.</summary>
    public bool IsCancelled { get; init; }
}

/// <summary>Is told how far a suite has come.</summary>
internal interface ISuiteProgress : IProgress<SolveProgress>
{
    /// <summary>A run begins.</summary>
    void Begin(PlannedRun run);

    /// <summary>A run is done.</summary>
    void End(PlannedRun run);
}

/// <summary>Runs what a suite asks for and its ledger lacks.</summary>
/// <param name="suite">The suite.</param>
/// <param name="data">Its problems.</param>
/// <param name="ledger">Where results are entered.</param>
internal sealed class SuiteRunner(Suite suite, SuiteData data, LedgerFiles ledger)
{
    private readonly List<LedgerRow> done = [];
    private readonly List<SkippedCase> skipped = [];
    private int kept;

    /// <summary>What has to be run; asks for no more than the files' names.</summary>
    /// <param name="choice">What is meant of the suite.</param>
    /// <param name="again">True to repeat runs that are in the ledger.</param>
    public IReadOnlyList<PlannedRun> Plan(RunChoice choice, bool again)
    {
        List<PlannedRun> plan = [];
        foreach (SuiteCase item in choice.CasesOf(suite))
        {
            PlannedRun[] open = [.. choice.RunsOf(suite, item).Where(run => again || !ledger.Has(run.Key))];
            kept += choice.RunsOf(suite, item).Count() - open.Length;
            if (open.Length == 0) continue;
            if (data.WhyNot(item) is { } reason) skipped.Add(new SkippedCase(item, reason));
            else plan.AddRange(open);
        }

        return plan;
    }

    /// <summary>Runs a plan; each result is on the disk before the next run begins.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="terminal">Where it runs.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <exception cref="InvalidInputException">A problem cannot be read or makes no sense.</exception>
    public SuiteOutcome Run(IReadOnlyList<PlannedRun> plan, Terminal terminal, ISuiteProgress progress)
    {
        foreach (IGrouping<SuiteCase, PlannedRun> runs in plan.GroupBy(run => run.Case))
        {
            if (terminal.Cancellation.IsCancellationRequested) break;
            long started = terminal.Clock.GetTimestamp();
            LoadedProblem problem = data.Load(runs.Key);
            problem.Problem.Compile();
            TimeSpan reading = terminal.Clock.GetElapsedTime(started);
            foreach (PlannedRun run in runs)
            {
                progress.Begin(run);
                Trial trial = Trial.Run(run, problem, reading, terminal, progress);
                if (terminal.Cancellation.IsCancellationRequested) break;
                ledger.Enter(trial.Row, trial.Curve);
                done.Add(trial.Row);
                progress.End(run);
            }
        }

        return new SuiteOutcome { Done = done, Kept = kept, Skipped = skipped, IsCancelled = terminal.Cancellation.IsCancellationRequested };
    }
}
