namespace VirtOpt.Simulation;

/// <summary>The cluster as it would be while the decisions of a step are made.</summary>
internal sealed class ClusterOutlook
{
    private readonly int[] ramInUse;
    private readonly List<VmMove> moves = [];
    private readonly HashSet<int> moved = [];

    /// <summary>Takes the cluster as it is.</summary>
    /// <param name="view">The cluster.</param>
    /// <param name="demand">What VMs may ask for.</param>
    /// <param name="reserve">Share of each host's CPU that is left free.</param>
    public ClusterOutlook(ClusterView view, DemandScenarios demand, double reserve)
    {
        View = view;
        Hosts = [.. view.Hosts.Select(h => new HostOutlook(h, demand, reserve))];
        ramInUse = [.. view.Hosts.Select(h => h.Vms.Sum(vm => vm.Type.RamMiB))];
    }

    /// <summary>The cluster before the step's migrations.</summary>
    public ClusterView View { get; }

    /// <summary>The hosts after the migrations decided so far.</summary>
    public HostOutlook[] Hosts { get; }

    /// <summary>The migrations decided so far; no VM is in twice.</summary>
    public IReadOnlyList<VmMove> Moves => moves;

    /// <summary>Whether a VM has not been moved in this step.</summary>
    public bool IsFree(SimulatedVm vm) => !moved.Contains(vm.Index);

    /// <summary>Whether a host has the memory for a VM while all migrations of the step run: what leaves is still there.</summary>
    public bool HasMemory(SimulatedVm vm, HostOutlook target) =>
        !View.Settings.EnforceMemory || ramInUse[target.Host.Index] + vm.Type.RamMiB <= target.Host.Type.RamMiB;

    /// <summary>Decides on a migration.</summary>
    public void Move(SimulatedVm vm, HostOutlook target)
    {
        Hosts[vm.Host].Remove(vm);
        target.Add(vm);
        ramInUse[target.Host.Index] += vm.Type.RamMiB;
        moves.Add(new VmMove(vm.Index, target.Host.Index));
        moved.Add(vm.Index);
    }
}
