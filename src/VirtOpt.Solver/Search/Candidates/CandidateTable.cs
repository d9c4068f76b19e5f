using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Search.Candidates;

/// <summary>
/// Per VM the places that it could take. VMs that are alike share one list, and so do classes of VMs that the same rules keep from the same places:
/// lists are as many as rules that bind, not as many as groups.
/// </summary>
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
        Dictionary<(IReadOnlyList<Place> All, string Binding), CandidateList> known = [];
        Classes = VmClass.Sort(model, movable);
        NarrowLists narrow = new(model.Cluster, new StandingLoads(model, filter));
        foreach (VmClass vmClass in Classes)
        {
            IReadOnlyList<Place> all = table.For(model.Cluster.Vms[vmClass.Vms[0]]);
            string binding = filter.BindingOf(vmClass);
            if (!known.TryGetValue((all, binding), out CandidateList? mine))
                known[(all, binding)] = mine = new(
                    [.. binding.Length == 0 ? all : all.Where(p => filter.MostComing(vmClass, p, (_, _) => 0, 1) > 0)], hosts);
            mine = narrow.Of(vmClass, mine);
            foreach (int vm in vmClass.Vms) (lists[vm], classes[vm]) = (mine, vmClass);
        }
    }

    /// <summary>The VMs that can move, class by class.</summary>
    public IReadOnlyList<VmClass> Classes { get; }

    /// <summary>Number of lists that are held.</summary>
    public int ListCount => lists.Distinct().Count();

    /// <summary>Whether a place is a candidate of a VM that can move.</summary>
    public bool Allows(int vm, Place place) => lists[vm].Contains(place);

    /// <summary>The class of a VM that can move.</summary>
    public VmClass ClassOf(int vm) => classes[vm];

    /// <summary>The candidates of a VM; none if it cannot move. Its start is not among them if it could not go there anew.</summary>
    public CandidateList ListOf(int vm) => lists[vm];

    /// <summary>The candidates of a VM; none if it cannot move. Its start is not among them if it could not go there anew.</summary>
    public IReadOnlyList<Place> this[int vm] => lists[vm].Places;
}
