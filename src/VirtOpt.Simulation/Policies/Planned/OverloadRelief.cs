namespace VirtOpt.Simulation;

/// <summary>
/// Takes VMs from hosts that are overloaded too often: of all VMs whose leaving helps, the one that costs least by memory to copy, demand that suffers
/// meanwhile, and overload that is left. It goes to the fullest host that stays within the planned risk; a sleeping host is woken only if there is none.
/// </summary>
/// <param name="planned">Standard deviations that a host which gets a VM must have room for.</param>
/// <param name="tolerated">Standard deviations without room for which a host gives a VM away.</param>
internal sealed class OverloadRelief(double planned, double tolerated)
{
    private const double HeavyMove = 100_000; // MiB times MIPS that double the cost of a migration
    private const double PriceOfOverload = 20; // costs of a migration for a host's whole speed that is still lacking after it

    /// <summary>Decides on migrations until no host is above what is tolerated, or nothing helps.</summary>
    public void Run(ClusterOutlook cluster)
    {
        foreach (HostOutlook host in cluster.Hosts.Where(IsOver).OrderByDescending(h => h.Load(tolerated) / h.Host.Type.Mips))
            while (IsOver(host) && host.Vms.Count > 1 && Best(cluster, host) is { } best) cluster.Move(best.Vm, best.Target);
    }

    private bool IsOver(HostOutlook host) => host.Vms.Count > 0 && host.Load(tolerated) > host.Host.Type.Mips;

    private (SimulatedVm Vm, HostOutlook Target)? Best(ClusterOutlook cluster, HostOutlook host)
    {
        (SimulatedVm Vm, HostOutlook Target)? best = null;
        double least = double.MaxValue;
        foreach (SimulatedVm vm in host.Vms.Where(cluster.IsFree))
        {
            double left = host.LoadWithout(vm, planned);
            if (left >= host.Load(planned)) continue;
            double cost = (1 + (vm.Type.RamMiB * vm.Demand / HeavyMove)) * (1 + (PriceOfOverload * Math.Max(0, left - host.Limit) / host.Limit));
            if (cost >= least || Target(cluster, host, vm) is not { } target) continue;
            least = cost;
            best = (vm, target);
        }

        return best;
    }

    private HostOutlook? Target(ClusterOutlook cluster, HostOutlook source, SimulatedVm vm)
    {
        HostOutlook? best = null;
        double fullest = 0;
        foreach (HostOutlook host in cluster.Hosts)
        {
            if (host == source || host.Vms.Count == 0 || !host.CanServe(vm) || !cluster.HasMemory(vm, host)) continue;
            double load = host.LoadWith(vm, planned) / host.Limit;
            if (load > 1 || load <= fullest) continue;
            fullest = load;
            best = host;
        }

        return best ?? Sleeping(cluster, vm);
    }

    private static HostOutlook? Sleeping(ClusterOutlook cluster, SimulatedVm vm) => cluster.Hosts
        .Where(h => h.Vms.Count == 0 && h.CanServe(vm) && cluster.HasMemory(vm, h))
        .MinBy(h => h.Host.Type.Power.LeastWattsPerSpeed(h.Host.Type.Mips));
}
