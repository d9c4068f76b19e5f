using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Search;

/// <summary>Per VM the places that it could take; VMs that are alike share one list, and all that fit anywhere share one.</summary>
internal sealed class CandidateTable
{
    private readonly Place[][] candidates;
    private readonly HashSet<Place>[] sets;
    private readonly VmClass[] classes;

    public CandidateTable(PlacementModel model, PlaceFilter filter, PlaceTable table)
    {
        candidates = new Place[model.Cluster.Vms.Count][];
        int[] movable = [.. Enumerable.Range(0, candidates.Length).Where(vm => model.Cluster.Vms[vm].Movable)];
        Array.Fill(candidates, []);
        sets = new HashSet<Place>[candidates.Length];
        classes = new VmClass[candidates.Length];
        Dictionary<IReadOnlyList<Place>, (Place[] Places, HashSet<Place> Set)> everywhere = new(ReferenceEqualityComparer.Instance);
        foreach (VmClass vmClass in VmClass.Sort(model, movable))
        {
            IReadOnlyList<Place> all = table.For(model.Cluster.Vms[vmClass.Vms[0]]);
            (Place[] Places, HashSet<Place> Set) mine;
            if (!filter.SuitsEverywhere(vmClass)) mine = Listed(all.Where(p => filter.MostComing(vmClass, p, (_, _) => 0, 1) > 0));
            else if (!everywhere.TryGetValue(all, out mine)) everywhere[all] = mine = Listed(all);
            foreach (int vm in vmClass.Vms) (candidates[vm], sets[vm], classes[vm]) = (mine.Places, mine.Set, vmClass);
        }
    }

    /// <summary>Whether a place is a candidate of a VM that can move.</summary>
    public bool Allows(int vm, Place place) => sets[vm].Contains(place);

    /// <summary>The class of a VM that can move.</summary>
    public VmClass ClassOf(int vm) => classes[vm];

    /// <summary>The candidates of a VM; none if it cannot move. Its start is not among them if it could not go there anew.</summary>
    public IReadOnlyList<Place> this[int vm] => candidates[vm];

    private static (Place[] Places, HashSet<Place> Set) Listed(IEnumerable<Place> places)
    {
        Place[] list = [.. places];
        return (list, [.. list]);
    }
}
