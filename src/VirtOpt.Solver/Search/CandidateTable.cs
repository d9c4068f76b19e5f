using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Search;

/// <summary>Per VM the places that it could take; VMs that are alike share one list.</summary>
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
        foreach (VmClass vmClass in VmClass.Sort(model, movable))
        {
            Place[] places = [.. table.For(model.Cluster.Vms[vmClass.Vms[0]]).Where(p => filter.MostComing(vmClass, p, (_, _) => 0, 1) > 0)];
            HashSet<Place> set = [.. places];
            foreach (int vm in vmClass.Vms) (candidates[vm], sets[vm], classes[vm]) = (places, set, vmClass);
        }
    }

    /// <summary>Whether a place is a candidate of a VM that can move.</summary>
    public bool Allows(int vm, Place place) => sets[vm].Contains(place);

    /// <summary>The class of a VM that can move.</summary>
    public VmClass ClassOf(int vm) => classes[vm];

    /// <summary>The candidates of a VM; none if it cannot move. Its start is not among them if it could not go there anew.</summary>
    public IReadOnlyList<Place> this[int vm] => candidates[vm];
}
