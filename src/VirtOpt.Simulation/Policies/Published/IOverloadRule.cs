namespace VirtOpt.Simulation;

/// <summary>Says when a host is overloaded, or about to be.</summary>
public interface IOverloadRule
{
    /// <summary>Judges a host.</summary>
    /// <param name="host">The host with the VMs that it has or would have.</param>
    /// <param name="guest">One more VM to be judged with it, or null.</param>
    bool IsOverloaded(HostDraft host, SimulatedVm? guest = null);
}
