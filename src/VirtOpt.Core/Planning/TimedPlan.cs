namespace VirtOpt;

/// <summary>
/// A way from the start of a cluster to a placement, action by action, each with its time. At every moment every host has room for all that is on it,
/// comes to it or has not left it yet. Immutable.
/// </summary>
public sealed record TimedPlan
{
    /// <summary>The actions, by start, then by id.</summary>
    public required IReadOnlyList<PlannedAction> Actions { get; init; }

    /// <summary>Where every VM is after the plan.</summary>
    public required Placement Reached { get; init; }

    /// <summary>VMs that the plan does not bring to where the placement wants them, with the reason.</summary>
    public IReadOnlyList<UnreachedVm> Unreached { get; init; } = [];

    /// <summary>The durations and limits that the plan was made for.</summary>
    public required PlanSettings Settings { get; init; }

    /// <summary>
    /// A true lower bound of <see cref="Makespan"/>, in seconds: for a plan without hops, no plan that moves each of these VMs once to the same target ends
    /// earlier; for a plan with hops, none does whatever its hops of these VMs. Null if there is none, as for a plan that leaves VMs behind.
    /// </summary>
    public long? Bound { get; init; }

    /// <summary>
    /// A number of migrations that every placement needs at least that breaks no rule (see the solver's <c>MigrationBound</c>); null if it is not known, as for
    /// a plan that leaves VMs behind or rules broken.
    /// </summary>
    public int? MigrationsBound { get; init; }

    /// <summary>When the last action ends, in seconds; 0 for a plan without actions.</summary>
    public long Makespan => Actions.Count == 0 ? 0 : Actions.Max(a => a.End);

    /// <summary>The actions that move a VM, in order.</summary>
    public IEnumerable<PlannedAction> Moves => Actions.Where(a => a.Kind.IsMove());

    /// <summary>Number of temporary hops.</summary>
    public int Hops => Actions.Count(a => a.IsHop);

    /// <summary>True if every VM comes to where the placement wants it.</summary>
    public bool IsComplete => Unreached.Count == 0;
}

/// <summary>A VM that a plan does not bring to its target.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Reason">Why, and what would free it, in a sentence.</param>
public sealed record UnreachedVm(VmId Vm, string Reason);
