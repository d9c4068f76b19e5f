namespace VirtOpt;

/// <summary>A kind of synthetic cluster.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Summary">What is special about it, in one sentence.</param>
public sealed record GeneratorProfile(string Name, string Summary)
{
    private static readonly HostType[] AllTypes =
    [
        new("small", 32_000, 262_144, 4_000, 10_000, Price: 100, IdleWatts: 90, FullWatts: 320),
        new("standard", 64_000, 393_216, 8_000, 20_000, Price: 180, IdleWatts: 150, FullWatts: 560),
        new("large", 96_000, 786_432, 12_000, 25_000, Price: 290, IdleWatts: 220, FullWatts: 840),
        new("memory", 64_000, 1_048_576, 8_000, 20_000, Price: 310, IdleWatts: 210, FullWatts: 690),
    ];

    /// <summary>The profiles, in the order of the documentation.</summary>
    public static IReadOnlyList<GeneratorProfile> Entries { get; } =
    [
        new("mixed", "Four host types, fifteen flavours, anti-affinity and host groups, memory about 70 % full; consolidation."),
        new("uniform", "As mixed, but all hosts are equal.") { HostTypes = [AllTypes[1]] },
        new("overloaded", "As mixed, but some hosts start above their capacity or in maintenance, so there is something to repair; balance.")
        {
            MemoryPercent = 60, OverfullPercent = 5, MaintenancePercent = 5, Objective = PolicyPresets.Balance,
        },
        new("numa", "Equal hosts with two NUMA nodes; VMs take one node or, the largest, both; fragmentation.")
        {
            HostTypes = [AllTypes[1]], NumaNodes = 2, Objective = PolicyPresets.Fragmentation,
        },
    ];

    /// <summary>Share of the memory in use at the start, in per cent; less where the largest flavour would not fit otherwise.</summary>
    public int MemoryPercent { get; init; } = 70;

    /// <summary>Share of the VMs in anti-affinity groups.</summary>
    public int GroupedPercent { get; init; } = 10;

    /// <summary>Share of the VMs that are bound to a host group.</summary>
    public int FencedPercent { get; init; } = 5;

    /// <summary>Share of the VMs that cannot move.</summary>
    public int PinnedPercent { get; init; } = 1;

    /// <summary>Share of the hosts that start above their capacity.</summary>
    public int OverfullPercent { get; init; }

    /// <summary>Share of the hosts that start in maintenance, with VMs on them.</summary>
    public int MaintenancePercent { get; init; }

    /// <summary>NUMA nodes per host; 0 for none.</summary>
    public int NumaNodes { get; init; }

    /// <summary>The <see cref="PolicyPresets">preset</see> of objectives.</summary>
    public string Objective { get; init; } = PolicyPresets.Consolidate;

    internal IReadOnlyList<HostType> HostTypes { get; init; } = AllTypes;

    /// <summary>The profile with a name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static GeneratorProfile Named(string name) => Entries.FirstOrDefault(p => p.Name == name)
        ?? throw InvalidInputException.Because(
            $"There is no generator profile ({name}).", $"one of {string.Join(", ", Entries.Select(p => $"({p.Name})"))} was meant.");
}

/// <summary>A kind of host: CPU in millicores, memory in MiB, disk in GiB, network in Mbit/s.</summary>
internal sealed record HostType(string Name, long Cpu, long Memory, long Disk, long Network, long Price, int IdleWatts, int FullWatts)
{
    public long[] Capacity => [Cpu, Memory, Disk, Network];
}
