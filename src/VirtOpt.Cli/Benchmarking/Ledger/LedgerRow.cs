namespace VirtOpt.Cli.Benchmarking;

/// <summary>One run of a suite, as the ledger keeps it. Null stands for what is not known or does not apply.</summary>
/// <param name="Suite">Name of the suite.</param>
/// <param name="Key">What was run, and how.</param>
internal sealed record LedgerRow(string Suite, RunKey Key)
{
    /// <summary>Number of hosts.</summary>
    public long? Hosts { get; init; }

    /// <summary>Number of VMs.</summary>
    public long? Vms { get; init; }

    /// <summary>The status as <c>virtopt solve</c> writes it.</summary>
    public required string Status { get; init; }

    /// <summary>Value of the first level asked for.</summary>
    public double? Objective { get; init; }

    /// <summary>True lower bound of the objective.</summary>
    public double? Bound { get; init; }

    /// <summary>(objective - bound) / |objective|; 0 if proven.</summary>
    public double? Gap { get; init; }

    /// <summary>Seconds until the objective had the value that it ended with.</summary>
    public double? TimeToBest { get; init; }

    /// <summary>Migrations of the plan, hops included.</summary>
    public long? Migrations { get; init; }

    /// <summary>Temporary hops among them.</summary>
    public long? Hops { get; init; }

    /// <summary>Rules broken anew, as the independent checker counts them.</summary>
    public long? Violations { get; init; }

    /// <summary>Wall time in seconds, from reading the input to the checked plan.</summary>
    public double? Wall { get; init; }

    /// <summary>Largest memory of the process during the run in MiB, looked at ten times a second.</summary>
    public double? Memory { get; init; }

    /// <summary>Objective that the fast heuristics reached before the search.</summary>
    public double? Baseline { get; init; }

    /// <summary>The figure that the case names.</summary>
    public double? Figure { get; init; }

    /// <summary>Who published a result; empty if nobody did.</summary>
    public string Peer { get; init; } = "";

    /// <summary>The published objective, or the published figure where there is one.</summary>
    public double? PeerValue { get; init; }

    /// <summary>Score against the peer, see <see cref="Benchmarking.Peer.Score"/>.</summary>
    public double? Score { get; init; }

    /// <summary>The value that peers are compared by.</summary>
    public double? Compared => Figure ?? Objective;

    /// <summary>The published value, if it is one of the objective.</summary>
    public double? PeerObjective => Figure is null ? PeerValue : null;

    /// <summary>How large the problem is: hosts times VMs.</summary>
    public double? Size => (double?)Hosts * Vms;
}

/// <summary>A value of the objective on the way to the result of a run.</summary>
/// <param name="Seconds">When it was reached, from the start of the solve.</param>
/// <param name="Value">Value of the first level asked for.</param>
/// <param name="Bound">True lower bound known then; null if there was none.</param>
/// <param name="Source">The part of the engine that found it.</param>
internal sealed record CurvePoint(double Seconds, double Value, double? Bound, string Source);
