namespace VirtOpt.Simulation;

/// <summary>A decision to migrate a VM.</summary>
/// <param name="Vm">Index of the VM.</param>
/// <param name="Host">Index of its target.</param>
public readonly record struct VmMove(int Vm, int Host);

/// <summary>What a policy sees at a step. No VM is on its way then.</summary>
/// <param name="Hosts">All hosts.</param>
/// <param name="Vms">All VMs of the trace; those with host -1 have ended.</param>
/// <param name="Settings">The rules of the simulation.</param>
public sealed record ClusterView(IReadOnlyList<SimulatedHost> Hosts, IReadOnlyList<SimulatedVm> Vms, SimulationSettings Settings);

/// <summary>Decides at every step which VMs migrate. A new policy is one file and one line in <see cref="PolicyCatalogue"/>.</summary>
public interface IConsolidationPolicy
{
    /// <summary>Decides. It must not depend on anything but the view and what it has seen before, so that runs can be repeated.</summary>
    /// <param name="view">The cluster as it is.</param>
    /// <returns>Migrations, started in this order; a VM named twice travels to both hosts and stays on the last.</returns>
    IReadOnlyList<VmMove> Decide(ClusterView view);
}
