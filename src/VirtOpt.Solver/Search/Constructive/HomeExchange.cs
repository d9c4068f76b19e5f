using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Search.Constructive;

/// <summary>
/// Deals the places that VMs of a class hold among them anew, so that as many as can are at their start: VMs that are alike have no reason to take each
/// other's place. Which places are held does not change. Time grows with the number of VMs.
/// </summary>
internal static class HomeExchange
{
    /// <summary>A placement that holds the same places with fewer migrations; the same placement if nobody gains.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="classes">The VMs that may move, class by class.</param>
    /// <param name="places">Where all VMs are.</param>
    public static Place[] Of(ClusterSnapshot cluster, IEnumerable<VmClass> classes, ReadOnlySpan<Place> places)
    {
        Place[] dealt = places.ToArray();
        Dictionary<Place, int> free = [];
        foreach (VmClass vmClass in classes.Where(c => c.Vms.Count > 1))
        {
            free.Clear();
            foreach (int vm in vmClass.Vms) free[dealt[vm]] = free.GetValueOrDefault(dealt[vm]) + 1;
            List<int> others = [.. vmClass.Vms.Where(vm => !TryTake(free, cluster.Vms[vm].Start, dealt, vm))];
            List<int> homeless = [.. others.Where(vm => !TryTake(free, dealt[vm], dealt, vm))];
            using IEnumerator<Place> left = free.SelectMany(f => Enumerable.Repeat(f.Key, f.Value)).GetEnumerator();
            foreach (int vm in homeless)
            {
                left.MoveNext();
                dealt[vm] = left.Current;
            }
        }

        return dealt;
    }

    private static bool TryTake(Dictionary<Place, int> free, Place? wanted, Place[] dealt, int vm)
    {
        if (wanted is not { } place || free.GetValueOrDefault(place) is not (> 0 and int count)) return false;
        (free[place], dealt[vm]) = (count - 1, place);
        return true;
    }
}
