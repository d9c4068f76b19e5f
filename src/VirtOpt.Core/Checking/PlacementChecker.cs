namespace VirtOpt;

/// <summary>A hard rule broken by a placement.</summary>
/// <param name="Constraint">The rule.</param>
/// <param name="Item">What breaks it.</param>
/// <param name="Amount">By how much, above 0.</param>
/// <param name="AtStart">By how much the start breaks it at the same item; 0 if it does not.</param>
/// <param name="Message">The same in words.</param>
public sealed record BrokenRule(string Constraint, string Item, long Amount, long AtStart, string Message);

/// <summary>What a placement is worth, found by simple means.</summary>
/// <param name="Violations">Hard rules that are broken where the start was not, or are broken more than at the start. Empty for every valid placement.</param>
/// <param name="Unrepaired">Hard rules that were broken at the start and still are, no more than then.</param>
/// <param name="Terms">Value of each objective and of each soft rule, by name.</param>
/// <param name="Levels">Weighted sum of each level, first level first; tie-breaking levels last.</param>
public sealed record CheckReport(
    IReadOnlyList<BrokenRule> Violations, IReadOnlyList<BrokenRule> Unrepaired, IReadOnlyList<TermValue> Terms, IReadOnlyList<long> Levels)
{
    /// <summary>True if no rule is broken anew.</summary>
    public bool IsValid => Violations.Count == 0;
}

/// <summary>The value of one part of the objective.</summary>
/// <param name="Name">Name of the objective or soft rule.</param>
/// <param name="Level">Its level.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Value">Its value, without the weight.</param>
public sealed record TermValue(string Name, int Level, long Weight, long Value);

/// <summary>Judges placements naively and slowly, by looking. Calls no engine; every result passes it before it is returned.</summary>
public static class PlacementChecker
{
    /// <summary>Judges a placement of a problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="placement">Where its VMs are to be.</param>
    public static CheckReport Check(PlacementProblem problem, Placement placement)
    {
        List<BrokenRule> violations = [.. CheckPlaces(problem.Cluster, placement)];
        if (violations.Count > 0) return new CheckReport(violations, [], [], []);
        PlacementView view = new(problem.Cluster, placement);
        PlacementView start = new(problem.Cluster, Placement.StartOf(problem.Cluster));
        List<BrokenRule> unrepaired = [];
        foreach (Constraint constraint in problem.Constraints.Where(c => c.Soft is null))
        {
            Dictionary<string, long> atStart = constraint.Check(start).ToDictionary(v => v.Item, v => v.Amount, StringComparer.Ordinal);
            foreach (Violation broken in constraint.Check(view))
            {
                BrokenRule rule = new(constraint.Describe(), broken.Item, broken.Amount, atStart.GetValueOrDefault(broken.Item), broken.Message);
                (rule.Amount > rule.AtStart ? violations : unrepaired).Add(rule);
            }
        }

        TermValue[] terms = [.. Terms(problem, view)];
        long[] levels = [.. terms.GroupBy(t => t.Level).OrderBy(l => l.Key).Select(l => l.Sum(t => t.Weight * t.Value))];
        return new CheckReport(violations, unrepaired, terms, levels);
    }

    private static IEnumerable<TermValue> Terms(PlacementProblem problem, PlacementView view)
    {
        foreach (Constraint constraint in problem.Constraints)
            if (constraint.Soft is { } soft)
                yield return new($"soft {constraint.Describe()}", soft.Level, soft.Weight, constraint.Check(view).Sum(v => v.Amount));
        foreach (Objective objective in problem.Objectives.Concat(problem.StayPut()))
            yield return new(objective.Describe(), objective.Level, objective.Weight, objective.Value(view));
    }

    private static IEnumerable<BrokenRule> CheckPlaces(ClusterSnapshot cluster, Placement placement)
    {
        if (placement.Count != cluster.Vms.Count)
        {
            yield return new("placement", "all VMs", 1, 0, $"The placement is for {placement.Count} VMs; the cluster has {cluster.Vms.Count}.");
            yield break;
        }

        for (int v = 0; v < cluster.Vms.Count; v++)
            if (WrongPlace(cluster, cluster.Vms[v], placement[new VmId(v)]) is { } wrong)
                yield return new("placement", $"VM {cluster.Vms[v]}", 1, 0, $"VM {cluster.Vms[v]} {wrong}.");
    }

    /// <summary>What is wrong with the place of a VM, in words that follow its name; null for nothing.</summary>
    internal static string? WrongPlace(ClusterSnapshot cluster, VirtualMachine vm, Place place)
    {
        if (place.Host.Index < 0 || place.Host.Index >= cluster.Hosts.Count) return "is not placed";
        if (!vm.Movable && place != vm.Start) return $"has moved to host {cluster[place.Host]} but cannot move";
        Host host = cluster[place.Host];
        int[] nodes = [.. Enumerable.Range(0, 32).Where(n => (place.NumaMask >> n & 1) == 1)];
        int[] gpus = [.. Enumerable.Range(0, 32).Where(g => (place.GpuMask >> g & 1) == 1)];
        if (nodes.Length != vm.NumaNodes || nodes.Any(n => n >= host.NumaNodes.Count))
            return $"has the wrong NUMA nodes ({string.Join(",", nodes)}) on host {host}";
        if (gpus.Length != vm.Gpus || gpus.Any(g => g >= host.Gpus.Count)) return $"has the wrong GPUs ({string.Join(",", gpus)}) on host {host}";
        bool rightModel = place == vm.Start || vm.GpuModels.Count == 0 || gpus.All(g => vm.GpuModels.Contains(host.Gpus[g].Model));
        return rightModel ? null : $"has a GPU of the wrong model on host {host}";
    }
}
