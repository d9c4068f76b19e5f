using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Patterns.Reading;

/// <summary>Reads a <see cref="PatternProblem"/> from a problem, if patterns apply to it.</summary>
internal sealed class PatternExtraction
{
    /// <summary>Tables of pricing grow with the square of the units of a cell.</summary>
    private const int MostUnits = 256;

    private readonly PlacementModel model;
    private readonly PatternRules rules;
    private readonly PlacementState start;
    private readonly Goal goal;
    private readonly FitNeed need;
    private readonly bool isByNode;

    private PatternExtraction(PlacementModel model, PatternRules rules, PlacementState start, Goal goal, FitNeed need) =>
        (this.model, this.rules, this.start, this.goal, this.need, isByNode) = (model, rules, start, goal, need, need.Family.Kind == CellKind.NumaNode);

    /// <summary>The problem, or why there is none.</summary>
    public static PatternProblem? Read(SolveSession session, PatternRules rules, out string refusal)
    {
        PlacementModel model = session.Model;
        refusal = rules.Refusal ?? Refusal(session) ?? "";
        if (refusal.Length > 0) return null;
        Goal goal = model.Goals.First(g => g.Level == model.Levels[0]);
        PlacementState start = session.Scoring.StateAt(Placement.StartOf(model.Cluster).Places);
        foreach (FitNeed need in ((FitTerm)goal.Term).Needs)
            if (new PatternExtraction(model, rules, start, goal, need).Read(out refusal) is { } problem) return problem;
        return null;
    }

    private static string? Refusal(SolveSession session)
    {
        PlacementModel model = session.Model;
        if (session.Scoring.Tolerances.AnyBroken) return "the start breaks a rule";
        if (model.Cluster.Vms.Any(vm => vm.Start is null)) return "a VM is not placed";
        Goal[] first = model.Levels is [int level, ..] ? [.. model.Goals.Where(g => g.Level == level)] : [];
        if (first is not [{ Term: FitTerm, Weight: > 0 }])
            return "the first level is not one measure of fit";
        return model.Cluster.Vms.Any(vm => vm is { Movable: true, Gpus: > 0 }) ? "a movable VM has GPUs" : null;
    }

    private PatternProblem? Read(out string refusal)
    {
        refusal = CellRefusal() ?? "";
        if (refusal.Length > 0) return null;
        (PatternType[] types, int[] typeOf, long unit) = Types();
        IEnumerable<int> taking = Enumerable.Range(0, model.Cluster.Hosts.Count).Where(rules.TakesVms);
        PatternHost[] hosts = [.. taking.Select(h => HostAt(h, types.Length)).Where(h => h.Cells.Count > 0)];
        CountMovable(hosts, typeOf);
        long largest = hosts.SelectMany(h => h.Cells).Select(c => rules.Limits[need.Family][CellOf(c.Place)]).DefaultIfEmpty().Max() / unit;
        if (types.Length == 0 || largest > MostUnits) refusal = types.Length == 0 ? "no VM is movable" : $"cells of {largest} units are too fine";
        PatternProblem problem = new()
        {
            Types = types,
            Hosts = hosts,
            TypeOf = typeOf,
            Unit = unit,
            Units = (int)Math.Min(largest, MostUnits),
            Need = need.Need,
            MigrationLimit = rules.MigrationLimit,
            StartCopies = Enumerable.Range(0, need.Room.Count).Sum(cell => ((FitTerm)goal.Term).Copies(cell, start.Load)),
            Goal = goal,
        };
        return refusal.Length == 0 && KeepsOneLoad(problem, out refusal) ? problem : null;
    }

    /// <summary>Limits of other loads are left to the choice of VMs where they may bind; what fits must be decided by one load.</summary>
    private bool KeepsOneLoad(PatternProblem problem, out string refusal)
    {
        SlackLoads slack = new(model, rules, start, problem, need);
        refusal = slack.AnyDecides() ? "a second load may decide what fits" : "";
        if (refusal.Length > 0) return false;
        foreach (LoadFamily family in slack.Binding()) rules.Relax(family);
        return true;
    }

    private string? CellRefusal()
    {
        LoadFamily family = need.Family;
        bool isByHost = family.Kind == CellKind.Host && family.CellCount == model.Cluster.Hosts.Count;
        if (!isByNode && !isByHost) return "the measure of fit is over neither NUMA nodes nor hosts";
        if (!rules.Limits.TryGetValue(family, out long[]? limits)) return $"no limit of {family.Name}";
        for (int h = 0; h < model.Cluster.Hosts.Count; h++)
        {
            if (!rules.TakesVms(h)) continue;
            int cells = isByNode ? model.Cluster.Hosts[h].NumaNodes.Count : 1;
            if (cells > 2) return "a host has more than two NUMA nodes";
            for (int cell = family.BaseCell(new HostId(h)), end = cell + cells; cell < end; cell++)
                if (limits[cell] != need.Room[cell]) return "a cell's limit is not the room of the shape";
        }

        bool Suits(VirtualMachine vm) => isByNode ? vm.NumaNodes is 1 or 2 : vm.NumaNodes == 0;
        return model.Cluster.Vms.All(vm => !vm.Movable || Suits(vm)) ? null : "a movable VM does not sit on one cell or both";
    }

    private (PatternType[] Types, int[] TypeOf, long Unit) Types()
    {
        int[] movable = [.. Enumerable.Range(0, model.Cluster.Vms.Count).Where(vm => model.Cluster.Vms[vm].Movable && need.Family.Weight(vm) > 0)];
        (int Span, long Weight) KeyOf(int vm) => (isByNode ? model.Cluster.Vms[vm].NumaNodes : 1, need.Family.Weight(vm));
        (int Span, long Weight)[] keys = [.. movable.Select(KeyOf).Distinct().Order()];
        long unit = keys.Select(k => k.Weight).DefaultIfEmpty(1).Aggregate(GreatestCommonDivisor);
        int[] typeOf = new int[model.Cluster.Vms.Count];
        Array.Fill(typeOf, -1);
        foreach (int vm in movable) typeOf[vm] = Array.IndexOf(keys, KeyOf(vm));
        return ([.. keys.Select(k => new PatternType(k.Span, k.Weight, (int)Math.Min(int.MaxValue, k.Weight / unit)))], typeOf, unit);
    }

    private PatternHost HostAt(int host, int types)
    {
        int nodes = isByNode ? model.Cluster.Hosts[host].NumaNodes.Count : 1;
        PatternCell CellAt(int node)
        {
            Place place = new(new HostId(host), isByNode ? 1u << node : 0);
            int cell = CellOf(place);
            return new PatternCell(place, need.Room[cell] - start.Load(need.Family, cell), new int[types]);
        }

        return new PatternHost(new Place(new HostId(host), 0b11), [.. Enumerable.Range(0, nodes).Select(CellAt)], new int[types]);
    }

    private void CountMovable(PatternHost[] hosts, int[] typeOf)
    {
        Dictionary<HostId, PatternHost> byId = hosts.ToDictionary(h => h.Place.Host);
        for (int vm = 0; vm < typeOf.Length; vm++)
            if (typeOf[vm] >= 0 && byId[start.Places[vm].Host] is var host)
                (host.Cells.FirstOrDefault(c => c.Place == start.Places[vm])?.Movable ?? host.Movable)[typeOf[vm]]++;
    }

    private int CellOf(Place place)
    {
        foreach (int cell in need.Family.CellsOf(place)) return cell;
        return -1;
    }

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
