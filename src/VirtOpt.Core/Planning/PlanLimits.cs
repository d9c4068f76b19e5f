namespace VirtOpt;

/// <summary>A stretch of time in which actions may run, in whole seconds from the begin of the plan.</summary>
/// <param name="Start">First second, at least 0.</param>
/// <param name="End">Where it ends; above <paramref name="Start"/>.</param>
public sealed record TimeWindow(long Start, long End);

/// <summary>What the actions of a plan may do at the same time, and when.</summary>
public sealed record PlanLimits
{
    /// <summary>Largest number of anything, and latest second, that a limit may name.</summary>
    public const long Most = 1_000_000_000;

    /// <summary>Most migrations that a host takes part in at once, coming and going together, at least 1; null for no limit. Default 2.</summary>
    public int? PerHost { get; init; } = 2;

    /// <summary>Most migrations that leave a host at once, at least 1; null for no limit of its own.</summary>
    public int? PerHostOut { get; init; }

    /// <summary>Most migrations that come to a host at once, at least 1; null for no limit of its own.</summary>
    public int? PerHostIn { get; init; }

    /// <summary>Most migrations at once in the whole cluster, at least 1; null for no limit.</summary>
    public int? InCluster { get; init; }

    /// <summary>
    /// Scope whose items have one link each to the rest of the cluster, for example <c>rack</c>; a migration from one item to another runs over the links
    /// of both. Null if no link is limited.
    /// </summary>
    public string? LinkScope { get; init; }

    /// <summary>Most migrations that run over such a link at once, at least 1.</summary>
    public int PerLink { get; init; } = 8;

    /// <summary>When actions may run: each lies in one window from begin to end. Ascending, not overlapping; empty for always.</summary>
    public IReadOnlyList<TimeWindow> Windows { get; init; } = [];

    /// <summary>When every action must have ended, in seconds from the begin, above 0; null for no deadline.</summary>
    public long? Deadline { get; init; }

    /// <summary>Most migrations of the whole plan, hops included, at least 1: the plan takes those that are together worth most. Null for no limit.</summary>
    public int? MaxMigrations { get; init; }

    /// <summary>
    /// Most that all migrations together may send over the network, in MiB, above 0: memory, what is sent again because it was written to, and disks. The plan
    /// takes the migrations that are together worth most. Null for no limit.
    /// </summary>
    public double? MaxMovedMiB { get; init; }

    /// <summary>Most actions on VMs in a wave, at least 1, each wave beginning after the one before has ended; null for waves that overlap in time.</summary>
    public int? WaveSize { get; init; }

    /// <summary>Seconds of the check between two waves of at most <see cref="WaveSize"/> actions, at least 0.</summary>
    public long WavePause { get; init; }

    /// <summary>Refuses limits that make no sense, by themselves or for a cluster.</summary>
    /// <exception cref="InvalidInputException">One is out of its range, or names a scope that the cluster does not have.</exception>
    public void Validate(ClusterSnapshot cluster)
    {
        AtLeastOne("migrations per host", PerHost);
        AtLeastOne("migrations out of a host", PerHostOut);
        AtLeastOne("migrations into a host", PerHostIn);
        AtLeastOne("migrations in the cluster", InCluster);
        AtLeastOne("migrations per link", PerLink);
        AtLeastOne("seconds to the deadline", Deadline);
        AtLeastOne("migrations of the plan", MaxMigrations);
        AtLeastOne("actions of a wave", WaveSize);
        if (MaxMovedMiB is not (null or (> 0 and <= 1e15)))
            throw InvalidInputException.Because($"The most MiB to move ({MaxMovedMiB}) are not above 0 and up to 1e15.", "leave the limit out for none.");
        if (WavePause is < 0 or > Most)
            throw InvalidInputException.Because($"The pause between waves ({WavePause}) is not within 0 .. {Most} seconds.", "leave it out for none.");
        if (LinkScope is not null) cluster.Scope(LinkScope);
        long end = 0;
        foreach (TimeWindow window in Windows)
        {
            if (window.Start < end || window.End <= window.Start || window.End > Most)
                throw InvalidInputException.Because(
                    $"The window from second {window.Start} to {window.End} is not an ascending stretch after second {end} and up to {Most}.",
                    "its ends are swapped, or two windows overlap.");
            end = window.End;
        }

        if (Deadline is { } deadline && Windows.Count > 0 && Windows[0].Start >= deadline)
            throw InvalidInputException.Because(
                $"The first window begins at second {Windows[0].Start}, when the deadline of {deadline} seconds is over.",
                "the deadline counts from the begin of the plan, not of the window.");
    }

    private static void AtLeastOne(string what, long? value)
    {
        if (value is < 1 or > Most)
            throw InvalidInputException.Because($"The most {what} ({value}) are not within 1 .. {Most}.", "leave the limit out for none.");
    }
}
