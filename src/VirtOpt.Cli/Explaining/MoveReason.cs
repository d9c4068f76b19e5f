namespace VirtOpt.Cli.Explaining;

/// <summary>Why a VM moved: what the placement would be worth if it had stayed.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it was.</param>
/// <param name="To">Where it is.</param>
/// <param name="Kind">One word: <c>repair</c>, <c>rule</c>, <c>objective</c>, <c>together</c>.</param>
/// <param name="Text">The same in words.</param>
/// <param name="Terms">The parts of the objective without the move; empty if a rule would be broken.</param>
internal sealed record MoveReason(VmId Vm, Place From, Place To, string Kind, string Text, IReadOnlyList<TermValue> Terms);

/// <summary>Finds the reasons by judging the placement again without each move: one check of the whole placement for each.</summary>
internal static class MoveReasons
{
    /// <summary>The VMs that moved.</summary>
    public static IReadOnlyList<VmId> Moved(ClusterSnapshot cluster, Placement placement)
    {
        PlacementView view = new(cluster, placement);
        return [.. cluster.AllVms.Members.Where(view.HasMoved)];
    }

    /// <summary>The reason of one move.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="placement">A placement of it.</param>
    /// <param name="report">What the checker says of it.</param>
    /// <param name="vm">A VM that moved.</param>
    public static MoveReason Of(PlacementProblem problem, Placement placement, CheckReport report, VmId vm)
    {
        Place[] places = placement.Places.ToArray();
        places[vm.Index] = problem.Cluster[vm].Start!.Value;
        CheckReport without = PlacementChecker.Check(problem, new Placement(places));
        (string kind, string text) = Compare(report, without);
        return new MoveReason(vm, places[vm.Index], placement[vm], kind, text, without.Terms);
    }

    private static (string Kind, string Text) Compare(CheckReport with, CheckReport without)
    {
        if (without.Violations.Count > with.Violations.Count) return ("rule", $"else a rule breaks: {without.Violations[0].Message}");
        if (Repaired(with, without) is { } repaired) return ("repair", $"else not repaired: {repaired.Message}");
        foreach (IGrouping<int, TermValue> level in without.Terms.GroupBy(t => t.Level).OrderBy(l => l.Key))
        {
            long value = level.Sum(t => t.Weight * t.Value);
            long change = value - with.Terms.Where(t => t.Level == level.Key).Sum(t => t.Weight * t.Value);
            string name = level.Count() == 1 ? level.First().Name : $"level {level.Key}";
            if (change > 0) return ("objective", $"else {name} would be {value:N0} (+{change:N0})");
            if (change < 0) return ("together", $"{name} would be {value:N0} ({change:N0}) without it: it serves other moves");
        }

        return ("together", "no difference by itself: it serves other moves");
    }

    private static BrokenRule? Repaired(CheckReport with, CheckReport without)
    {
        Dictionary<(string, string), long> now = with.Unrepaired.ToDictionary(r => (r.Constraint, r.Item), r => r.Amount);
        return without.Unrepaired.FirstOrDefault(r => r.Amount > now.GetValueOrDefault((r.Constraint, r.Item)));
    }
}
