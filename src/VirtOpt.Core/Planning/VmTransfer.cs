namespace VirtOpt;

/// <summary>How a VM is moved.</summary>
public enum TransferMode
{
    /// <summary>Live: memory is copied while the VM runs on the source, what it writes is copied again, round by round.</summary>
    PreCopy,

    /// <summary>Live: the VM runs on the target at once, its memory follows, each page once.</summary>
    PostCopy,

    /// <summary>The VM is shut down, its disks are moved if they are not shared, and it is booted.</summary>
    Cold,
}

/// <summary>What a VM's migration depends on. Null: the <see cref="TransferModel"/> has a default.</summary>
public sealed record VmTransfer
{
    /// <summary>Memory to move, in MiB, at least 0; null for the VM's demand in the memory dimension.</summary>
    public double? MemoryMiB { get; init; }

    /// <summary>How fast the VM writes to memory that was copied already, in MiB/s, at least 0.</summary>
    public double? DirtyRate { get; init; }

    /// <summary>Memory that the VM writes to again and again (writable working set), in MiB, at least 0.</summary>
    public double? WorkingSetMiB { get; init; }

    /// <summary>Disks that must be copied because hosts share no storage, in MiB, at least 0. Default 0: shared storage.</summary>
    public double DiskMiB { get; init; }

    /// <summary>How the VM is moved.</summary>
    public TransferMode? Mode { get; init; }

    /// <summary>A measured or agreed duration of one migration, in seconds, above 0; null to estimate it.</summary>
    public double? Seconds { get; init; }

    /// <summary>Time to boot the VM, in seconds, at least 0; null for the model's.</summary>
    public double? BootSeconds { get; init; }

    /// <summary>Time to shut the VM down, in seconds, at least 0; null for the model's.</summary>
    public double? ShutdownSeconds { get; init; }

    /// <summary>Time to change the amount of a resource of the VM, in seconds, at least 0; null for the model's.</summary>
    public double? ResizeSeconds { get; init; }

    /// <summary>Refuses values out of range.</summary>
    /// <param name="who">The VM, for the message.</param>
    /// <exception cref="InvalidInputException">One is.</exception>
    public void Validate(string who)
    {
        NotNegative("memory", MemoryMiB, who);
        NotNegative("dirty rate", DirtyRate, who);
        NotNegative("working set", WorkingSetMiB, who);
        NotNegative("disk", DiskMiB, who);
        foreach ((string what, double? value) in new[] { ("boot", BootSeconds), ("shutdown", ShutdownSeconds), ("resize", ResizeSeconds) })
            if (value is not (null or (>= 0 and <= PlanLimits.Most)))
                throw InvalidInputException.Because(
                    $"The {what} seconds ({value}) of {who} are not within 0 .. {PlanLimits.Most}.", "leave them out for the default of the transfer model.");
        if (Seconds is not (null or (> 0 and <= PlanLimits.Most)))
            throw InvalidInputException.Because(
                $"The seconds ({Seconds}) of a migration of {who} are not within 0 .. {PlanLimits.Most}, and above 0.",
                "leave them out to have them estimated.");
    }

    private static void NotNegative(string what, double? value, string who)
    {
        if (value is not (null or (>= 0 and <= 1e12)))
            throw InvalidInputException.Because($"The {what} ({value}) of {who} is not within 0 .. 1e12.", "the unit is wrong: MiB, and MiB/s for rates.");
    }
}
