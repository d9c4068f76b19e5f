namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>What is left for shortening a plan: time, or work, which is the same on every machine.</summary>
internal sealed class PlanBudget(PlanOptions options)
{
    private const int RoundsPerWork = 500;
    private readonly long begin = options.Clock.GetTimestamp();

    /// <summary>Whether there is anything to spend.</summary>
    public bool HasAny => options.Work is { } work ? work > 0 : options.TimeLimit > TimeSpan.Zero;

    private TimeSpan Elapsed => options.Clock.GetElapsedTime(begin);

    /// <summary>A share of what is left, for CP-SAT: seconds, or its deterministic seconds.</summary>
    public double Share(double share) => share * (options.Work ?? (options.TimeLimit - Elapsed).TotalSeconds);

    /// <summary>Rounds of a search of the list that may take a share of what is left.</summary>
    public int Rounds(double share) => options.Work is { } work ? (int)(RoundsPerWork * work * share) : int.MaxValue;

    /// <summary>Says when such a search is over.</summary>
    public Func<bool> Until(double share, CancellationToken cancellation)
    {
        if (options.Work is not null) return () => cancellation.IsCancellationRequested;
        TimeSpan until = Elapsed + ((options.TimeLimit - Elapsed) * share);
        return () => cancellation.IsCancellationRequested || Elapsed >= until;
    }
}
