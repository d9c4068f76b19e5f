namespace VirtOpt;

/// <summary>When a solve ends, unless it is proven optimal before.</summary>
public abstract record StoppingCriterion
{
    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="InvalidInputException">One is.</exception>
    internal abstract void Validate();
}

/// <summary>Ends after a time.</summary>
/// <param name="Limit">Wall time, above 0. Building, checking and handing over take part of it.</param>
public sealed record MaxRuntime(TimeSpan Limit) : StoppingCriterion
{
    internal override void Validate()
    {
        if (Limit <= TimeSpan.Zero) throw InvalidInputException.Because($"The time limit ({Limit}) is not above 0.", "seconds were taken for something else.");
    }
}

/// <summary>Ends after an amount of work that does not depend on the machine: same seed, same limit, same threads, same answer.</summary>
/// <param name="Units">Work of each thread in deterministic seconds of CP-SAT, above 0; about a second each on a fast core.</param>
public sealed record MaxWork(double Units) : StoppingCriterion
{
    /// <summary>
    /// Threads of the searches, at least 1. They meet after equal work and not after equal time, so the answer depends on their number, but not on how fast
    /// they are. Solvers that cannot promise as much run on one thread.
    /// </summary>
    public int Threads { get; init; } = 1;

    internal override void Validate()
    {
        if (!(Units > 0))
            throw InvalidInputException.Because($"The work ({Units}) is not above 0.", "one unit, about a second of a fast core, is enough for a look.");
        if (Threads < 1) throw InvalidInputException.Because($"The number of threads ({Threads}) of the work is below 1.", "leave it out for one.");
    }
}

/// <summary>How to solve.</summary>
public sealed record SolveOptions
{
    /// <summary>Seed of all chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads to use, at least 1; a limit by work has a number of its own (<see cref="MaxWork.Threads"/>).</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Is told of every better placement and bound; called from engine threads, must not throw.</summary>
    public IProgress<SolveProgress>? Progress { get; init; }

    /// <summary>Ends the solve once the gap of the main level is no more than this share, at least 0: 0.01 for 1 %. Null: only a proof ends it.</summary>
    public double? TargetGap { get; init; }

    /// <summary>Ends the solve when nothing better has been found for this long, counted from the first placement; above 0. Null: never.</summary>
    public TimeSpan? NoImprovement { get; init; }

    /// <summary>
    /// Bytes that models of exact solvers may take, above 0: estimated before a model is built, and answered by smaller ones. Null: most of what the
    /// machine or the container has free.
    /// </summary>
    public long? MemoryLimit { get; init; }

    /// <summary>
    /// Parts of the engine to go without, by their names in <see cref="SolverParts"/>: to measure what a part is worth, or to step around one. What is left
    /// answers as honestly as the whole, but finds or proves less.
    /// </summary>
    public IReadOnlyCollection<string> Without { get; init; } = [];

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>True to explain an infeasible problem (takes further solves within the time limit).</summary>
    public bool ExplainConflict { get; init; } = true;

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="InvalidInputException">One is.</exception>
    internal void Validate()
    {
        if (TargetGap is < 0 or double.NaN)
            throw InvalidInputException.Because($"The target gap ({TargetGap}) is not a share of at least 0.", "leave it out to go on until there is a proof.");
        if (MemoryLimit <= 0)
            throw InvalidInputException.Because($"The memory limit ({MemoryLimit}) is not above 0 bytes.", "leave it out to use what the machine has free.");
        foreach (string part in Without)
            if (!SolverParts.All.Contains(part))
                throw InvalidInputException.Because(
                    $"There is no part ({part}) to go without.", $"one of these was meant: {string.Join(", ", SolverParts.All)}.");
        if (NoImprovement is { } longest && longest <= TimeSpan.Zero)
            throw InvalidInputException.Because($"The time without improvement ({longest}) is not above 0.", "leave it out to use all the time there is.");
    }
}

/// <summary>How far a solve has come.</summary>
/// <param name="At">Time since its start.</param>
/// <param name="Phase">What the engine is doing, in words.</param>
/// <param name="Level">Level at hand.</param>
/// <param name="Value">Best value of it; null before the first placement.</param>
/// <param name="Bound">True lower bound of it; null if there is none.</param>
public sealed record SolveProgress(TimeSpan At, string Phase, int Level, long? Value, double? Bound);
