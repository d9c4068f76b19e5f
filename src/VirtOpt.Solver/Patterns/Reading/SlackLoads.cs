using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Patterns.Reading;

/// <summary>
/// Proves which loads never bind: whatever movable VMs fill the cells of one load, the limits of the others hold. An unbounded knapsack over the
/// types says how much of another load the VMs that fill a cell can bring at most.
/// </summary>
internal sealed class SlackLoads
{
    private readonly PlacementModel model;
    private readonly PatternRules rules;
    private readonly PatternProblem problem;
    private readonly FitNeed binding;
    private readonly PlacementState rest;

    /// <param name="model">The problem.</param>
    /// <param name="rules">Its limits.</param>
    /// <param name="start">The start.</param>
    /// <param name="problem">The problem as patterns see it.</param>
    /// <param name="binding">The load that binds.</param>
    public SlackLoads(PlacementModel model, PatternRules rules, PlacementState start, PatternProblem problem, FitNeed binding)
    {
        (this.model, this.rules, this.problem, this.binding) = (model, rules, problem, binding);
        Place[] places = start.Places.ToArray();
        for (int vm = 0; vm < places.Length; vm++)
            if (problem.TypeOf[vm] >= 0) places[vm] = Placement.Nowhere;
        rest = new PlacementState(model, places);
    }

    /// <summary>Other loads whose limits may bind.</summary>
    public IReadOnlyList<LoadFamily> Binding() =>
        [.. rules.Limits.Where(limit => limit.Key != binding.Family && MayBind(limit.Key, limit.Value)).Select(limit => limit.Key)];

    /// <summary>True if another load may decide how many copies fit.</summary>
    public bool AnyDecides() => ((FitTerm)problem.Goal.Term).Needs.Any(other => other != binding && MayDecide(other));

    private bool MayBind(LoadFamily family, long[] limits)
    {
        long[] brought = MostBrought(family);
        if (brought[^1] == 0) return false;
        bool isByCell = family.Kind == binding.Family.Kind;
        bool isByHost = family.Kind == CellKind.Host && family.CellCount == model.Cluster.Hosts.Count;
        if (family.Kind == CellKind.Host ? !isByHost : !isByCell) return true;
        foreach (PatternHost host in problem.Hosts)
            if (isByCell)
            {
                foreach (PatternCell cell in host.Cells)
                    if (limits[First(family, cell.Place)] is < long.MaxValue and long limit
                        && 2 * (limit - rest.Load(family, First(family, cell.Place))) < brought[UnitsOf(cell)]) return true;
            }
            else if (limits[First(family, host.Place)] is < long.MaxValue and long limit
                && 2 * (limit - rest.Load(family, First(family, host.Place))) < host.Cells.Sum(cell => brought[UnitsOf(cell)])) return true;

        return false;
    }

    private bool MayDecide(FitNeed other)
    {
        long[] brought = MostBrought(other.Family);
        foreach (PatternCell cell in problem.Hosts.SelectMany(h => h.Cells))
        {
            (int first, int second) = (First(binding.Family, cell.Place), First(other.Family, cell.Place));
            (long free, long otherFree) = (binding.Room[first] - rest.Load(binding.Family, first), other.Room[second] - rest.Load(other.Family, second));
            for (int units = UnitsOf(cell); units >= 0; units--)
                if (Math.Max(0, otherFree - ((brought[units] + 1) / 2)) / other.Need < (free - (units * problem.Unit)) / binding.Need) return true;
        }

        return false;
    }

    /// <summary>By units of a cell that are filled at most: twice the other load that comes with them, shared evenly by the cells of a VM.</summary>
    private long[] MostBrought(LoadFamily family)
    {
        long[] most = new long[problem.Types.Count];
        for (int vm = 0; vm < problem.TypeOf.Count; vm++)
            if (problem.TypeOf[vm] is >= 0 and int type) most[type] = Math.Max(most[type], family.Weight(vm));
        bool isByCell = family.Kind == binding.Family.Kind;
        long[] brought = new long[problem.Units + 1];
        for (int units = 1; units < brought.Length; units++)
        {
            brought[units] = brought[units - 1];
            for (int t = 0; t < most.Length; t++)
                if (problem.Types[t] is var type && type.Units <= units)
                    brought[units] = Math.Max(brought[units], brought[units - type.Units] + (isByCell || type.Span == 1 ? 2 * most[t] : most[t]));
        }

        return brought;
    }

    /// <summary>Units that movable VMs can fill.</summary>
    private int UnitsOf(PatternCell cell)
    {
        int at = First(binding.Family, cell.Place);
        return (int)Math.Max(0, (binding.Room[at] - rest.Load(binding.Family, at)) / problem.Unit);
    }

    private static int First(LoadFamily family, Place place)
    {
        foreach (int cell in family.CellsOf(place)) return cell;
        return -1;
    }
}
