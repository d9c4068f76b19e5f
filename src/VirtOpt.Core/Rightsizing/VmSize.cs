using System.Globalization;

namespace VirtOpt;

/// <summary>What a VM has, or is to get, where it is. What is null is unknown, or stays as it is.</summary>
public sealed record VmSize
{
    /// <summary>Virtual CPUs, at least 1.</summary>
    public int? Vcpus { get; init; }

    /// <summary>Memory that the balloon leaves it, in MiB, above 0.</summary>
    public long? MemoryMiB { get; init; }

    /// <summary>Its weight where VMs compete for CPUs, 2 to 262,144; 1,024 is usual.</summary>
    public long? CpuShares { get; init; }

    /// <summary>The most CPU of each virtual CPU, in per cent of a CPU, at least 1; 0 for no limit.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>Its weight where VMs compete for disks, 100 to 1,000; 500 is usual.</summary>
    public long? BlockWeight { get; init; }

    /// <summary>True if nothing is said.</summary>
    public bool IsEmpty => this == new VmSize();

    /// <summary>What of this differs from another size.</summary>
    /// <param name="now">The other size.</param>
    public VmSize Without(VmSize now) => new()
    {
        Vcpus = Vcpus == now.Vcpus ? null : Vcpus,
        MemoryMiB = MemoryMiB == now.MemoryMiB ? null : MemoryMiB,
        CpuShares = CpuShares == now.CpuShares ? null : CpuShares,
        CpuQuota = CpuQuota == now.CpuQuota ? null : CpuQuota,
        BlockWeight = BlockWeight == now.BlockWeight ? null : BlockWeight,
    };

    /// <summary>Refuses values out of range.</summary>
    /// <param name="where">The VM, for the message.</param>
    /// <exception cref="InvalidInputException">One is.</exception>
    public void Validate(string where)
    {
        Within(where, "vcpus", Vcpus, 1, 100_000);
        Within(where, "memory", MemoryMiB, 1, 1_000_000_000);
        Within(where, "cpuShares", CpuShares, 2, 262_144);
        Within(where, "cpuQuota", CpuQuota, 0, 100);
        Within(where, "blockWeight", BlockWeight, 100, 1000);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        (string What, long? Value)[] all =
            [("vCPUs", Vcpus), ("MiB", MemoryMiB), ("CPU shares", CpuShares), ("% CPU quota", CpuQuota), ("block weight", BlockWeight)];
        return string.Join(", ", all.Where(a => a.Value is not null).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Value} {a.What}")));
    }

    private static void Within(string where, string what, long? value, long least, long most)
    {
        if (value is { } v && (v < least || v > most))
            throw InvalidInputException.Because($"{where}: {what} ({v}) is not within {least} .. {most}.", "the unit is another one.");
    }
}
