namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>Windows and deadline. Legs that have no time before the last one closes come after it; what ends too late is cut off later.</summary>
internal static class TimeWindows
{
    /// <summary>When the time for actions is over.</summary>
    public static long Over(PlanLimits limits) =>
        Math.Min(limits.Deadline ?? long.MaxValue, limits.Windows.Count == 0 ? long.MaxValue : limits.Windows[^1].End);

    /// <summary>The earliest time from a time on at which an action of some length lies in a window; after the last one any time will do.</summary>
    public static long Earliest(PlanLimits limits, long from, long seconds)
    {
        if (limits.Windows.Count == 0) return from;
        foreach (TimeWindow window in limits.Windows)
            if (Math.Max(from, window.Start) + seconds <= window.End) return Math.Max(from, window.Start);
        return Math.Max(from, limits.Windows[^1].End);
    }
}
