namespace VirtOpt;

/// <summary>A migration that was carried out, as it was measured.</summary>
public sealed record ExecutedMigration
{
    /// <summary>Name of the VM; empty if it is not told.</summary>
    public string Vm { get; init; } = "";

    /// <summary>Memory of the VM, in MiB, above 0.</summary>
    public required double MemoryMiB { get; init; }

    /// <summary>Time from begin to end, in seconds, above 0.</summary>
    public required double Seconds { get; init; }

    /// <summary>What went over the network, disks included, in MiB, at least 0; null if it was not measured.</summary>
    public double? MovedMiB { get; init; }

    /// <summary>Time in which the VM did not run, in seconds, at least 0; null if it was not measured.</summary>
    public double? DowntimeSeconds { get; init; }

    /// <summary>How fast the VM wrote to its memory meanwhile, in MiB/s, at least 0; null if it was not measured.</summary>
    public double? DirtyRate { get; init; }

    /// <summary>Disks that were copied, in MiB, at least 0.</summary>
    public double DiskMiB { get; init; }

    /// <summary>How the VM was moved.</summary>
    public TransferMode Mode { get; init; }

    /// <summary>Refuses values out of range.</summary>
    /// <param name="where">The migration, for the message.</param>
    /// <exception cref="InvalidInputException">One is.</exception>
    public void Validate(string where)
    {
        Within(where, "memory", MemoryMiB, 1e12, mayBeZero: false);
        Within(where, "seconds", Seconds, PlanLimits.Most, mayBeZero: false);
        Within(where, "disk", DiskMiB, 1e12);
        if (MovedMiB is { } moved) Within(where, "moved", moved, 1e15);
        if (DirtyRate is { } rate) Within(where, "dirty", rate, 1e12);
        if (DowntimeSeconds is not { } downtime) return;
        Within(where, "downtime", downtime, PlanLimits.Most);
        if (downtime > Seconds)
            throw InvalidInputException.Because($"{where}: the downtime ({downtime}) is longer than the migration ({Seconds} s).", "it is in milliseconds.");
    }

    private static void Within(string where, string what, double value, double most, bool mayBeZero = true)
    {
        if (!(value <= most && (value > 0 || (mayBeZero && value == 0))))
            throw InvalidInputException.Because(
                $"{where}: {what} ({value}) is not {(mayBeZero ? "at least" : "above")} 0 and up to {most}.",
                "the unit is wrong: MiB and seconds, or the migration failed.");
    }
}
