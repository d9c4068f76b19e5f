using System.Globalization;
using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Search.Candidates;

/// <summary>
/// Leaves out of the candidates of a class the hosts where it does not fit beside what stands there. What is left is found once for all classes that bring
/// the same; a class has a list of its own only for the starts of its VMs.
/// </summary>
internal sealed class NarrowLists(ClusterSnapshot cluster, StandingLoads standing)
{
    private const int ShortList = 128;
    private const double MuchShorter = 0.6;
    private const int MostVmsOfClass = 64;
    private readonly Dictionary<(CandidateList All, string Coming), CandidateList> known = [];
    private long placesLeft = 10_000_000; // of lists for single classes: each place takes 12 bytes

    /// <summary>The candidates of a class: of some, those where it fits and the starts of its VMs; all of them if that is hardly shorter.</summary>
    public CandidateList Of(VmClass vmClass, CandidateList all)
    {
        if (vmClass.Vms.Count > MostVmsOfClass || standing.ComingOf(vmClass) is not { Count: > 0 } coming) return all;
        string key = string.Join(';', coming.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Family.Index}:{c.Coming}")));
        if (!known.TryGetValue((all, key), out CandidateList? fitting))
            known[(all, key)] = fitting = new([.. all.Places.Where(p => standing.Fits(coming, p.Host))], cluster.Hosts.Count);
        int[] homes =
        [
            .. vmClass.Vms.Select(vm => cluster.Vms[vm].Start?.Host.Index ?? -1).Distinct()
                .Where(home => home >= 0 && all.CountOn(home) > 0 && fitting.CountOn(home) == 0),
        ];
        int count = fitting.Count + homes.Sum(all.CountOn);
        if (!IsWorthAList(count, all.Count)) return all;
        if (homes.Length == 0) return fitting;
        if (count > placesLeft) return all;
        placesLeft -= count;
        return WithHomes(fitting, all, homes);
    }

    /// <summary>Lists of single classes take memory, so they have to be short, or a good deal shorter than the shared one.</summary>
    private static bool IsWorthAList(int count, int shared) => count < shared && (count <= ShortList || count <= shared * MuchShorter);

    private CandidateList WithHomes(CandidateList fitting, CandidateList all, int[] homes)
    {
        IEnumerable<Place> places = fitting.Places.Concat(homes.SelectMany(home => Enumerable.Range(0, all.CountOn(home)).Select(i => all.PlaceOn(home, i))));
        return new([.. places.OrderBy(p => p.Host.Index)], cluster.Hosts.Count);
    }
}
