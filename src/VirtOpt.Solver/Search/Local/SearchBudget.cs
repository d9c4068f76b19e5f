namespace VirtOpt.Solver.Search.Local;

/// <summary>How long a search runs, in rounds: by time, or by moves, and then the same on every machine.</summary>
internal sealed class SearchBudget
{
    private const long RoundMoves = 1_000_000;
    private static readonly TimeSpan ShortRound = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan PerVm = TimeSpan.FromMicroseconds(1);
    private readonly SolveSession session;
    private readonly TimeSpan started;
    private readonly TimeSpan until;
    private readonly TimeSpan length;
    private readonly long movesPerRound;
    private readonly long rounds;
    private readonly bool countsMoves;
    private long round;
    private TimeSpan roundStarted;

    /// <param name="session">The solve.</param>
    /// <param name="until">Time since the start of the solve at which to end.</param>
    /// <param name="mostMoves">Moves that each thread may try; null to count time alone.</param>
    public SearchBudget(SolveSession session, TimeSpan until, long? mostMoves)
    {
        (this.session, this.until, started, countsMoves) = (session, until, session.Elapsed, mostMoves is not null);
        length = ShortRound + (session.Problem.Cluster.Vms.Count * PerVm); // so that putting placements together stays a small part
        movesPerRound = Math.Min(RoundMoves, mostMoves ?? RoundMoves);
        rounds = mostMoves is null ? long.MaxValue : Math.Max(1, mostMoves.Value / movesPerRound);
    }

    /// <summary>Begins the next round; false if the search is over.</summary>
    public bool TryBeginRound()
    {
        if (session.IsOver || session.Elapsed >= until || round >= rounds) return false;
        round++;
        roundStarted = session.Elapsed;
        return true;
    }

    /// <summary>The share of the search that is done, 0 to 1, when a thread has tried a number of moves in this round.</summary>
    public double Done(long tried) =>
        Math.Clamp(countsMoves ? (round - 1 + Math.Min(1, (double)tried / movesPerRound)) / rounds : (session.Elapsed - started) / (until - started), 0, 1);

    /// <summary>Whether a thread that has tried a number of moves has to end its round.</summary>
    public bool IsRoundOver(long tried) =>
        session.Token.IsCancellationRequested || session.Elapsed >= until || (countsMoves ? tried >= movesPerRound : session.Elapsed - roundStarted >= length);
}
