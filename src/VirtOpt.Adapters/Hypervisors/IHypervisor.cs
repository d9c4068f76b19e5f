namespace VirtOpt;

/// <summary>
/// A cluster of real hosts as the executor sees it. An adapter only looks, says what stands in the way of one action, and carries one action out;
/// order, limits, retries, journal and decisions are not its business. All members may be called from several threads at once.
/// </summary>
public interface IHypervisor : IDisposable
{
    /// <summary>Where VMs are right now, on some hosts.</summary>
    /// <param name="hosts">Names of the hosts to ask.</param>
    /// <returns>What each host says; a host that does not answer is told as such, never left out.</returns>
    /// <exception cref="InvalidInputException">There is no such host.</exception>
    IReadOnlyList<HostSighting> Look(IReadOnlyCollection<string> hosts);

    /// <summary>What stands in the way of an action now: room, CPU, storage, network, devices.</summary>
    /// <param name="action">The action.</param>
    /// <returns>The reasons, one sentence each; empty if it may begin.</returns>
    IReadOnlyList<string> Obstacles(HypervisorAction action);

    /// <summary>Carries an action out and returns when it is over.</summary>
    /// <param name="action">The action.</param>
    /// <param name="progress">Told now and then how far it is.</param>
    /// <param name="abort">Asks to break it off; the VM then stays where it was.</param>
    /// <returns>What became of it, as far as the adapter knows; faults are results, not exceptions.</returns>
    ActionResult Perform(HypervisorAction action, IProgress<ActionProgress> progress, CancellationToken abort);

    /// <summary>
    /// Tidies up after an action that broke off without anybody watching: waits for a migration that still runs, resumes a VM that was paused for its
    /// migration, and removes the definition that was left on the host on which the VM is not. Never stops a running VM.
    /// </summary>
    /// <param name="action">The action.</param>
    /// <param name="abort">Stop waiting.</param>
    /// <returns>What was done, in a sentence; empty if there was nothing to do.</returns>
    string Settle(HypervisorAction action, CancellationToken abort);
}

/// <summary>One action in the names of real hosts and VMs.</summary>
/// <param name="Id">Its number in the plan.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Vm">The VM; empty for an action on a host.</param>
/// <param name="From">The host that the VM is on before; null if it has none. For an action on a host, that host.</param>
/// <param name="To">The host that the VM is on after; null if it gives up its place.</param>
public sealed record HypervisorAction(int Id, ActionKind Kind, string Vm, string? From, string? To)
{
    /// <summary>What the VM is to get, for <see cref="ActionKind.Resize"/>; null for other kinds, and where the plan does not say.</summary>
    public VmSize? Size { get; init; }

    /// <summary>Storage pool that its disks go to, for <see cref="ActionKind.StorageMigrate"/>; empty for other kinds, and if the plan does not say.</summary>
    public string Pool { get; init; } = "";

    /// <summary>True for an action on a VM that stays on its host and running.</summary>
    public bool IsInPlace => Kind is ActionKind.Resize or ActionKind.StorageMigrate;

    /// <summary>The hosts that take part.</summary>
    public IReadOnlyList<string> Hosts { get; } = [.. ((string?[])[From, To]).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override string ToString() => Kind == ActionKind.Check ? Kind.Word() : Kind.IsOfHost() ? $"{Kind.Word()} {From}"
        : Kind is ActionKind.Resize or ActionKind.StorageMigrate ? $"{Kind.Word()} {Vm}{(From is null ? "" : $" on {From}")}{What()}"
        : $"{Kind.Word()} {Vm}{(From is null ? "" : $" from {From}")}{(To is null ? "" : $" to {To}")}";

    private string What() => Size is { } size ? $": {size}" : Pool.Length > 0 ? $": to the pool {Pool}" : "";
}

/// <summary>What a host says of itself.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Fault">Why it does not answer; null if it does.</param>
/// <param name="Vms">The VMs that it knows.</param>
public sealed record HostSighting(string Host, string? Fault, IReadOnlyList<VmSighting> Vms)
{
    /// <summary>The VM with a name; null if the host does not know it.</summary>
    public VmSighting? Find(string vm) => Vms.FirstOrDefault(v => v.Name == vm);
}

/// <summary>A VM as a host knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uuid">What tells it from others of its name.</param>
/// <param name="State">Whether it runs.</param>
public sealed record VmSighting(string Name, Guid Uuid, VmState State)
{
    /// <summary>True if the VM has memory on the host: it runs or is paused.</summary>
    public bool IsActive => State is VmState.Running or VmState.Paused;
}

/// <summary>Whether a VM runs.</summary>
public enum VmState
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has memory and does not run: paused, or coming or going in a migration.</summary>
    Paused,

    /// <summary>It is defined and off.</summary>
    Off,

    /// <summary>It is suspended: its memory is saved to storage.</summary>
    Saved,
}

/// <summary>How far an action is.</summary>
/// <param name="Fraction">0 to 1; null if unknown.</param>
/// <param name="Text">The same in words.</param>
public sealed record ActionProgress(double? Fraction, string Text);

/// <summary>What became of an action.</summary>
public sealed record ActionResult
{
    /// <summary>Null if it succeeded.</summary>
    public FaultKind? Fault { get; init; }

    /// <summary>What went wrong, in a sentence; empty if nothing did.</summary>
    public string Message { get; init; } = "";

    /// <summary>How long the VM stood still, in milliseconds; null if unknown.</summary>
    public long? DowntimeMilliseconds { get; init; }

    /// <summary>Memory that the VM has, in MiB; null if unknown.</summary>
    public long? MemoryMiB { get; init; }

    /// <summary>MiB that were sent; null if unknown.</summary>
    public long? TransferredMiB { get; init; }

    /// <summary>What the VM had before a resize; null for other actions, and if unknown.</summary>
    public VmSize? SizeBefore { get; init; }

    /// <summary>How fast the VM wrote to its memory meanwhile, in MiB/s; null if unknown.</summary>
    public long? DirtyRate { get; init; }

    /// <summary>True without a fault.</summary>
    public bool IsDone => Fault is null;

    /// <summary>A failure.</summary>
    public static ActionResult Failed(FaultKind fault, string message) => new() { Fault = fault, Message = message };
}

/// <summary>Classes of faults, by what is sensible after them.</summary>
public enum FaultKind
{
    /// <summary>A link or daemon broke off, something timed out: trying again may help.</summary>
    Transient,

    /// <summary>The target has no room: trying again may help once others have left.</summary>
    NoRoom,

    /// <summary>The hosts refuse for good: CPU, storage, devices, rights.</summary>
    Refused,

    /// <summary>The world is not what the plan assumed: the VM is gone, moved or stopped.</summary>
    Changed,

    /// <summary>A host does not answer.</summary>
    HostLost,

    /// <summary>It was broken off on request.</summary>
    Aborted,

    /// <summary>None of these.</summary>
    Unknown,
}
