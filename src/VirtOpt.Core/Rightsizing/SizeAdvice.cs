namespace VirtOpt;

/// <summary>How a VM's need follows from its history.</summary>
public enum SizingPolicy
{
    /// <summary>What it uses.</summary>
    Demand,

    /// <summary>What it uses and what it waits for: a VM that suffers needs more than it gets.</summary>
    Performance,

    /// <summary>As performance, at its busiest, with room to spare and precedence over others.</summary>
    Latency,
}

/// <summary>A VM with its history.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Now">What it has now; virtual CPUs and memory are known.</param>
/// <param name="MostVcpus">The most virtual CPUs that its definition allows.</param>
/// <param name="MostMemoryMiB">The most memory that its definition allows.</param>
public sealed record VmUsage(string Name, VmSize Now, int MostVcpus, long MostMemoryMiB)
{
    /// <summary>CPU in use over time, in millicore; NaN where unknown.</summary>
    public IReadOnlyList<double> Cpu { get; init; } = [];

    /// <summary>CPU that it waited for, in millicore, on the same grid; NaN where unknown.</summary>
    public IReadOnlyList<double> Wait { get; init; } = [];

    /// <summary>Memory that the guest used, in MiB; NaN where unknown.</summary>
    public IReadOnlyList<double> Used { get; init; } = [];
}

/// <summary>Whether a VM has the right size.</summary>
public enum SizeVerdict
{
    /// <summary>It is right.</summary>
    Right,

    /// <summary>It has more than it needs of something, and of nothing too little.</summary>
    TooBig,

    /// <summary>It needs more of something.</summary>
    TooSmall,

    /// <summary>Its history is too short.</summary>
    Unknown,
}

/// <summary>What size a VM should have, and why.</summary>
/// <param name="Usage">The VM.</param>
/// <param name="Verdict">Whether it has the right size.</param>
/// <param name="Change">What is to change; empty if nothing is.</param>
/// <param name="Reasons">Why, a sentence each, with the percentile that it follows from.</param>
public sealed record SizeAdvice(VmUsage Usage, SizeVerdict Verdict, VmSize Change, IReadOnlyList<string> Reasons);
