namespace VirtOpt;

/// <summary>What became of a plan.</summary>
public sealed record ExecutionReport
{
    /// <summary>Name of the run, as in journal and audit log.</summary>
    public required string Run { get; init; }

    /// <summary>What became of each action, in the plan's order.</summary>
    public required IReadOnlyList<StepReport> Steps { get; init; }

    /// <summary>Why no further action was begun before the end of the plan; empty if all had their turn.</summary>
    public string Stopped { get; init; } = "";

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>True if the world is as the plan wants it.</summary>
    public bool IsComplete => Steps.All(s => s.IsDone);
}

/// <summary>What became of one action.</summary>
/// <param name="Action">The action.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">Why, in a sentence; empty if there is nothing to say.</param>
public sealed record StepReport(HypervisorAction Action, StepOutcome Outcome, string Message)
{
    /// <summary>How often it was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>How long it should take, in seconds.</summary>
    public long PlannedSeconds { get; init; }

    /// <summary>How long it took, in seconds, retries included.</summary>
    public double Seconds { get; init; }

    /// <summary>What the hypervisor measured; null if it did nothing.</summary>
    public ActionResult? Result { get; init; }

    /// <summary>Class of the fault that ended it; null if none did.</summary>
    public FaultKind? Fault { get; init; }

    /// <summary>True if the VM is where the action brings it.</summary>
    public bool IsDone => Outcome is StepOutcome.Done or StepOutcome.Already;
}

/// <summary>How an action ended.</summary>
public enum StepOutcome
{
    /// <summary>It was carried out and verified.</summary>
    Done,

    /// <summary>Nothing was to be done: the VM was there already.</summary>
    Already,

    /// <summary>It was tried and did not succeed; the VM is where it was, or the message says what is known.</summary>
    Failed,

    /// <summary>It was not begun: the hosts would refuse it, or the world is not what the plan assumes.</summary>
    Refused,

    /// <summary>It was not begun, because of another action, the window or a stop.</summary>
    Skipped,
}
