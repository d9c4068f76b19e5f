namespace VirtOpt.Simulation;

/// <summary>THR: a host is overloaded when its VMs ask for more than a fixed share of its speed.</summary>
/// <param name="share">The share, above 0.</param>
public sealed class ThresholdRule(double share) : IOverloadRule
{
    /// <summary>The rule that the adaptive ones fall back on while the past is too short: 70 %.</summary>
    public static ThresholdRule Fallback { get; } = new(0.7);

    /// <inheritdoc/>
    public bool IsOverloaded(HostDraft host, SimulatedVm? guest = null) => host.AskedShare(guest) > share;
}
