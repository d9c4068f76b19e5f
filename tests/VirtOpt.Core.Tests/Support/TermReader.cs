namespace VirtOpt.Core.Tests;

/// <summary>Reads terms by their definition, VM by VM and cell by cell: what an engine must find.</summary>
internal static class TermReader
{
    public static long Amount(Term term, PlacementView view) => term switch
    {
        SumTerm sum => sum.Amount(Loads(sum.Family, view).Select((load, cell) => sum.Functions[cell].At(load)).Sum()),
        MaxTerm max => max.Parts.SelectMany(part => Loads(part.Family, view).Select((load, cell) => part.Functions[cell].At(load))).Max(),
        ImplyTerm imply => Loads(imply.If, view).Zip(Loads(imply.Then, view)).Count(loads => loads.First > 0 && loads.Second <= 0),
        FitTerm fit => Math.Max(0, fit.Wanted - CellsOf(fit).Sum(cell => fit.Copies(cell, (family, c) => Loads(family, view)[c]))),
        AllowanceTerm allowance => Enumerable.Range(0, allowance.CellCount)
            .Sum(cell => Math.Max(0, allowance.Parts.Sum(part => part.Functions[cell].At(Loads(part.Family, view)[cell])) - allowance.Allowed)),
        FailoverTerm failover => failover.Failures.Count(failed => !Survives(failover, failed, view)),
        _ => throw new NotSupportedException(term.Name),
    };

    public static long[] Loads(LoadFamily family, PlacementView view)
    {
        long[] loads = new long[family.CellCount];
        for (int vm = 0; vm < view.Placement.Count; vm++)
        {
            int position = family.PositionOf(vm);
            if (position < 0 || !view.IsPlaced(new VmId(vm))) continue;
            Place now = view.Placement[new VmId(vm)];
            bool moved = view.Cluster.Vms[vm].Start is { } start && start != now;
            foreach (int cell in family.CellsOf(now)) loads[cell] += family.Weight(position) + (moved ? family.ArrivingWeight(position) : 0);
            if (moved)
                foreach (int cell in family.CellsOf(view.Cluster.Vms[vm].Start!.Value)) loads[cell] += family.LeavingWeight(position);
        }

        return loads;
    }

    private static IEnumerable<int> CellsOf(FitTerm term) => Enumerable.Range(0, term.Needs[0].Room.Count);

    /// <summary>Tries every way to restart the VMs.</summary>
    private static bool Survives(FailoverTerm term, IReadOnlyList<int> failed, PlacementView view)
    {
        int[] vms = [.. failed.SelectMany(h => view.VmsOn(new HostId(h))).Where(vm => view.Cluster[vm].Movable).Select(vm => vm.Index)];
        int[] hosts = [.. Enumerable.Range(0, view.Cluster.Hosts.Count).Where(h => !failed.Contains(h) && term.Room[0][h] >= 0)];
        long[][] free = [.. term.Loads.Select((family, d) => (long[])[.. Loads(family, view).Select((load, h) => term.Room[d][h] - load)])];
        return Restart(0);

        bool Restart(int next) => next == vms.Length || hosts.Any(h =>
        {
            Charge(h, vms[next], -1);
            bool fits = Enumerable.Range(0, free.Length).All(d => free[d][h] >= 0) && Restart(next + 1);
            Charge(h, vms[next], 1);
            return fits;
        });

        void Charge(int host, int vm, int sign)
        {
            for (int d = 0; d < free.Length; d++) free[d][host] += sign * term.Loads[d].Weight(vm);
        }
    }
}
