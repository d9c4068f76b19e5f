using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Search;

/// <summary>Per VM the places that it could take; VMs that are alike share one list, and all that fit anywhere share one.</summary>
internal sealed class CandidateTable
{
    private readonly CandidateList[] lists;
    private readonly VmClass[] classes;

    public CandidateTable(PlacementModel model, PlaceFilter filter, PlaceTable table)
    {
        int hosts = model.Cluster.Hosts.Count;
        lists = new CandidateList[model.Cluster.Vms.Count];
        int[] movable = [.. Enumerable.Range(0, lists.Length).Where(vm => model.Cluster.Vms[vm].Movable)];
        Array.Fill(lists, CandidateList.None);
        classes = new VmClass[lists.Length];
        Dictionary<IReadOnlyList<Place>, CandidateList> everywhere = new(ReferenceEqualityComparer.Instance);
        foreach (VmClass vmClass in VmClass.Sort(model, movable))
        {
            IReadOnlyList<Place> all = table.For(model.Cluster.Vms[vmClass.Vms[0]]);
            CandidateList? mine;
            if (!filter.SuitsEverywhere(vmClass)) mine = new([.. all.Where(p => filter.MostComing(vmClass, p, (_, _) => 0, 1) > 0)], hosts);
            else if (!everywhere.TryGetValue(all, out mine)) everywhere[all] = mine = new([.. all], hosts);
            foreach (int vm in vmClass.Vms) (lists[vm], classes[vm]) = (mine, vmClass);
        }
    }

    /// <summary>Whether a place is a candidate of a VM that can move.</summary>
    public bool Allows(int vm, Place place) => lists[vm].Contains(place);

    /// <summary>The class of a VM that can move.</summary>
    public VmClass ClassOf(int vm) => classes[vm];

    /// <summary>The candidates of a VM; none if it cannot move. Its start is not among them if it could not go there anew.</summary>
    public CandidateList ListOf(int vm) => lists[vm];

    /// <summary>The candidates of a VM; none if it cannot move. Its start is not among them if it could not go there anew.</summary>
    public IReadOnlyList<Place> this[int vm] => lists[vm].Places;
}
