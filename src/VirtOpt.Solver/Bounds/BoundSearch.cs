using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;

namespace VirtOpt.Solver.Bounds;

/// <summary>
/// Finds lower bounds of the levels: the fast ones at once, the slow ones where the exact model is out of reach. These run beside the search if it has a
/// thread to spare; else they take a share of the time, or of the work, before it.
/// </summary>
internal sealed class BoundSearch : IDisposable
{
    private const double ShareOfFast = 0.05;
    private const double ShareOfOneThread = 0.1;
    private const double ShareBesideSearch = 0.35;
    private readonly SolveSession session;
    private readonly RangeTable ranges;
    private readonly CancellationTokenSource ended;
    private readonly HashSet<(ILevelBound Bound, int Level)> done = [];
    private Task background = Task.CompletedTask;

    /// <param name="session">The solve.</param>
    /// <param name="candidates">Where VMs may go.</param>
    public BoundSearch(SolveSession session, CandidateTable candidates)
    {
        (this.session, ranges) = (session, new RangeTable(session, candidates));
        ended = CancellationTokenSource.CreateLinkedTokenSource(session.Token);
    }

    /// <summary>The fast bounds of all levels.</summary>
    public void RunFast()
    {
        for (int level = 0; level < session.Scoring.Levels.Count; level++)
            foreach (ILevelBound bound in BoundCatalogue.Fast)
                if (!IsMet(level)) Offer(bound, level, session.Elapsed + (session.Left * ShareOfFast));
    }

    /// <summary>The slow bounds, for the first levels that are not proven; returns at once if they run beside the search.</summary>
    public void StartSlow()
    {
        if (session.FirstOpenLevel is null) return;
        if (session.Threads == 1)
        {
            RunSlow(session.Elapsed + (session.Left * ShareOfOneThread));
            return;
        }

        session.Lend(1);
        TimeSpan until = session.Elapsed + (session.Left * ShareBesideSearch);
        background = Task.Factory.StartNew(() => RunLent(until), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends what runs beside the search; returns when it has ended.</summary>
    public void Stop()
    {
        ended.Cancel();
        background.Wait(CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        ended.Dispose();
    }

    private void RunLent(TimeSpan until)
    {
        try
        {
            RunSlow(until);
        }
        finally
        {
            session.Lend(-1);
        }
    }

    private void RunSlow(TimeSpan until)
    {
        for (int level = 0; level < session.Scoring.Levels.Count && session.Scoring.Levels[level] < PlacementProblem.TieBreakLevel; level++)
            foreach (ILevelBound bound in BoundCatalogue.Slow)
                if (!ended.IsCancellationRequested && session.Elapsed < until && !IsMet(level))
                    Offer(bound, level, until);
    }

    private bool IsMet(int level) => session.BoundOf(level) >= session.BestScore?[level];

    private void Offer(ILevelBound bound, int level, TimeSpan until)
    {
        if (ended.IsCancellationRequested || done.Contains((bound, level))) return;
        TimeSpan started = session.Elapsed;
        try
        {
            foreach (long found in bound.Of(new BoundTask(session, ranges, level, until, ended.Token)))
            {
                done.Add((bound, level));
                session.OfferBound(level, found, bound.Name);
                if (IsMet(level)) break;
            }
        }
        catch (OverflowException)
        {
            session.Count($"bound.{bound.Name}.overflows", 1); // Bounds look at loads that no placement has: numbers that are fine there may be too large here.
        }

        session.Count($"bound.{bound.Name}.seconds", (session.Elapsed - started).TotalSeconds);
    }
}
