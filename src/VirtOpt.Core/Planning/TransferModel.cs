namespace VirtOpt;

/// <summary>What one migration is expected to take.</summary>
/// <param name="Seconds">Time from begin to end.</param>
/// <param name="DowntimeSeconds">Time in which the VM does not run.</param>
/// <param name="MovedMiB">What goes over the network.</param>
/// <param name="Rounds">Rounds of copying memory, the last one with the VM stopped included; 1 for post-copy, 0 for a cold move.</param>
public sealed record TransferEstimate(double Seconds, double DowntimeSeconds, double MovedMiB, int Rounds);

/// <summary>
/// How long actions take. Pre-copy is that of Clark et al., Live Migration of Virtual Machines, NSDI 2005, who name the writable working set, predicted from
/// memory, dirty rate and bandwidth as by Liu et al., Performance and Energy Modeling for Live Migration of Virtual Machines, HPDC 2011: round 0 copies
/// the memory, round i what was written during round i - 1, at most the writable working set; what is left when it can be copied within the downtime
/// limit, shrinks no more, or the rounds are over, is copied with the VM stopped. Post-copy copies each page once (Hines and Gopalan, Post-Copy Based
/// Live Virtual Machine Migration Using Adaptive Pre-Paging and Dynamic Self-Ballooning, VEE 2009).
/// </summary>
public sealed record TransferModel
{
    private const double MiBPerMegabit = 1e6 / 8 / (1 << 20);

    /// <summary>
    /// Bandwidth of one migration, in Mbit/s, above 0: what is reserved for it, or what is left of a host's link while all parallel ones run.
    /// </summary>
    public double Bandwidth { get; init; } = 5000;

    /// <summary>How many times smaller memory is on the wire than in the host, at least 1; 1 for no compression.</summary>
    public double Compression { get; init; } = 1;

    /// <summary>Most rounds of copying with the VM running, at least 1.</summary>
    public int MostRounds { get; init; } = 29;

    /// <summary>The VM may be stopped for this long, in seconds, above 0; 0.3 is QEMU's default.</summary>
    public double DowntimeLimit { get; init; } = 0.3;

    /// <summary>Time of every migration for preparing and for handing over, in seconds, at least 0.</summary>
    public double Overhead { get; init; } = 2;

    /// <summary>Dirty rate of VMs that nothing is known of, in MiB/s, at least 0.</summary>
    public double DirtyRate { get; init; } = 50;

    /// <summary>Writable working set of VMs that nothing is known of, as a share of their memory, 0 to 1.</summary>
    public double WorkingSetShare { get; init; } = 0.1;

    /// <summary>How VMs are moved that nothing else is known of. A VM whose downtime class is <see cref="DowntimeClass.Cold"/> is always moved cold.</summary>
    public TransferMode Mode { get; init; }

    /// <summary>Memory of VMs in clusters without a memory dimension, in MiB.</summary>
    public double UnknownMemoryMiB { get; init; } = 4096;

    /// <summary>Time to boot a VM, in seconds.</summary>
    public double BootSeconds { get; init; } = 30;

    /// <summary>Time to shut a VM down, in seconds.</summary>
    public double ShutdownSeconds { get; init; } = 20;

    /// <summary>Time to change the amount of a resource of a VM, in seconds.</summary>
    public double ResizeSeconds { get; init; } = 1;

    /// <summary>Time to switch a host on, in seconds.</summary>
    public double HostBootSeconds { get; init; } = 300;

    /// <summary>Time to switch a host off, in seconds.</summary>
    public double HostShutdownSeconds { get; init; } = 120;

    /// <summary>What one migration takes.</summary>
    /// <param name="memoryMiB">The VM's memory.</param>
    /// <param name="vm">What is known of the VM.</param>
    /// <param name="mode">How it is moved.</param>
    public TransferEstimate Estimate(double memoryMiB, VmTransfer vm, TransferMode mode)
    {
        double rate = Bandwidth * MiBPerMegabit;
        double disk = vm.DiskMiB / rate;
        TransferEstimate estimate = mode switch
        {
            TransferMode.Cold => new(ShutdownSeconds + disk + BootSeconds, ShutdownSeconds + disk + BootSeconds, vm.DiskMiB, 0),
            TransferMode.PostCopy => new(Overhead + disk + (memoryMiB / (rate * Compression)), Math.Min(Overhead, DowntimeLimit), vm.DiskMiB + memoryMiB, 1),
            _ => PreCopy(memoryMiB, vm, rate * Compression, disk),
        };
        return vm.Seconds is { } known ? estimate with { Seconds = known, DowntimeSeconds = Math.Min(known, estimate.DowntimeSeconds) } : estimate;
    }

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="InvalidInputException">One is.</exception>
    public void Validate()
    {
        Within("bandwidth", Bandwidth, 0.001, 1e9);
        Within("compression", Compression, 1, 1000);
        Within("most rounds", MostRounds, 1, 10_000);
        Within("downtime limit", DowntimeLimit, 0.001, 1e6);
        Within("working set share", WorkingSetShare, 0, 1);
        foreach ((string what, double value) in new[]
        {
            ("overhead", Overhead), ("dirty rate", DirtyRate), ("memory of unknown VMs", UnknownMemoryMiB), ("boot time", BootSeconds),
            ("shutdown time", ShutdownSeconds), ("resize time", ResizeSeconds), ("boot time of hosts", HostBootSeconds),
            ("shutdown time of hosts", HostShutdownSeconds),
        })
            Within(what, value, 0, PlanLimits.Most);
    }

    private TransferEstimate PreCopy(double memoryMiB, VmTransfer vm, double rate, double diskSeconds)
    {
        double dirty = vm.DirtyRate ?? DirtyRate;
        double working = Math.Min(memoryMiB, vm.WorkingSetMiB ?? (WorkingSetShare * memoryMiB));
        (double left, double moved, double last) = (memoryMiB, 0, double.PositiveInfinity);
        int rounds = 0;
        while (rounds < MostRounds && left > DowntimeLimit * rate && left < last)
        {
            rounds++;
            moved += left;
            last = left;
            left = Math.Min(working, dirty * left / rate);
        }

        return new(Overhead + diskSeconds + ((moved + left) / rate), left / rate, vm.DiskMiB + moved + left, rounds + 1);
    }

    private static void Within(string what, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            throw InvalidInputException.Because($"The {what} ({value}) of the transfer model is not within {least} .. {most}.", "the unit is wrong.");
    }
}
