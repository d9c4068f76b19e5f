using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// A few VMs that block each other: a breadth-first search over where each of them may be, for the fewest single moves that bring all to their targets.
/// </summary>
internal sealed class Knot(LegMaker maker, PlaceTable table, SequenceState state, IReadOnlyList<Leg> blocked, int hopsLeft)
{
    private const int MostStates = 20_000;
    private const int MostVms = 24;

    /// <summary>True if the search has seen all that can be reached.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>The fewest moves that bring most of the VMs to their targets with all others where they are; known once the search is exhausted.</summary>
    public (IReadOnlyList<Leg> Way, IReadOnlySet<int> Behind)? LargestPart { get; private set; }

    /// <summary>The moves, or null if there are none, or none within the size of the search.</summary>
    public IReadOnlyList<Leg>? Search()
    {
        if (blocked.Count > MostVms || blocked.Any(l => !l.IsArrival || (l.Takes.Count == 0 && !l.IsOrdered))) return null;
        Place[] start = [.. blocked.Select(l => l.From)];
        Dictionary<string, (string? Before, Leg? By)> seen = new() { [Key(start)] = (null, null) };
        Queue<Place[]> open = new([start]);
        while (open.TryDequeue(out Place[]? places))
        {
            List<Leg> way = WayTo(seen, Key(places));
            way.ForEach(state.Go);
            Leg[] next = [.. Enumerable.Range(0, places.Length).SelectMany(i => Moves(i, places[i])).Where(CanGo)];
            for (int i = way.Count - 1; i >= 0; i--) state.Undo(way[i]);
            foreach (Leg leg in next)
            {
                Place[] after = [.. places.Select((p, i) => blocked[i].Vm == leg.Vm ? leg.To : p)];
                if (!seen.TryAdd(Key(after), (Key(places), leg))) continue;
                if (IsGoal(after)) return Within(WayTo(seen, Key(after)));
                if (seen.Count > MostStates) return null;
                open.Enqueue(after);
            }
        }

        IsExhausted = true;
        LargestPart = Largest(seen);
        return null;
    }

    private (IReadOnlyList<Leg> Way, IReadOnlySet<int> Behind)? Largest(Dictionary<string, (string? Before, Leg? By)> seen)
    {
        (List<Leg> Way, HashSet<int> Behind)? best = null;
        foreach (string key in seen.Keys)
        {
            List<Leg> way = WayTo(seen, key);
            Dictionary<int, Place> at = [];
            foreach (Leg leg in way) at[leg.Vm] = leg.To;
            if (blocked.Any(l => at.TryGetValue(l.Vm, out Place place) && place != l.To && place != l.From) || way.Count(l => l.IsHop) > hopsLeft) continue;
            HashSet<int> behind = [.. blocked.Where(l => !at.TryGetValue(l.Vm, out Place place) || place != l.To).Select(l => l.Vm)];
            way.RemoveAll(l => behind.Contains(l.Vm) && !way.Any(w => w.Vm == l.Vm && w.IsHop));
            if (way.Any(l => behind.Contains(l.Vm))) continue; // It hops away and back: the rest of the plan would have to know.
            if (best is null || behind.Count < best.Value.Behind.Count) best = (way, behind);
        }

        return best;
    }

    private List<Leg>? Within(List<Leg> way) => way.Count(l => l.IsHop) <= hopsLeft ? way : null;

    private bool CanGo(Leg leg) => state.Short(leg) < 0 && state.RulesAllow(leg);

    private bool IsGoal(Place[] places) => Enumerable.Range(0, places.Length).All(i => places[i] == blocked[i].To);

    private IEnumerable<Leg> Moves(int index, Place at)
    {
        int vm = blocked[index].Vm;
        if (at.Host.Index < 0) return [maker.Make(vm, at, blocked[index].To)];
        return table.For(maker.Problem.Cluster.Vms[vm])
            .Where(place => place != at && (place == blocked[index].To || (place.Host != at.Host && maker.Rooms.Allows(vm, place))))
            .Select(place => maker.Make(vm, at, place, isHop: place != blocked[index].To));
    }

    private static List<Leg> WayTo(Dictionary<string, (string? Before, Leg? By)> seen, string key)
    {
        List<Leg> way = [];
        for ((string? before, Leg? by) = seen[key]; by is not null; (before, by) = seen[before!]) way.Add(by);
        way.Reverse();
        return way;
    }

    private static string Key(Place[] places) => string.Join(';', places.Select(p => $"{p.Host.Index},{p.NumaMask},{p.GpuMask}"));
}
