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
    /// A true lower bound of <see cref="Makespan"/>, in seconds, among plans with the fewest moves: for a plan without hops, no plan that moves each of the
    /// same VMs once, to the same target, ends earlier; for a plan with hops it is <see cref="BoundOfAll"/>. Null if there is none, as for a plan in which
    /// VMs stand still or that could not bring all to their targets.
    /// </summary>
    public long? Bound { get; init; }

    /// <summary>
    /// A number of migrations that every placement needs at least that breaks no rule (see the solver's <c>MigrationBound</c>); null if it is not known, as for
    /// a plan that leaves VMs behind or rules broken.
    /// </summary>
    public int? MigrationsBound { get; init; }

    /// <summary>
    /// A true lower bound of the makespan of every plan that brings the same VMs to the same targets by migrations, whatever hops of these VMs it makes, in
    /// seconds; at most <see cref="Bound"/>. Null if there is none.
    /// </summary>
    public long? BoundOfAll { get; init; }

    /// <summary>What parts of the plan are worth; null if nobody asked for it.</summary>
    public PlanCurve? Curve { get; init; }

    /// <summary>When the last action ends, in seconds; 0 for a plan without actions.</summary>
    public long Makespan => Actions.Count == 0 ? 0 : Actions.Max(a => a.End);

    /// <summary>The actions that move a VM, in order.</summary>
    public IEnumerable<PlannedAction> Moves => Actions.Where(a => a.Kind.IsMove());

    /// <summary>Number of temporary hops.</summary>
    public int Hops => Actions.Count(a => a.IsHop);

    /// <summary>Number of VMs that stand still for a while because nothing else breaks a cycle: suspended, or shut down and booted elsewhere.</summary>
    public int Interruptions => Actions.Count(a => a is { Kind: ActionKind.Suspend or ActionKind.Shutdown, Vm: { } vm } && Reached.IsPlaced(vm));

    /// <summary>True if every VM comes to where the placement wants it.</summary>
    public bool IsComplete => Unreached.Count == 0;

    /// <summary>The plan that ends after a wave: what belongs to later waves is left out, and VMs of it are not reached.</summary>
    /// <param name="cluster">The cluster that the plan is for.</param>
    /// <param name="wave">Number of the last wave that is carried out, at least 0.</param>
    public TimedPlan Until(ClusterSnapshot cluster, int wave)
    {
        PlannedAction[] kept = [.. Actions.Where(a => a.Wave <= wave)];
        IEnumerable<VmId> later = Actions.Where(a => a.Wave > wave && a.Vm is not null).Select(a => a.Vm!.Value).Distinct();
        return new TimedPlan
        {
            Actions = kept,
            Reached = ReachedBy(cluster, kept),
            Unreached = [.. Unreached, .. later.Select(vm => new UnreachedVm(vm, $"It belongs to a wave after wave {wave}."))],
            Settings = Settings,
        };
    }

    /// <summary>Where every VM is after some actions, each VM's in the order of their ends.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="actions">The actions.</param>
    public static Placement ReachedBy(ClusterSnapshot cluster, IEnumerable<PlannedAction> actions)
    {
        Place[] places = [.. Placement.StartOf(cluster).Places];
        foreach (PlannedAction action in actions.OrderBy(a => a.End).ThenBy(a => a.Start))
            if (action.Vm is { } vm && action.Kind is not (ActionKind.Resize or ActionKind.StorageMigrate))
                places[vm.Index] = action.To ?? Placement.Nowhere;
        return new Placement(places);
    }
}

/// <summary>A VM that a plan does not bring to its target.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Reason">Why, and what would free it, in a sentence.</param>
public sealed record UnreachedVm(VmId Vm, string Reason)
{
    /// <summary>True if the VM could come to its target, but a limit on the size of the plan leaves it out.</summary>
    public bool IsLeftOut { get; init; }
}
