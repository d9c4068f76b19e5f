using VirtOpt.Solver.Search.Candidates;

namespace VirtOpt.Solver.Search.Constructive;

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
    private readonly double[] size;
    private readonly Func<LoadFamily, int, long> load;

    /// <param name="session">The solve.</param>
    /// <param name="candidates">Where VMs may go.</param>
    /// <param name="places">Where they are; nowhere for those to be placed.</param>
    public Heuristics(SolveSession session, CandidateTable candidates, ReadOnlySpan<Place> places)
    {
        (this.session, this.candidates) = (session, candidates);
        state = session.Scoring.StateAt(places);
        random = new Random(session.Seed);
        load = state.Load;
        movable = [.. Enumerable.Range(0, places.Length).Where(vm => candidates[vm].Count > 0)];
        size = RelativeSize.OfVms(session.Problem.Cluster);
    }

    public ReadOnlySpan<Place> Places => state.Places;

    public Score Score => state.Score();

    /// <summary>Best fit decreasing: VMs without a place, important and large ones first, each to the place where the score ends up best.</summary>
    /// <param name="isScattered">True to begin the search at another place for each VM, so that VMs for which many places are as good do not crowd.</param>
    public void PlaceAll(bool isScattered = false)
    {
        IReadOnlyList<VirtualMachine> vms = session.Problem.Cluster.Vms;
        foreach (int vm in movable
            .Where(vm => state.Places[vm].Host.Index < 0)
            .OrderByDescending(vm => vms[vm].Priority)
            .ThenByDescending(vm => size[vm])
            .ToArray())
            if (!session.Token.IsCancellationRequested && !MoveToBest(vm, candidates[vm], mayStay: false, isScattered ? vm : 0)) MoveToLeastBad(vm);
    }

    /// <summary>Shift descent: each VM to the place that is best for the score, round after round, until no VM gains or the limit is reached.</summary>
    public void Shift(TimeSpan until, int mostRounds)
    {
        for (int round = 0; round < mostRounds; round++)
        {
            int[] order = [.. movable];
            random.Shuffle(order);
            bool gained = false;
            foreach (int vm in order)
            {
                if (session.IsOver || session.Elapsed > until) return;
                gained |= MoveToBest(vm, candidates[vm], mayStay: true);
            }

            if (!gained) return;
        }
    }

    /// <summary>Empties hosts where the score gains by it, see <see cref="Evacuation"/>; not while VMs have no place.</summary>
    public void Evacuate(TimeSpan until)
    {
        foreach (Place place in state.Places)
            if (place.Host.Index < 0) return;
        new Evacuation(session, candidates, state, size).Run(until);
    }

    /// <summary>Sends VMs that moved without need back to their start: nothing moves without a reason.</summary>
    public void ReturnHome()
    {
        foreach (int vm in movable)
            if (!session.IsOver && session.Problem.Cluster.Vms[vm].Start is { } home && home != state.Places[vm] && candidates.Allows(vm, home))
                MoveToBest(vm, [home], mayStay: true);
    }

    /// <summary>Where no place has room, the one that breaks the least: later moves may make room.</summary>
    private void MoveToLeastBad(int vm)
    {
        Place best = Placement.Nowhere;
        long least = long.MaxValue;
        foreach (Place place in candidates[vm])
        {
            state.Move(vm, place);
            if (state.Broken < least) (best, least) = (place, state.Broken);
        }

        state.Move(vm, best);
    }

    /// <summary>Moves a VM to the place with the best score; true if it moved.</summary>
    private bool MoveToBest(int vm, IReadOnlyList<Place> places, bool mayStay, int scatter = 0)
    {
        Place from = state.Places[vm];
        Place best = from;
        Score? bestScore = mayStay ? state.Score() : null;
        int first = (int)(scatter * 2654435761L % Math.Max(1, places.Count));
        for (int i = 0; i < places.Count; i++)
        {
            Place place = places[(first + i) % places.Count];
            if (place == from || session.Filter.MostComing(candidates.ClassOf(vm), place, load, 1) <= 0) continue;
            state.Move(vm, place);
            Score score = state.Score();
            if (bestScore is { } known && score.CompareTo(known) >= 0) continue;
            (best, bestScore) = (place, score);
        }

        state.Move(vm, best);
        return best != from;
    }
}
