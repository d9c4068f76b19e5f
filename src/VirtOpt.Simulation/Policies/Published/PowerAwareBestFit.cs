namespace VirtOpt.Simulation;

/// <summary>
/// Finds the host whose power rises least by a VM (Beloglazov and Buyya 2012, section 6.4, algorithm 2): the first of equals wins.
/// </summary>
/// <param name="hosts">The hosts as they would be.</param>
/// <param name="rule">Says whether a host that is on would be overloaded.</param>
/// <param name="enforceMemory">True to keep the memory of hosts.</param>
internal sealed class PowerAwareBestFit(IReadOnlyList<HostDraft> hosts, IOverloadRule rule, bool enforceMemory)
{
    /// <summary>The host for a VM; null if none has room.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="isExcluded">By host: true if it may not be used.</param>
    public HostDraft? Find(SimulatedVm vm, bool[] isExcluded)
    {
        double least = double.MaxValue;
        HostDraft? best = null;
        foreach (HostDraft host in hosts)
        {
            if (isExcluded[host.Host.Index] || !HasRoom(host, vm)) continue;
            double use = (host.Served + vm.Demand) / host.Host.Type.Mips;
            if (use > 1) continue;
            double rise = host.Host.Type.Power.At(use) - host.Host.Type.Power.At(host.Host.Use);
            if (rise >= least || (host.Host.UsedMips != 0 && rule.IsOverloaded(host, vm))) continue;
            least = rise;
            best = host;
        }

        return best;
    }

    private bool HasRoom(HostDraft host, SimulatedVm vm) =>
        host.Host.Type.CoreMips >= vm.Demand && host.Left >= vm.Demand && (!enforceMemory || host.RamMiB + vm.Type.RamMiB <= host.Host.Type.RamMiB);
}
