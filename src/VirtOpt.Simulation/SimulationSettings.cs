namespace VirtOpt.Simulation;

/// <summary>Rules of a simulation. The defaults are those of the published experiment.</summary>
public sealed record SimulationSettings
{
    /// <summary>Seconds from step to step of the policy.</summary>
    public double StepSeconds { get; init; } = 300;

    /// <summary>Seconds after the start of the trace at which the first step is counted from: the experiment spends 0.1 s on starting its VMs.</summary>
    public double OffsetSeconds { get; init; } = 0.1;

    /// <summary>
    /// True to end a VM for good at the first instant at which it asks for nothing, as the published experiment does; false keeps it.
    /// </summary>
    public bool EndIdleVms { get; init; } = true;

    /// <summary>True to keep the memory of hosts at every placement; false only at the first, as in the published experiment.</summary>
    public bool EnforceMemory { get; init; }
}
