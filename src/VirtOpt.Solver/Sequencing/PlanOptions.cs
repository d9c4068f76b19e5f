namespace VirtOpt;

/// <summary>What comes first in a plan.</summary>
public enum PlanOrder
{
    /// <summary>The plan is as short as it can be made.</summary>
    Fastest,

    /// <summary>What brings most for what it costs goes first, so that the plan may end after any of its waves; the whole may take longer.</summary>
    Value,
}

/// <summary>How a timed plan is searched for.</summary>
public sealed record PlanOptions
{
    /// <summary>Seed of all chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads to use, at least 1.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>
    /// Time to shorten the plan and to prove how short it can be, at least zero. The first plan is always finished; with zero it is the answer, the same on
    /// every machine.
    /// </summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Work instead of <see cref="TimeLimit"/>, in deterministic seconds of CP-SAT, at least zero, on one thread: the plan is the same on every machine,
    /// however busy. Null to go by time.
    /// </summary>
    public double? Work { get; init; }

    /// <summary>What comes first. Plans with <see cref="PlanLimits.WaveSize"/> are ordered by value whatever is said here.</summary>
    public PlanOrder Order { get; init; }

    /// <summary>True to say what parts of the plan are worth, in <see cref="TimedPlan.Curve"/>.</summary>
    public bool WithCurve { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="InvalidInputException">One is.</exception>
    internal void Validate()
    {
        if (Threads < 1) throw InvalidInputException.Because($"The number of threads ({Threads}) must be at least 1.", "leave it out to use all cores.");
        if (Work is not (null or (>= 0 and <= 1e6)))
            throw InvalidInputException.Because($"The work ({Work}) is not within 0 .. 1e6.", "milliseconds were meant.");
        if (TimeLimit < TimeSpan.Zero) throw InvalidInputException.Because($"The time limit ({TimeLimit}) must not be negative.", "zero was meant.");
    }
}
