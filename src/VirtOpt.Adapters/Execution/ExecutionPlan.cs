namespace VirtOpt;

/// <summary>A plan in the names of real hosts and VMs: what the executor works through.</summary>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="Steps">The actions.</param>
/// <param name="Limits">What may run at the same time.</param>
public sealed record ExecutionPlan(string Cluster, IReadOnlyList<ExecutionStep> Steps, PlanLimits Limits)
{
    /// <summary>A timed plan in names.</summary>
    public static ExecutionPlan Of(TimedPlan plan, ClusterSnapshot cluster)
    {
        return new ExecutionPlan(cluster.Name, [.. plan.Actions.Select(Step)], plan.Settings.Limits);

        ExecutionStep Step(PlannedAction action) => new(
            new HypervisorAction(
                action.Id,
                action.Kind,
                action.Vm is { } vm ? cluster[vm].Name : "",
                NameOf(action.From?.Host ?? action.Host),
                NameOf(action.To?.Host))
            {
                Size = action.Dimension is { } d ? SizeOf(cluster.Dimensions[d].Name, action.Amount) : null,
            },
            action.After,
            action.Duration);

        string? NameOf(HostId? host) => host is { } id ? cluster[id].Name : null;
    }

    /// <summary>The size that a resize of a dimension asks for: virtual CPUs and memory have one.</summary>
    internal static VmSize SizeOf(string dimension, long amount) => dimension switch
    {
        "vcpu" => new VmSize { Vcpus = (int)Math.Clamp(amount, 1, int.MaxValue) },
        "memory" => new VmSize { MemoryMiB = amount },
        _ => new VmSize(),
    };

    /// <summary>
    /// The way back: the same moves the other way round, each after those that followed it. Every state on the way is one that the plan went through.
    /// </summary>
    /// <param name="done">Ids of the actions that were carried out.</param>
    public ExecutionPlan Back(IReadOnlySet<int> done) => this with
    {
        Steps =
        [
            .. Steps.Where(s => done.Contains(s.Action.Id) && s.Action.Kind.IsMove()).Reverse().Select(s => s with
            {
                Action = s.Action with { From = s.Action.To, To = s.Action.From },
                After = [.. Steps.Where(later => later.After.Contains(s.Action.Id) && done.Contains(later.Action.Id) && later.Action.Kind.IsMove()).Select(
                    l => l.Action.Id)],
            }),
        ],
    };
}

/// <summary>One action with what it waits for.</summary>
/// <param name="Action">The action.</param>
/// <param name="After">Ids of the actions that must have been done before.</param>
/// <param name="Seconds">How long it should take.</param>
public sealed record ExecutionStep(HypervisorAction Action, IReadOnlyList<int> After, long Seconds);
