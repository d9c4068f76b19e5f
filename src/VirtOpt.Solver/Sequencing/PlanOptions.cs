namespace VirtOpt;

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

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="InvalidInputException">One is.</exception>
    internal void Validate()
    {
        if (Threads < 1) throw InvalidInputException.Because($"The number of threads ({Threads}) must be at least 1.", "leave it out to use all cores.");
        if (TimeLimit < TimeSpan.Zero) throw InvalidInputException.Because($"The time limit ({TimeLimit}) must not be negative.", "zero was meant.");
    }
}
