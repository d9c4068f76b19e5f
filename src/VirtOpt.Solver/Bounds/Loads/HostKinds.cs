using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Bounds.Loads;

/// <summary>
/// Hosts that some terms do not tell apart. In a linear relaxation over free loads they may all take their average without cost, because its terms are convex:
/// one host stands for its kind, as often as there are hosts of it. Where hosts of a kind have other ranges, the widest of them hold for all,
/// which only relaxes.
/// </summary>
internal sealed class HostKinds
{
    private readonly int[] firstOf;
    private readonly int[] countAt;
    private readonly RangeTable ranges;
    private readonly LoadFamily[] families;
    private readonly Dictionary<LoadFamily, bool> canShare = [];
    private readonly Dictionary<LoadFamily, CellRanges> hulls = [];

    /// <param name="hostCount">Number of hosts.</param>
    /// <param name="ranges">What is known of the loads.</param>
    /// <param name="limits">Requirements with what is tolerated of them, and goals, which tolerate nothing.</param>
    public HostKinds(int hostCount, RangeTable ranges, IReadOnlyList<(Term Term, IReadOnlyList<long>? Tolerated)> limits)
    {
        this.ranges = ranges;
        firstOf = new int[hostCount];
        countAt = new int[hostCount];
        Dictionary<NumbersKey, int> first = [];
        families = [.. limits.SelectMany(l => l.Term.FamiliesRead()).Distinct().Where(f => CanShare(f) && ranges.Of(f) is not null)];
        for (int host = 0; host < hostCount; host++)
        {
            List<long> key = [];
            foreach (LoadFamily family in families)
                key.AddRange([Math.Sign(ranges.Of(family)!.Low[host]), ranges.Of(family)!.Low[host] == ranges.Of(family)!.High[host] ? 1 : 0]);
            foreach ((Term term, IReadOnlyList<long>? tolerated) in limits) Add(key, term, tolerated, host);
            NumbersKey known = new([.. key]);
            if (!first.TryGetValue(known, out int representative)) first[known] = representative = host;
            firstOf[host] = representative;
            countAt[representative]++;
        }
    }

    /// <summary>Whether hosts of a kind are alike in their ranges too, so that nothing is given away.</summary>
    public bool IsExact => families.All(family =>
    {
        (CellRanges own, CellRanges hull) = (ranges.Of(family)!, HullOf(family));
        return Enumerable.Range(0, firstOf.Length).All(host => own.Low[host] == hull.Low[firstOf[host]] && own.High[host] == hull.High[firstOf[host]]);
    });

    /// <summary>Whether the cells of a family are the hosts.</summary>
    public bool CanShare(LoadFamily family)
    {
        if (!canShare.TryGetValue(family, out bool can))
            canShare[family] = can = family.Kind == CellKind.Host && family.CellCount == firstOf.Length
                && Enumerable.Range(0, firstOf.Length).All(host => family.BaseCell(new HostId(host)) == host);
        return can;
    }

    /// <summary>How many cells a cell stands for: all of its kind, or none if another one does.</summary>
    public int CountOf(int host) => countAt[host];

    /// <summary>The ranges of a family, widened so that they hold for all cells of a kind.</summary>
    public CellRanges HullOf(LoadFamily family)
    {
        if (hulls.TryGetValue(family, out CellRanges? hull)) return hull;
        CellRanges own = ranges.Of(family)!;
        hull = own with { Low = [.. own.Low], High = [.. own.High] };
        for (int host = 0; host < firstOf.Length; host++)
        {
            int first = firstOf[host];
            hull.Low[first] = Math.Min(hull.Low[first], own.Low[host]);
            hull.High[first] = Math.Max(hull.High[first], own.High[host]);
        }

        return hulls[family] = hull;
    }

    private void Add(List<long> key, Term term, IReadOnlyList<long>? tolerated, int host)
    {
        switch (term)
        {
            case SumTerm sum when CanShare(sum.Family):
                Add(key, sum.Functions[host]);
                if (tolerated is not null) key.Add(tolerated[host]);
                break;
            case MaxTerm max:
                foreach (TermPart part in max.Parts.Where(p => CanShare(p.Family))) Add(key, part.Functions[host]);
                break;
            case FitTerm fit:
                key.AddRange(fit.Needs.Where(n => CanShare(n.Family)).Select(need => need.Room[host]));
                break;
        }
    }

    private static void Add(List<long> key, CellFunction function)
    {
        key.AddRange([function.Slope, function.Jump, function.Hinges.Count]);
        foreach (Hinge hinge in function.Hinges) key.AddRange([hinge.At, hinge.Change]);
    }
}
