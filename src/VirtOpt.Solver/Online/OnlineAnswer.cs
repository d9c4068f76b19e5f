namespace VirtOpt;

/// <summary>What an <see cref="OnlinePlacer"/> did in one call. What it names is done: the placer's state has it.</summary>
public sealed record OnlineAnswer
{
    /// <summary>VMs that got a place in this call, or a new one, in the order in which they were placed.</summary>
    public IReadOnlyList<PlacedVm> Placed { get; init; } = [];

    /// <summary>VMs that should have got a place but did not, with the reason.</summary>
    public IReadOnlyList<RefusedVm> Refused { get; init; } = [];

    /// <summary>The objective before the call, level by level.</summary>
    public IReadOnlyList<LevelValue> Before { get; init; } = [];

    /// <summary>The objective after the call, level by level. Migrations of this call count, those of earlier calls do not.</summary>
    public IReadOnlyList<LevelValue> After { get; init; } = [];

    /// <summary>True if no VM was refused.</summary>
    public bool IsComplete => Refused.Count == 0;
}

/// <summary>A VM with its new place.</summary>
/// <param name="Vm">Name of the VM.</param>
/// <param name="Host">Name of its host.</param>
/// <param name="Place">The host with its NUMA nodes and GPUs.</param>
/// <param name="From">Name of the host that it migrates from; null if it starts.</param>
public sealed record PlacedVm(string Vm, string Host, Place Place, string? From);

/// <summary>A VM that got no place.</summary>
/// <param name="Vm">Name of the VM.</param>
/// <param name="Reason">Which rules refuse how many places, in words.</param>
public sealed record RefusedVm(string Vm, string Reason);

/// <summary>How an <see cref="OnlinePlacer"/> works.</summary>
public sealed record OnlineOptions
{
    /// <summary>
    /// How many VMs that nobody asked for may migrate in one call, at least 0, to make room for a VM that fits nowhere. Such a search takes longer
    /// than ten milliseconds on large clusters.
    /// </summary>
    public int AllowMigrations { get; init; }

    /// <summary>How often the VMs of a host that failed, or is evacuated, are looked at again once all have a place; at least 0.</summary>
    public int ImprovementRounds { get; init; } = 1;

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="InvalidInputException">One is.</exception>
    internal void Validate()
    {
        if (AllowMigrations < 0)
            throw InvalidInputException.Because($"The number of migrations allowed ({AllowMigrations}) must be at least 0.", "leave it out: 0 is the default.");
        if (ImprovementRounds < 0)
            throw InvalidInputException.Because($"The number of rounds ({ImprovementRounds}) must be at least 0.", "leave it out: 1 is the default.");
    }
}
