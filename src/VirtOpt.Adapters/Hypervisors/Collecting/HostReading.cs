namespace VirtOpt;

/// <summary>A host as its hypervisor tells it. An adapter fills it in; <see cref="SnapshotBuilder"/> makes a cluster of it.</summary>
public sealed record HostReading
{
    /// <summary>Name in the inventory.</summary>
    public required string Name { get; init; }

    /// <summary>CPU model, such as EPYC-Rome; empty if unknown.</summary>
    public string CpuModel { get; init; } = "";

    /// <summary>Logical CPUs, at least 1.</summary>
    public required int Cpus { get; init; }

    /// <summary>Sockets, cores of each and threads of each core.</summary>
    public (int Sockets, int Cores, int Threads) Topology { get; init; }

    /// <summary>Clock in MHz; 0 if unknown.</summary>
    public int MHz { get; init; }

    /// <summary>Installed memory, in MiB.</summary>
    public required long MemoryMiB { get; init; }

    /// <summary>Memory that is free now, caches included, in MiB.</summary>
    public long FreeMemoryMiB { get; init; }

    /// <summary>CPU in use now, by all that runs, in millicore.</summary>
    public long CpuMillicores { get; init; }

    /// <summary>NUMA nodes.</summary>
    public IReadOnlyList<NumaReading> Numa { get; init; } = [];

    /// <summary>Storage pools that are active.</summary>
    public IReadOnlyList<PoolReading> Pools { get; init; } = [];

    /// <summary>The VMs that have memory on the host.</summary>
    public required IReadOnlyList<VmReading> Vms { get; init; }
}

/// <summary>A NUMA node of a host.</summary>
/// <param name="Cpus">Its logical CPUs.</param>
/// <param name="MemoryMiB">Its memory, in MiB.</param>
/// <param name="HugePagesMiB">Memory in huge pages, in MiB.</param>
public sealed record NumaReading(int Cpus, long MemoryMiB, long HugePagesMiB);

/// <summary>A storage pool of a host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Such as dir, netfs, rbd.</param>
/// <param name="Path">Folder in which its volumes are; empty if it has none.</param>
/// <param name="IsShared">True if other hosts see the same volumes.</param>
/// <param name="FreeMiB">Room, in MiB.</param>
public sealed record PoolReading(string Name, string Kind, string Path, bool IsShared, long FreeMiB);

/// <summary>A VM as its hypervisor tells it.</summary>
public sealed record VmReading
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What tells it from others of its name.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Virtual CPUs in use, at least 1, and the most that it may get.</summary>
    public required (int Now, int Most) Vcpus { get; init; }

    /// <summary>The most memory that it may have, in MiB.</summary>
    public required long MemoryMiB { get; init; }

    /// <summary>Memory that the balloon leaves it, in MiB.</summary>
    public long BalloonMiB { get; init; }

    /// <summary>Memory that the guest itself says it uses, in MiB; null if it does not tell.</summary>
    public long? GuestUsedMiB { get; init; }

    /// <summary>CPU that it uses, in millicore.</summary>
    public long CpuMillicores { get; init; }

    /// <summary>CPU for which its virtual CPUs wait though they could run (steal), in millicore.</summary>
    public long WaitMillicores { get; init; }

    /// <summary>Network traffic both ways, in kbit/s.</summary>
    public long NetworkKbits { get; init; }

    /// <summary>Disk traffic both ways, in KiB/s.</summary>
    public long DiskKiBs { get; init; }

    /// <summary>True if it is paused.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether the agent in the guest answers; null if it has none, or was not asked.</summary>
    public bool? AgentAnswers { get; init; }

    /// <summary>True if it sees the CPU model of its host and can only go where there is the same.</summary>
    public bool NeedsHostCpu { get; init; }

    /// <summary>Disks that are on its host alone, by path, with their size in MiB.</summary>
    public IReadOnlyDictionary<string, long> LocalDisks { get; init; } = new Dictionary<string, long>();

    /// <summary>What binds it to its host for good, one sentence part each: "the passed-through PCI device 0000:65:00.0".</summary>
    public IReadOnlyList<string> Bindings { get; init; } = [];
}
