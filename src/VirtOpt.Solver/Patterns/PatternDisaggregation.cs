using VirtOpt.Solver.Patterns.Reading;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Patterns;

/// <summary>
/// Turns used patterns into places of single VMs: which cells and hosts of a group they stand for, which VMs of a type leave, and which of them
/// comes where. Rules that patterns do not know are kept by these choices where that is possible; VMs without such rules make them easy.
/// </summary>
internal sealed class PatternDisaggregation(SolveSession session, PatternRules rules, HostGroups groups)
{
    private const int MostTries = 30;
    private readonly PatternProblem problem = groups.Problem;
    private readonly Place[] start = [.. Placement.StartOf(session.Problem.Cluster).Places];
    private readonly ILookup<LoadFamily, Requirement> rulesOf = rules.Relaxed
        .SelectMany(r => PatternRules.FamiliesOf(r.Term).Select(family => (Family: family, Rule: r))).ToLookup(x => x.Family, x => x.Rule);

    private readonly Requirement[] common = [.. rules.Relaxed.Where(r => PatternRules.FamiliesOf(r.Term).Any(family => family.IsDense))];

    /// <summary>Places of all VMs; false if no try kept every rule: then the places are of the try that left the fewest VMs at home.</summary>
    public bool TryChoose(IReadOnlyList<PatternUse> uses, out Place[] places)
    {
        Random random = new(session.Seed);
        (places, int fewest) = Choose([.. Moves(uses, null)], null);
        for (int attempt = 1; fewest > 0 && attempt < MostTries && !session.IsOver; attempt++)
            if (Choose([.. Moves(uses, random)], random) is var (chosen, atHome) && atHome < fewest) (places, fewest) = (chosen, atHome);
        return fewest == 0;
    }

    /// <summary>VMs of a type that come to a place (or leave it, if negative).</summary>
    private readonly record struct Move(Place Place, int Type, int Count);

    private IEnumerable<Move> Moves(IReadOnlyList<PatternUse> uses, Random? random)
    {
        HashSet<PatternCell> taken = new(ReferenceEqualityComparer.Instance);
        foreach (IGrouping<HostGroup, PatternUse> ofGroup in uses.Where(u => u.Column.Host is not null).GroupBy(u => u.Column.Host!))
            foreach ((PatternHost host, Column column) in Mixed(ofGroup.Key.Hosts, random).Zip(ofGroup.SelectMany(u => Enumerable.Repeat(u.Column, u.Times))))
            {
                taken.UnionWith(host.Cells);
                foreach (Move move in MovesAt(host.Place, column.Shared!)) yield return move;
                foreach ((PatternCell cell, Change change) in host.Cells.Zip(column.OnCells))
                    foreach (Move move in MovesAt(cell.Place, change)) yield return move;
            }

        foreach (IGrouping<CellGroup, PatternUse> ofGroup in uses.Where(u => u.Column.Cell is not null).GroupBy(u => u.Column.Cell!))
            foreach ((PatternCell cell, Column column) in Mixed(ofGroup.Key.Cells.Where(c => !taken.Contains(c)), random)
                .Zip(ofGroup.SelectMany(u => Enumerable.Repeat(u.Column, u.Times))))
                foreach (Move move in MovesAt(cell.Place, column.OnCells[0])) yield return move;
    }

    private IEnumerable<Move> MovesAt(Place place, Change change) =>
        Enumerable.Range(0, problem.Types.Count).Where(t => change.Net(t) != 0).Select(t => new Move(place, t, change.Net(t)));

    /// <summary>One try: the places, and the number of VMs that stay at home because every slot of theirs breaks a rule.</summary>
    private (Place[] Places, int AtHome) Choose(List<Move> moves, Random? random)
    {
        bool prefersFree = random is null || random.Next(2) == 0;
        PlacementState state = session.Scoring.StateAt(start);
        List<int>[] leaving = [.. problem.Types.Select(_ => new List<int>())];
        ILookup<(Place, int), int> vmsAt = Enumerable.Range(0, start.Length).Where(vm => problem.TypeOf[vm] >= 0)
            .ToLookup(vm => (start[vm], problem.TypeOf[vm]));
        foreach (Move move in moves.Where(m => m.Count < 0))
            leaving[move.Type].AddRange(Mixed(vmsAt[(move.Place, move.Type)], random).OrderBy(vm => prefersFree ? RulesOn(vm) : 0).Take(-move.Count));
        foreach (int vm in leaving.SelectMany(vms => vms)) state.Move(vm, Placement.Nowhere);
        int atHome = 0;
        for (int t = 0; t < leaving.Length; t++)
        {
            List<Place> slots = [.. Mixed(moves.Where(m => m.Type == t && m.Count > 0).SelectMany(m => Enumerable.Repeat(m.Place, m.Count)), random)];
            foreach (int vm in Mixed(leaving[t], random).OrderByDescending(RulesOn))
                if (!TryPut(vm, slots, state)) atHome++;
        }

        return (state.Places.ToArray(), atHome);
    }

    /// <summary>Puts a VM into the first slot where it breaks no rule, or else back to its start.</summary>
    private bool TryPut(int vm, List<Place> slots, PlacementState state)
    {
        for (int s = 0; s < slots.Count; s++)
        {
            state.Move(vm, slots[s]);
            if (Breaks(vm, state)) continue;
            slots.RemoveAt(s);
            return true;
        }

        state.Move(vm, start[vm]);
        return false;
    }

    private static IEnumerable<T> Mixed<T>(IEnumerable<T> items, Random? random) => random is null ? items : items.OrderBy(_ => random.Next());

    private int RulesOn(int vm) => session.Model.SparseFamiliesOf[vm].Sum(f => rulesOf[f.Family].Count());

    private bool Breaks(int vm, PlacementState state)
    {
        foreach ((LoadFamily family, _) in session.Model.SparseFamiliesOf[vm])
            foreach (Requirement rule in rulesOf[family])
                if (state.Excess(rule) > 0) return true;
        foreach (Requirement rule in common)
            if (state.Excess(rule) > 0) return true;
        return false;
    }
}
