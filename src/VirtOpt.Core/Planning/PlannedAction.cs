namespace VirtOpt;

/// <summary>One action of a <see cref="TimedPlan"/>. Times are whole seconds from the begin of the plan.</summary>
public sealed record PlannedAction
{
    /// <summary>Number of the action, unique in its plan, at least 1.</summary>
    public required int Id { get; init; }

    /// <summary>What it does.</summary>
    public required ActionKind Kind { get; init; }

    /// <summary>The VM that it is about; null for an action on a host.</summary>
    public VmId? Vm { get; init; }

    /// <summary>The host that it is about; null for an action on a VM.</summary>
    public HostId? Host { get; init; }

    /// <summary>Where the VM is before; null for a VM that has no place and for actions on hosts.</summary>
    public Place? From { get; init; }

    /// <summary>Where the VM is after; null for a VM that gives up its place and for actions on hosts.</summary>
    public Place? To { get; init; }

    /// <summary>When the action begins, at least 0.</summary>
    public required long Start { get; init; }

    /// <summary>When it ends, at least <see cref="Start"/>.</summary>
    public required long End { get; init; }

    /// <summary>
    /// Actions that must have ended before this one begins, whatever the clock says: they make room for it, end the VM's move before, or free what a
    /// rule asks for. Ascending. An executor that waits for these, and keeps the limits, may run ahead of or behind the times.
    /// </summary>
    public IReadOnlyList<int> After { get; init; } = [];

    /// <summary>True if the VM only makes room and goes on from there later.</summary>
    public bool IsHop { get; init; }

    /// <summary>Position of the dimension that a <see cref="ActionKind.Resize"/> changes; null for other kinds.</summary>
    public int? Dimension { get; init; }

    /// <summary>The amount of that dimension after a resize, in the dimension's unit, at least 0.</summary>
    public long Amount { get; init; }

    /// <summary>
    /// Number of its wave, at least 1, in a plan that is ordered by value: who carries out all actions up to a wave that ends a stop of
    /// <see cref="TimedPlan.Curve"/>, and no other, leaves a valid cluster. Hosts that boot first have 0, those that follow their last VM have its wave. 0 in
    /// other plans.
    /// </summary>
    public int Wave { get; init; }

    /// <summary>How long the action takes.</summary>
    public long Duration => End - Start;
}
