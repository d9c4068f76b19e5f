namespace VirtOpt;

/// <summary>How a plan is carried out.</summary>
public sealed record ExecutionOptions
{
    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Most times that one action is begun, at least 1; faults that trying again cannot mend end it at once. Default 3.</summary>
    public int MostAttempts { get; init; } = 3;

    /// <summary>Pause before the second attempt; it doubles with each further one. Default 5 s.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Failed actions after which no other is begun, at least 1. Default 3.</summary>
    public int MostFailures { get; init; } = 3;

    /// <summary>When the last action must have ended by its planned duration; null for no such time. Later ones are not begun.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Stretch of the day in which actions run; null for the whole day. One that would end after it is not begun.</summary>
    public MaintenanceWindow? Window { get; init; }

    /// <summary>Least time between the begins of two actions. Default none.</summary>
    public TimeSpan Spacing { get; init; }

    /// <summary>Labels of each host by scope, for limits on links between racks or the like; a host without a label counts for no link.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> LabelsOfHost { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>All hosts, to say where a VM is that is not where the plan assumes.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>
    /// Looks between two waves whether the cluster is as well as was promised: returns what is not, a sentence each, and nothing further begins. Null for no
    /// look.
    /// </summary>
    public Func<IReadOnlyList<string>>? Verify { get; init; }

    /// <summary>Told what happens to each action, as it happens; may be called from several threads at once.</summary>
    public Action<ExecutionPoint, HypervisorAction, string>? Watch { get; init; }
}

/// <summary>A point that an action passes.</summary>
public enum ExecutionPoint
{
    /// <summary>The world is as the plan assumes; nothing is written yet.</summary>
    Checked,

    /// <summary>The journal says that the action begins.</summary>
    Begun,

    /// <summary>The hypervisor is at it.</summary>
    Progress,

    /// <summary>The hypervisor says that it is over, well or not.</summary>
    Performed,

    /// <summary>Both hosts were asked where the VM is.</summary>
    Verified,

    /// <summary>The journal says how the action ended.</summary>
    Ended,
}
