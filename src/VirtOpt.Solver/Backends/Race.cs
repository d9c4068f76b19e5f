namespace VirtOpt.Solver.Backends;

/// <summary>Several solvers at the same job, a thread each: the first proof ends the race, and the best bound and values of all count.</summary>
internal sealed class Race(IReadOnlyList<ILinearSolver> solvers)
{
    public (LinearOutcome Outcome, string Winner) Run(LinearJob job)
    {
        if (solvers.Count == 1) return (solvers[0].Minimise(job), solvers[0].Name);
        using CancellationTokenSource decided = CancellationTokenSource.CreateLinkedTokenSource(job.CancellationToken);
        LinearJob shared = job with { CancellationToken = decided.Token };
        LinearOutcome[] outcomes = new LinearOutcome[solvers.Count];
        void Start(int i)
        {
            outcomes[i] = solvers[i].Minimise(shared);
            if (outcomes[i].Status is LinearStatus.Optimal or LinearStatus.Infeasible) decided.Cancel();
        }

        Task.WaitAll(
            [
                .. Enumerable.Range(0, solvers.Count)
                    .Select(i => Task.Factory.StartNew(() => Start(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
            ],
            CancellationToken.None);
        return Best(job, outcomes);
    }

    private (LinearOutcome Outcome, string Winner) Best(LinearJob job, LinearOutcome[] outcomes)
    {
        int decidedBy = Array.FindIndex(outcomes, o => o.Status is LinearStatus.Optimal or LinearStatus.Infeasible);
        if (decidedBy >= 0) return (outcomes[decidedBy], solvers[decidedBy].Name);
        int best = Enumerable.Range(0, outcomes.Length).MinBy(i => outcomes[i].Values is { } values ? job.Objective.ValueAt(values) : long.MaxValue);
        return (outcomes[best] with { Bound = outcomes.Max(o => o.Bound) }, solvers[best].Name);
    }
}
