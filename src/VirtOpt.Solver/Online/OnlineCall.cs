using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Constructive;

namespace VirtOpt.Solver.Online;

/// <summary>
/// Places the VMs that want a place in an excerpt: important and large ones first, each at its best place (best fit decreasing), then each once more
/// while that gains. Where a VM fits nowhere, one other may make room for it (an ejection chain of two; Glover 1996).
/// </summary>
internal sealed class OnlineCall
{
    private readonly Excerpt excerpt;
    private readonly PlacementModel model;
    private readonly Scoring scoring;
    private readonly PlaceTable table;
    private readonly PlaceProbe probe;
    private readonly double[] size;
    private int migrations;

    /// <param name="excerpt">The excerpt.</param>
    /// <param name="table">The places of its cluster.</param>
    /// <param name="migrations">How many of its other VMs may migrate.</param>
    public OnlineCall(Excerpt excerpt, PlaceTable table, int migrations = 0)
    {
        (this.excerpt, this.table, this.migrations) = (excerpt, table, migrations);
        model = excerpt.Problem.Compile();
        scoring = new Scoring(model);
        Place[] places = [.. Placement.StartOf(excerpt.Problem.Cluster).Places];
        for (int vm = 0; vm < excerpt.Wanted; vm++) places[vm] = Placement.Nowhere;
        probe = new PlaceProbe(model, scoring, places);
        size = RelativeSize.OfVms(excerpt.Problem.Cluster);
    }

    /// <summary>Where the VMs are.</summary>
    public ReadOnlySpan<Place> Places => probe.Places;

    /// <summary>The VMs that found no place, by their position, with the reason; if there are any, the others are not placed for good.</summary>
    public List<(int Vm, string Reason)> Refused { get; } = [];

    /// <summary>The VMs that want a place, in the order in which they get one.</summary>
    public int[] Order => field ??= [.. Enumerable.Range(0, excerpt.Wanted)
        .OrderByDescending(vm => excerpt.Problem.Cluster.Vms[vm].Priority).ThenByDescending(vm => size[vm])];

    /// <summary>Places all VMs, or says which cannot be.</summary>
    public void PlaceAll(CancellationToken token)
    {
        foreach (int vm in Order)
        {
            if (token.IsCancellationRequested) Refused.Add((vm, "The call was cancelled."));
            else if (probe.TryBest(vm, PlacesOf(vm), out Place best)) probe.Move(vm, best);
            else if (!TryMakeRoom(vm)) Refused.Add((vm, ReasonFor(vm)));
        }

        if (Refused.Count == 0 && probe.Broken > 0) RefuseOne();
    }

    /// <summary>Looks at every VM once more, now that all have a place; ends when none gains.</summary>
    public void Improve(int rounds, CancellationToken token)
    {
        for (bool gained = true; rounds-- > 0 && gained;)
        {
            gained = false;
            foreach (int vm in Order)
            {
                if (token.IsCancellationRequested) return;
                Place from = probe.Places[vm];
                probe.Move(vm, Placement.Nowhere);
                probe.TryBest(vm, PlacesOf(vm), out Place best);
                probe.Move(vm, best.Host.Index < 0 ? from : best);
                gained |= probe.Places[vm] != from;
            }
        }
    }

    /// <summary>The value of a level of the excerpt; 0 if nothing counts in it.</summary>
    public long ValueOf(int level)
    {
        for (int i = 0; i < scoring.Levels.Count; i++)
            if (scoring.Levels[i] == level) return probe.Level(i);
        return 0;
    }

    /// <summary>Lets one other VM migrate, so that its host has room; both places are the best there are then.</summary>
    private bool TryMakeRoom(int vm)
    {
        long broken = probe.Broken;
        for (int other = excerpt.Wanted; other < excerpt.Movers.Count && migrations > 0; other++)
        {
            Place from = probe.Places[other];
            if (from != excerpt.Movers[other].Place) continue;
            probe.Move(other, Placement.Nowhere);
            if (probe.TryBest(vm, [.. PlacesOf(vm).Where(p => p.Host == from.Host)], out Place room))
            {
                probe.Move(vm, room);
                if (probe.TryBest(other, [.. PlacesOf(other).Where(p => p.Host != from.Host)], out Place to)) probe.Move(other, to);
                if (to.Host.Index >= 0 && probe.Broken <= broken) return migrations-- > 0;
                probe.Move(vm, Placement.Nowhere);
            }

            probe.Move(other, from);
        }

        return false;
    }

    private IReadOnlyList<Place> PlacesOf(int vm) => table.For(excerpt.Problem.Cluster.Vms[vm]);

    /// <summary>All have a place but a rule over several of them does not hold: the last VM without which less is broken gives way.</summary>
    private void RefuseOne()
    {
        foreach (int vm in Order.Reverse())
        {
            (Place place, long broken) = (probe.Places[vm], probe.Broken);
            probe.Move(vm, Placement.Nowhere);
            bool helps = probe.Broken < broken;
            if (helps) Refused.Add((vm, ReasonFor(vm)));
            probe.Move(vm, place);
            if (helps) return;
        }

        int last = Order[^1];
        probe.Move(last, Placement.Nowhere);
        Refused.Add((last, ReasonFor(last)));
    }

    /// <summary>Counts which rule each place breaks first.</summary>
    private string ReasonFor(int vm)
    {
        IReadOnlyList<Place> places = PlacesOf(vm);
        VirtualMachine machine = excerpt.Problem.Cluster.Vms[vm];
        if (places.Count == 0) return $"No host has the NUMA nodes and GPUs that VM {machine} needs.";
        PlacementState state = scoring.StateAt(probe.Places);
        long[] before = [.. model.Requirements.Select(state.Excess)];
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (Place place in places)
        {
            state.Move(vm, place);
            int first = Enumerable.Range(0, before.Length).FirstOrDefault(r => IsWorse(model.Requirements[r], state, before[r], vm, place), -1);
            string rule = first < 0 ? "rules over several VMs" : model.Requirements[first].Source.Describe();
            counts[rule] = counts.GetValueOrDefault(rule) + 1;
        }

        var mostFirst = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal);
        return $"No place suits VM {machine}: of {places.Count}, {string.Join(", ", mostFirst.Select(c => $"{c.Key} refuses {c.Value}"))}.";
    }

    private static bool IsWorse(Requirement requirement, PlacementState state, long before, int vm, Place place)
    {
        if (requirement.Term is not SumTerm { PerVm: true } term) return state.Excess(requirement) > before || (before > 0 && state.Excess(requirement) > 0);
        int position = term.Family.PositionOf(vm);
        if (position < 0) return false;
        foreach (int cell in term.Family.CellsOf(place))
            if (term.Functions[cell].At(term.Family.Weight(position)) > 0) return true;
        return false;
    }
}
