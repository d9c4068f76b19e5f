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
        return null;
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
