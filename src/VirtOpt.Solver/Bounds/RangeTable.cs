using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;

namespace VirtOpt.Solver.Bounds;

/// <summary>What every valid placement keeps of the loads of a family: each cell within a range, and all cells together at a fixed sum.</summary>
/// <param name="Total">Sum of the loads of all cells.</param>
/// <param name="Low">Least load by cell.</param>
/// <param name="High">Largest load by cell, at least the least.</param>
internal sealed record CellRanges(long Total, long[] Low, long[] High);

/// <summary>
/// The <see cref="CellRanges"/> of families. VMs that cannot move are where they are; others are at a candidate or at their start, and each charges
/// what it weighs; hard limits of a family, or of one whose loads are never below its own, cap the cells. What the start breaks is tolerated, so caps
/// are raised by as much.
/// </summary>
/// <param name="session">The solve.</param>
/// <param name="candidates">Where VMs may go.</param>
internal sealed class RangeTable(SolveSession session, CandidateTable candidates)
{
    private const long MostPlacesToRead = 4_000_000;
    private readonly Dictionary<LoadFamily, CellRanges?> known = [];
    private readonly IReadOnlyList<VirtualMachine> vms = session.Problem.Cluster.Vms;
    private bool? readsCandidates;

    /// <summary>The ranges of a family; null if its loads depend on the start, or if some host has no cell, so that loads can vanish.</summary>
    public CellRanges? Of(LoadFamily family)
    {
        if (!known.TryGetValue(family, out CellRanges? ranges)) known[family] = ranges = Measure(family);
        return ranges;
    }

    private CellRanges? Measure(LoadFamily family)
    {
        if (family.DependsOnStart || (family.Kind == CellKind.Host && !Hosts().All(h => family.BaseCell(h) >= 0))) return null;
        long total = 0;
        CellRanges ranges = new(0, new long[family.CellCount], new long[family.CellCount]);
        Dictionary<IReadOnlyList<Place>, (long Negative, long Positive)> byCandidates = new(ReferenceEqualityComparer.Instance);
        for (int position = 0; position < (family.IsDense ? vms.Count : family.Members.Length); position++)
        {
            int vm = family.IsDense ? position : family.Members[position];
            long weight = family.Weight(position);
            Place? start = vms[vm].Start;
            int cells = family.Kind switch { CellKind.NumaNode => vms[vm].NumaNodes, CellKind.Gpu => vms[vm].Gpus, _ => 1 };
            if (start is { } at ? CountCells(family, at) != cells : !vms[vm].Movable) return null;
            total += weight * cells;
            if (weight != 0) Note(family, vm, weight, ranges, byCandidates);
        }

        foreach ((IReadOnlyList<Place> places, (long negative, long positive)) in byCandidates) Widen(ranges, CellsOf(family, places), negative, positive);
        Cap(family, ranges.High);
        for (int cell = 0; cell < family.CellCount; cell++)
            if (ranges.Low[cell] > ranges.High[cell]) return null;
        return ranges with { Total = total };
    }

    private void Note(
        LoadFamily family, int vm, long weight, CellRanges ranges, Dictionary<IReadOnlyList<Place>, (long Negative, long Positive)> byCandidates)
    {
        (long negative, long positive) = (Math.Min(0, weight), Math.Max(0, weight));
        if (!vms[vm].Movable)
        {
            Widen(ranges, CellsOf(family, vms[vm].Start!.Value), weight, weight);
            return;
        }

        if (vms[vm].Start is { } start && !candidates.Allows(vm, start)) Widen(ranges, CellsOf(family, start), negative, positive);
        (long allNegative, long allPositive) = byCandidates.GetValueOrDefault(candidates[vm]);
        byCandidates[candidates[vm]] = (allNegative + negative, allPositive + positive);
    }

    /// <summary>Caps cells at what hard sums allow.</summary>
    private void Cap(LoadFamily family, long[] high)
    {
        foreach (HardSum hard in session.Filter.HardSums.Where(hard => !hard.Term.PerVm && IsNeverBelow(hard.Term.Family, family)))
            for (int cell = 0; cell < high.Length; cell++)
                if (hard.Term.Functions[cell].LargestWithin(hard.Tolerated[cell]) is { } most) high[cell] = Math.Min(high[cell], most);
    }

    /// <summary>True if each VM charges, to the same cells, at least as much to the one family as to the other.</summary>
    private bool IsNeverBelow(LoadFamily one, LoadFamily other)
    {
        if (one == other) return true;
        if (!one.IsDense || !other.IsDense || !SharesCells(one, other)) return false;
        for (int vm = 0; vm < vms.Count; vm++)
            if (one.Weight(vm) < other.Weight(vm)) return false;
        return true;
    }

    /// <summary>True if two families have the same cells.</summary>
    public bool SharesCells(LoadFamily one, LoadFamily other) =>
        one.Kind == other.Kind && one.CellCount == other.CellCount && Hosts().All(h => one.BaseCell(h) == other.BaseCell(h));

    private int[] CellsOf(LoadFamily family, IReadOnlyList<Place> places)
    {
        readsCandidates ??= CandidateLists() <= MostPlacesToRead;
        if (readsCandidates is false) return [.. Enumerable.Range(0, family.CellCount)];
        bool[] isThere = new bool[family.CellCount];
        foreach (Place place in places)
            foreach (int cell in family.CellsOf(place)) isThere[cell] = true;
        return [.. Enumerable.Range(0, isThere.Length).Where(cell => isThere[cell])];
    }

    private long CandidateLists()
    {
        HashSet<IReadOnlyList<Place>> lists = new(ReferenceEqualityComparer.Instance);
        return Enumerable.Range(0, vms.Count).Where(vm => lists.Add(candidates[vm])).Sum(vm => (long)candidates[vm].Count);
    }

    private static int[] CellsOf(LoadFamily family, Place place)
    {
        List<int> cells = [];
        foreach (int cell in family.CellsOf(place)) cells.Add(cell);
        return [.. cells];
    }

    private static int CountCells(LoadFamily family, Place place)
    {
        int count = 0;
        foreach (int _ in family.CellsOf(place)) count++;
        return count;
    }

    private static void Widen(CellRanges ranges, int[] cells, long negative, long positive)
    {
        foreach (int cell in cells)
        {
            ranges.Low[cell] += negative;
            ranges.High[cell] += positive;
        }
    }

    private IEnumerable<HostId> Hosts() => Enumerable.Range(0, session.Problem.Cluster.Hosts.Count).Select(h => new HostId(h));
}
