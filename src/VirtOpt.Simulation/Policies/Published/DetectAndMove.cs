namespace VirtOpt.Simulation;

/// <summary>
/// The heuristic of Beloglazov and Buyya (2012, section 6, algorithm 1) around a rule of overload. VMs with the least memory leave overloaded hosts
/// (minimum migration time) until the rule is content; they go where power rises least. Then the least used hosts are emptied one after another, each if
/// all its VMs find room. VMs that were sent to a host which is emptied in the same step travel twice, as in the published experiment.
/// </summary>
/// <param name="rule">The rule.</param>
public sealed class DetectAndMove(IOverloadRule rule) : IConsolidationPolicy
{
    /// <inheritdoc/>
    public IReadOnlyList<VmMove> Decide(ClusterView view)
    {
        HostDraft[] drafts = [.. view.Hosts.Select(h => new HostDraft(h))];
        PowerAwareBestFit fit = new(drafts, rule, view.Settings.EnforceMemory);
        bool[] isOverloaded = [.. drafts.Select(d => rule.IsOverloaded(d))];
        List<VmMove> moves = [];
        foreach (SimulatedVm vm in ByDemand(TakeFromOverloaded(drafts.Where(d => isOverloaded[d.Host.Index]))))
        {
            if (fit.Find(vm, isOverloaded) is not { } target) continue;
            target.Add(vm);
            moves.Add(new VmMove(vm.Index, target.Host.Index));
        }

        EmptyUnderused(drafts, fit, isOverloaded, moves);
        return moves;
    }

    private List<SimulatedVm> TakeFromOverloaded(IEnumerable<HostDraft> overloaded)
    {
        List<SimulatedVm> taken = [];
        foreach (HostDraft host in overloaded)
        {
            do
            {
                if (host.Vms.MinBy(vm => vm.Type.RamMiB) is not { } vm) break;
                taken.Add(vm);
                host.Remove(vm);
            }
            while (rule.IsOverloaded(host));
        }

        return taken;
    }

    private static void EmptyUnderused(HostDraft[] drafts, PowerAwareBestFit fit, bool[] isOverloaded, List<VmMove> moves)
    {
        bool[] keeps = [.. drafts.Select(d => isOverloaded[d.Host.Index] || d.Host.UsedMips == 0)];
        bool[] isNoTarget = [.. keeps];
        while (LeastUsed(drafts, keeps) is { } host)
        {
            keeps[host.Host.Index] = true;
            isNoTarget[host.Host.Index] = true;
            List<(SimulatedVm Vm, HostDraft Target)> placed = [];
            List<SimulatedVm> leaving = ByDemand(host.Vms);
            foreach (SimulatedVm vm in leaving)
            {
                if (fit.Find(vm, isNoTarget) is not { } target) break;
                target.Add(vm);
                placed.Add((vm, target));
            }

            if (placed.Count < leaving.Count)
            {
                foreach ((SimulatedVm vm, HostDraft target) in placed) target.Remove(vm);
                continue;
            }

            foreach ((SimulatedVm vm, HostDraft target) in placed)
            {
                keeps[target.Host.Index] = true;
                moves.Add(new VmMove(vm.Index, target.Host.Index));
            }
        }
    }

    private static HostDraft? LeastUsed(HostDraft[] drafts, bool[] keeps)
    {
        HostDraft? least = null;
        foreach (HostDraft draft in drafts)
            if (!keeps[draft.Host.Index] && draft.Vms.Count > 0 && draft.Host.Use < (least?.Host.Use ?? 1))
                least = draft;
        return least;
    }

    private static List<SimulatedVm> ByDemand(IEnumerable<SimulatedVm> vms) => [.. vms.OrderByDescending(vm => vm.Demand)];
}
