namespace VirtOpt.Solver.Search.Local;

/// <summary>What is left of a search, in time or in moves, dealt out in shares.</summary>
internal sealed class SearchClock
{
    private readonly SolveSession session;
    private readonly TimeSpan started;
    private readonly TimeSpan until;
    private readonly long mostMoves;
    private readonly int? threads;
    private readonly Func<long> tried;

    /// <param name="session">The solve.</param>
    /// <param name="until">Time since the start of the solve at which to end.</param>
    /// <param name="mostMoves">Moves to try at most, those of all threads together.</param>
    /// <param name="threads">Threads that the moves are shared among, if shares are of the moves; null if they are of the time.</param>
    /// <param name="tried">Tells the moves that have been tried.</param>
    public SearchClock(SolveSession session, TimeSpan until, long mostMoves, int? threads, Func<long> tried) =>
        (this.session, this.until, this.mostMoves, this.threads, this.tried, started) = (session, until, mostMoves, threads, tried, session.Elapsed);

    /// <summary>Share of the search that is left, 0 to 1.</summary>
    public double ShareLeft => Math.Clamp(threads is not null ? 1 - ((double)tried() / mostMoves) : (until - session.Elapsed) / (until - started), 0, 1);

    /// <summary>About how many moves there are left, at the speed so far.</summary>
    public double MovesLeft => threads is not null ? mostMoves - tried() : Math.Min(mostMoves - tried(), tried() * ShareLeft / Math.Max(1e-9, 1 - ShareLeft));

    /// <summary>True if nothing is left.</summary>
    public bool IsOver => session.IsOver || session.Elapsed >= until || tried() >= mostMoves;

    /// <summary>A part of the search.</summary>
    /// <param name="share">Share of the whole search.</param>
    public SearchBudget Budget(double share)
    {
        TimeSpan end = session.Elapsed + ((until - started) * share);
        long? moves = threads is { } sharers ? Math.Clamp((long)(mostMoves * share / sharers), 1, mostMoves) : null;
        return new SearchBudget(session, end < until ? end : until, moves);
    }
}
