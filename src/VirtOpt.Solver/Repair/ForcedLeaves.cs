using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Repair;

/// <summary>
/// How many VMs must leave each host in every placement that breaks no rule: those that may not be there at all, and of the others the fewest that take the
/// load of every cell of the host back to its limit. VMs of different hosts are different VMs, so the numbers add up.
/// </summary>
internal sealed class ForcedLeaves
{
    private readonly PlacementModel model;
    private readonly Dictionary<int, HostBurden> burdens = [];
    private readonly List<(int[] Hosts, int Leaves)> wide = [];

    /// <param name="model">The problem.</param>
    /// <param name="tolerances">What the start breaks.</param>
    public ForcedLeaves(PlacementModel model, Tolerances tolerances)
    {
        this.model = model;
        SumTerm[] broken =
        [
            .. Enumerable.Range(0, model.Requirements.Count).Where(r => tolerances.Weights[r] > 0).Select(r => model.Requirements[r].Term)
                .OfType<SumTerm>().Where(t => t is { Outer: Outer.Sum, Family.DependsOnStart: false } && t.Kinds.All(f => f.IsNonDecreasing)),
        ];
        if (broken.Length == 0) return;
        ILookup<int, int> vmsOn = Enumerable.Range(0, model.Cluster.Vms.Count).Where(vm => model.Cluster.Vms[vm].Start is not null)
            .ToLookup(vm => model.Cluster.Vms[vm].Start!.Value.Host.Index);
        foreach (SumTerm term in broken.Where(t => t.PerVm)) MarkForbidden(term, vmsOn);
        foreach (SumTerm term in broken.Where(t => !t.PerVm)) MarkFull(term, vmsOn);
    }

    /// <summary>The hosts that VMs must leave.</summary>
    public IReadOnlyCollection<HostBurden> Burdens => burdens.Values;

    /// <summary>Fewest VMs that must leave their places.</summary>
    public int Total
    {
        get
        {
            int sum = burdens.Values.Sum(b => b.Leaves);
            int best = sum;
            foreach ((int[] hosts, int leaves) in wide)
                best = Math.Max(best, sum + Math.Max(0, leaves - hosts.Sum(h => burdens.TryGetValue(h, out HostBurden? b) ? b.Leaves : 0)));
            return best;
        }
    }

    private HostBurden BurdenOf(int host, IEnumerable<int> vms)
    {
        if (!burdens.TryGetValue(host, out HostBurden? burden))
            burdens[host] = burden = new HostBurden(host, [.. vms.Where(vm => model.Cluster.Vms[vm].Movable)]);
        return burden;
    }

    /// <summary>VMs that break a rule by being where they are.</summary>
    private void MarkForbidden(SumTerm term, ILookup<int, int> vmsOn)
    {
        foreach (IGrouping<int, int> host in vmsOn)
            foreach (int vm in host)
            {
                int position = term.Family.PositionOf(vm);
                if (position < 0 || !model.Cluster.Vms[vm].Movable) continue;
                foreach (int cell in term.Family.CellsOf(model.Cluster.Vms[vm].Start!.Value))
                    if (term.Functions[cell].At(term.Family.Weight(position)) > 0) BurdenOf(host.Key, host).Forbidden.Add(vm);
            }
    }

    /// <summary>Cells that hold more than they may.</summary>
    private void MarkFull(SumTerm term, ILookup<int, int> vmsOn)
    {
        Dictionary<int, List<(int Vm, long Weight)>> held = [];
        foreach (int vm in vmsOn.SelectMany(host => host))
        {
            int position = term.Family.PositionOf(vm);
            long weight = position < 0 ? 0 : term.Family.Weight(position);
            if (weight <= 0) continue;
            foreach (int cell in term.Family.CellsOf(model.Cluster.Vms[vm].Start!.Value))
                if (held.TryGetValue(cell, out List<(int, long)>? there)) there.Add((vm, weight));
                else held[cell] = [(vm, weight)];
        }

        Dictionary<int, int[]> hostsOf = HostsOf(term.Family, [.. held.Keys]);
        foreach ((int cell, List<(int Vm, long Weight)> vms) in held)
        {
            long load = vms.Sum(v => v.Weight);
            if (term.Functions[cell].At(load) <= 0) continue;
            FullCell full = new(vms, load, Room.Most(term.Functions[cell]));
            if (hostsOf[cell] is [int host]) BurdenOf(host, vmsOn[host]).Cells.Add(full);
            else wide.Add((hostsOf[cell], full.Fewest(vm => model.Cluster.Vms[vm].Movable, [])));
        }
    }

    /// <summary>The hosts of some cells.</summary>
    private Dictionary<int, int[]> HostsOf(LoadFamily family, HashSet<int> cells)
    {
        if (family.Kind == CellKind.Host)
            return Enumerable.Range(0, model.Cluster.Hosts.Count).Where(h => cells.Contains(family.BaseCell(new HostId(h))))
                .GroupBy(h => family.BaseCell(new HostId(h))).ToDictionary(g => g.Key, g => g.ToArray());
        Dictionary<int, int[]> hosts = [];
        for (int h = 0; h < model.Cluster.Hosts.Count; h++)
        {
            int first = family.BaseCell(new HostId(h));
            Host host = model.Cluster.Hosts[h];
            int count = family.Kind == CellKind.NumaNode ? host.NumaNodes.Count : host.Gpus.Count;
            for (int part = 0; part < count && first >= 0; part++) hosts[first + part] = [h];
        }

        return hosts;
    }
}

/// <summary>A cell that holds more than it may.</summary>
/// <param name="Vms">The VMs that charge it, with what they charge.</param>
/// <param name="Load">The sum of that.</param>
/// <param name="Most">What it may hold.</param>
internal sealed record FullCell(IReadOnlyList<(int Vm, long Weight)> Vms, long Load, long Most)
{
    /// <summary>The fewest VMs that can leave beside some that do, the heaviest first; all if that is not enough.</summary>
    public int Fewest(Func<int, bool> mayLeave, HashSet<int> gone)
    {
        long load = Load - Vms.Where(v => gone.Contains(v.Vm)).Sum(v => v.Weight);
        int count = 0;
        foreach ((int vm, long weight) in Vms.OrderByDescending(v => v.Weight))
        {
            if (load <= Most) break;
            if (gone.Contains(vm) || !mayLeave(vm)) continue;
            load -= weight;
            count++;
        }

        return count;
    }

    /// <summary>How much too much the cell holds once some VMs are gone; at least 0.</summary>
    public long Excess(IReadOnlyCollection<int> gone) => Math.Max(0, Load - Most - Vms.Where(v => gone.Contains(v.Vm)).Sum(v => v.Weight));
}

/// <summary>What must leave a host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Movable">The VMs that can move, ascending.</param>
internal sealed record HostBurden(int Host, IReadOnlyList<int> Movable)
{
    private const int MostSets = 20_000;
    private const int MostOffered = 64;

    /// <summary>VMs that may not be where they are.</summary>
    public HashSet<int> Forbidden { get; } = [];

    /// <summary>Cells of this host alone that hold too much.</summary>
    public List<FullCell> Cells { get; } = [];

    /// <summary>Fewest VMs that must leave.</summary>
    public int Leaves => Forbidden.Count + Cells.Select(cell => cell.Fewest(Movable.Contains, Forbidden)).DefaultIfEmpty(0).Max();

    /// <summary>
    /// Sets of VMs whose leaving repairs the host: the smallest sets of the fewest VMs, small VMs find a place elsewhere, then the smallest sets of one more.
    /// All sets are looked at if they are not too many; else, and at last, the VM that takes most of the excess goes first, and each is then changed for the
    /// smallest one that does as well.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>> Choose(double[] size)
    {
        int[] others = [.. Movable.Where(vm => !Forbidden.Contains(vm)).OrderBy(vm => size[vm])];
        int fewest = Leaves - Forbidden.Count;
        List<IReadOnlyList<int>> sets = [];
        for (int wanted = fewest; wanted <= Math.Min(fewest + 1, others.Length) && Sets(others.Length, wanted) <= MostSets; wanted++)
            sets.AddRange(Smallest(others, wanted, size).Select(set => (IReadOnlyList<int>)[.. Forbidden, .. set]));
        sets.Add([.. Forbidden, .. Greedy(others)]);
        return sets;
    }

    private IEnumerable<int[]> Smallest(int[] others, int wanted, double[] size)
    {
        List<(double Sum, int[] Set)> found = [];
        int[] chosen = new int[wanted];
        void Extend(int depth, int first, double sum)
        {
            if (depth == wanted)
            {
                if (Excess(chosen) == 0) found.Add((sum, [.. chosen]));
                return;
            }

            for (int i = first; i < others.Length; i++)
            {
                chosen[depth] = others[i];
                Extend(depth + 1, i + 1, sum + size[others[i]]);
            }
        }

        Extend(0, 0, 0);
        return found.OrderBy(f => f.Sum).Take(MostOffered).Select(f => f.Set);
    }

    private List<int> Greedy(int[] others)
    {
        List<int> gone = [];
        HashSet<int> left = [.. others];
        while (Excess(gone) > 0 && left.Count > 0)
        {
            int next = left.MinBy(vm => (Excess([.. gone, vm]), Array.IndexOf(others, vm)));
            gone.Add(next);
            left.Remove(next);
        }

        for (int i = 0; i < gone.Count; i++)
            foreach (int vm in others.TakeWhile(vm => vm != gone[i]).Where(vm => !gone.Contains(vm)))
                if (Excess([.. gone.Where((_, k) => k != i), vm]) <= Excess(gone))
                {
                    gone[i] = vm;
                    break;
                }

        return gone;
    }

    private double Excess(IReadOnlyCollection<int> gone)
    {
        int[] all = [.. gone, .. Forbidden];
        return Cells.Sum(cell => cell.Excess(all) / (double)Math.Max(1, cell.Most));
    }

    private static double Sets(int all, int chosen)
    {
        double sets = 1;
        for (int i = 0; i < chosen; i++) sets *= (all - i) / (i + 1.0);
        return sets;
    }
}
