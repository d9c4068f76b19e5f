using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Constructive;

namespace VirtOpt.Solver.Repair;

/// <summary>
/// A start that breaks rules is repaired by as few migrations as there must be: from each host that holds too much the fewest VMs that will do go elsewhere,
/// small ones first, where nothing is broken; then VMs without a place get one. Where nothing else is asked than few migrations, that is often the optimum, and
/// proven by counting.
/// </summary>
internal sealed class FewestMoves
{
    private readonly SolveSession session;
    private readonly CandidateTable candidates;
    private readonly PlacementState state;
    private readonly Func<LoadFamily, int, long> load;
    private readonly bool[] isBusy;

    private FewestMoves(SolveSession session, CandidateTable candidates)
    {
        (this.session, this.candidates) = (session, candidates);
        state = session.Scoring.StateAt(Placement.StartOf(session.Problem.Cluster).Places);
        load = state.Load;
        isBusy = new bool[session.Problem.Cluster.Hosts.Count];
        foreach (HostBurden burden in session.Forced.Burdens) isBusy[burden.Host] = true;
    }

    /// <summary>Whether a problem asks for few migrations before all else.</summary>
    public static bool IsAskedBy(SolveSession session)
    {
        int first = session.Scoring.Levels.FirstOrDefault(level => level != Scoring.RepairLevel, PlacementProblem.TieBreakLevel);
        return session.Model.Goals.Where(goal => goal.Level == first).All(goal => ForcedMigrations.Counts(goal.Term));
    }

    /// <summary>Offers a placement.</summary>
    public static void Run(SolveSession session, CandidateTable candidates)
    {
        session.TakePart("fewest moves");
        FewestMoves moves = new(session, candidates);
        double[] size = RelativeSize.OfVms(session.Problem.Cluster);
        moves.Repair(size);
        if (session.Model.Goals.All(goal => ForcedMigrations.Counts(goal.Term))) moves.Boot(size); // Then every place is as good as another.
        Heuristics heuristics = new(session, candidates, moves.state.Places);
        heuristics.PlaceAll(isScattered: true);
        session.Offer(heuristics.Places, "fewest moves");
    }

    private void Repair(double[] size)
    {
        (HostBurden Burden, IReadOnlyList<IReadOnlyList<int>> Sets)[] hosts =
            [.. session.Forced.Burdens.Select(b => (b, b.Choose(size))).OrderByDescending(b => b.Item2[0].Select(vm => size[vm]).DefaultIfEmpty(0).Max())];
        foreach ((_, IReadOnlyList<IReadOnlyList<int>> sets) in hosts)
            foreach (IReadOnlyList<int> set in sets)
                if (session.IsOver || TryMove([.. set.OrderByDescending(vm => size[vm])])) break;
    }

    /// <summary>Gives VMs without a place one where nothing is broken, important and large ones first.</summary>
    private void Boot(double[] size)
    {
        IReadOnlyList<VirtualMachine> vms = session.Problem.Cluster.Vms;
        foreach (int vm in Enumerable.Range(0, vms.Count).Where(vm => vms[vm].Start is null).OrderByDescending(vm => vms[vm].Priority)
            .ThenByDescending(vm => size[vm]).ToArray())
            if (!session.IsOver) TryMove(vm);
    }

    /// <summary>Moves some VMs of a host to places where nothing is broken, or none of them.</summary>
    private bool TryMove(int[] vms)
    {
        for (int i = 0; i < vms.Length; i++)
        {
            if (TryMove(vms[i])) continue;
            for (int k = 0; k < i; k++) state.Move(vms[k], session.Problem.Cluster.Vms[vms[k]].Start!.Value);
            return false;
        }

        return true;
    }

    /// <summary>
    /// Moves a VM to a host that nothing leaves and nothing else comes to, so that all can go at once; where there is none, to any other.
    /// </summary>
    private bool TryMove(int vm)
    {
        Place from = state.Places[vm];
        state.Move(vm, Placement.Nowhere);
        long repair = state.Level(0);
        foreach (bool mayWait in (bool[])[false, true])
            foreach (Place place in PlacesFor(vm, from.Host))
            {
                if (!mayWait && isBusy[place.Host.Index]) continue;
                state.Move(vm, place);
                if (state.Broken == 0 && state.Level(0) <= repair)
                {
                    isBusy[place.Host.Index] = true;
                    return true;
                }

                state.Move(vm, Placement.Nowhere);
            }

        state.Move(vm, from);
        return false;
    }

    /// <summary>Places that have room, on other hosts; the search begins elsewhere for each VM, so that arrivals spread over the hosts.</summary>
    private IEnumerable<Place> PlacesFor(int vm, HostId home)
    {
        IReadOnlyList<Place> places = candidates[vm];
        int first = (int)(vm * 2654435761L % Math.Max(1, places.Count));
        for (int i = 0; i < places.Count; i++)
        {
            Place place = places[(first + i) % places.Count];
            if (place.Host != home && session.Filter.MostComing(candidates.ClassOf(vm), place, load, 1) > 0) yield return place;
        }
    }
}
