namespace VirtOpt.Solver.Search;

/// <summary>
/// Fast placements without proof: best fit for VMs without a place, shifts that repair and improve, evacuation of hosts. They give the exact
/// model a start and are the baseline that every slower method must beat.
/// </summary>
internal sealed class Heuristics
{
    private readonly SolveSession session;
    private readonly CandidateTable candidates;
    private readonly PlacementState state;
    private readonly Random random;
    private readonly int[] movable;

    /// <param name="session">The solve.</param>
    /// <param name="candidates">Where VMs may go.</param>
    /// <param name="places">Where they are; nowhere for those to be placed.</param>
    public Heuristics(SolveSession session, CandidateTable candidates, ReadOnlySpan<Place> places)
    {
        (this.session, this.candidates) = (session, candidates);
        state = session.Scoring.StateAt(places);
        random = new Random(session.Seed);
        movable = [.. Enumerable.Range(0, places.Length).Where(vm => candidates[vm].Count > 0)];
    }

    public ReadOnlySpan<Place> Places => state.Places;

    /// <summary>Best fit decreasing: VMs without a place, important and large ones first, each to the place where the score ends up best.</summary>
    public void PlaceAll()
    {
        IReadOnlyList<VirtualMachine> vms = session.Problem.Cluster.Vms;
        double[] size = RelativeSizes();
        foreach (int vm in movable.Where(vm => state.Places[vm].Host.Index < 0).OrderByDescending(vm => vms[vm].Priority).ThenByDescending(vm => size[vm]).ToArray())
            if (!session.Token.IsCancellationRequested) MoveToBest(vm, candidates[vm], mayStay: false);
    }

    /// <summary>Shift descent: each VM to the place that is best for the score, round after round, until no VM gains or the limit is reached.</summary>
    /// <returns>True if something got better.</returns>
    public bool Shift(TimeSpan until, int mostRounds)
    {
        bool any = false;
        for (int round = 0; round < mostRounds; round++)
        {
            int[] order = [.. movable];
            random.Shuffle(order);
            bool gained = false;
            foreach (int vm in order)
            {
                if (session.IsOver || session.Elapsed > until) return any;
                gained |= MoveToBest(vm, candidates[vm], mayStay: true);
            }

            if (!gained) return any;
            any = true;
        }

        return any;
    }

    /// <summary>Evacuation: empties hosts, those with the least on them first, where the score gains by it.</summary>
    public bool Evacuate(TimeSpan until)
    {
        bool any = false;
        double[] size = RelativeSizes();
        ILookup<int, int> vmsOn = movable.ToLookup(vm => state.Places[vm].Host.Index);
        foreach (IGrouping<int, int> host in vmsOn.OrderBy(h => h.Sum(vm => size[vm])))
        {
            if (session.IsOver || session.Elapsed > until) return any;
            any |= EvacuateHost(host.Key, [.. movable.Where(vm => state.Places[vm].Host.Index == host.Key).OrderByDescending(vm => size[vm])]);
        }

        return any;
    }

    /// <summary>Sends VMs that moved without need back to their start: nothing moves without a reason.</summary>
    public void ReturnHome()
    {
        foreach (int vm in movable)
            if (session.Problem.Cluster.Vms[vm].Start is { } home && home != state.Places[vm] && candidates[vm].Contains(home)) MoveToBest(vm, [home], mayStay: true);
    }

    private bool EvacuateHost(int host, int[] vms)
    {
        if (vms.Length == 0) return false;
        Score before = state.Score();
        Place[] places = [.. vms.Select(vm => state.Places[vm])];
        foreach (int vm in vms)
            if (!MoveToBest(vm, candidates[vm], mayStay: false, avoid: host)) break;
        if (state.Score().CompareTo(before) < 0) return true;
        for (int i = 0; i < vms.Length; i++) state.Move(vms[i], places[i]);
        return false;
    }

    /// <summary>Moves a VM to the place with the best score; true if it moved.</summary>
    private bool MoveToBest(int vm, IReadOnlyList<Place> places, bool mayStay, int avoid = -1)
    {
        Place from = state.Places[vm];
        Place best = from;
        Score? bestScore = mayStay ? state.Score() : null;
        foreach (Place place in places)
        {
            if (place == from || place.Host.Index == avoid) continue;
            state.Move(vm, place);
            Score score = state.Score();
            if (bestScore is { } known && score.CompareTo(known) >= 0) continue;
            (best, bestScore) = (place, score);
        }

        state.Move(vm, best);
        return best != from;
    }

    private double[] RelativeSizes()
    {
        ClusterSnapshot cluster = session.Problem.Cluster;
        double[] capacity = [.. Enumerable.Range(0, cluster.Dimensions.Count).Select(d => Math.Max(1, cluster.Hosts.Sum(h => (double)h.Usable(d))))];
        return [.. cluster.Vms.Select(vm => Enumerable.Range(0, capacity.Length).Sum(d => vm.Demand[d] / capacity[d]))];
    }
}
