namespace VirtOpt;

/// <summary>
/// The cluster while a plan is replayed: which VMs are on a host, on their way to it, or have not left it yet. Counted anew at every question.
/// </summary>
internal sealed class PlanReplay
{
    private readonly PlacementProblem problem;
    private readonly ClusterSnapshot cluster;
    private readonly Place[] places;
    private readonly Dictionary<int, (uint Numa, uint Gpu)>[] on;
    private readonly HashSet<int>[] left;
    private readonly ResourceVector[] demand;
    private readonly bool[] isUp;
    private readonly bool[] hasPower;
    private readonly HashSet<int> busy = [];
    private readonly Dictionary<(int Host, string What), long> atStart = [];
    private readonly List<(AntiAffinity Rule, Scope Scope, HashSet<int> Group)> separations = [];
    private readonly Dictionary<(int Rule, int Item), int> separationAtStart = [];
    private readonly Constraint[] otherRules;
    private readonly Dictionary<(Constraint, string), long> brokenAtStart;
    private readonly bool hasNewDemand;
    private bool hasMoved;

    public PlanReplay(PlacementProblem problem)
    {
        (this.problem, cluster) = (problem, problem.Cluster);
        places = [.. Placement.StartOf(cluster).Places];
        on = [.. cluster.Hosts.Select(_ => new Dictionary<int, (uint, uint)>())];
        left = [.. cluster.Hosts.Select(_ => new HashSet<int>())];
        demand = [.. cluster.Vms.Select(vm => vm.DemandNow.Count > 0 ? vm.DemandNow : vm.Demand)];
        isUp = [.. cluster.Hosts.Select(host => host.State == HostState.Available && host.StateNow is null or HostState.Available)];
        hasPower = [.. cluster.Hosts.Select(host => (host.StateNow ?? host.State) != HostState.Off)];
        for (int vm = 0; vm < places.Length; vm++) Enter(vm, places[vm]);
        for (int h = 0; h < on.Length; h++)
            foreach ((string what, long load, _) in Loads(h)) atStart[(h, what)] = load;
        foreach (AntiAffinity rule in problem.Constraints.OfType<AntiAffinity>().Where(r => r is { Soft: null, Continuous: true }).Distinct())
            separations.Add((rule, cluster.Scope(rule.Scope), [.. rule.Group.Members.Where(m => !cluster[m].IsLeaving).Select(m => m.Index)]));
        for (int r = 0; r < separations.Count; r++)
            foreach (int vm in separations[r].Group.Where(vm => places[vm].Host.Index >= 0))
            {
                int item = separations[r].Scope.ItemOf(places[vm].Host);
                if (!separationAtStart.ContainsKey((r, item))) separationAtStart[(r, item)] = Together(r, item);
            }

        hasNewDemand = cluster.Vms.Any(vm => vm.DemandNow.Count > 0);
        otherRules =
            [.. problem.Constraints.Where(c => c is { Soft: null, Continuous: true } and not (Capacity or AntiAffinity or HostAvailability)).Distinct()];
        brokenAtStart = Broken(otherRules);
    }

    /// <summary>An action begins.</summary>
    public IEnumerable<string> Begin(PlannedAction action)
    {
        if (action.Kind == ActionKind.Check) return [];
        if (action.Kind.IsOfHost()) return BeginOnHost(action);
        int vm = action.Vm!.Value.Index;
        List<string> faults = [];
        if (!busy.Add(vm)) faults.Add($"VM {cluster.Vms[vm]} is in two actions at once.");
        if (action.Kind.IsMove() && !cluster.Vms[vm].Movable) faults.Add($"VM {cluster.Vms[vm]} migrates but cannot move.");
        bool needsPlace = action.Kind is not (ActionKind.Boot or ActionKind.Resume);
        if (needsPlace != places[vm].Host.Index >= 0)
            faults.Add($"VM {cluster.Vms[vm]} {(needsPlace ? "has no place" : "has a place already")} when action {action.Id} begins.");
        else if (action.From is { } from && places[vm] != from)
            faults.Add($"VM {cluster.Vms[vm]} is not where action {action.Id} begins.");
        if (action.Kind == ActionKind.Resize && action.Amount > demand[vm][action.Dimension!.Value]) faults.AddRange(Resize(vm, action));
        if (action.To is { } to) faults.AddRange(Arrive(vm, to, action));
        return faults;
    }

    /// <summary>An action ends.</summary>
    public IEnumerable<string> End(PlannedAction action)
    {
        if (action.Kind == ActionKind.Check) return [];
        if (action.Host is { } host)
        {
            if (action.Kind is ActionKind.BootHost or ActionKind.ShutdownHost) hasPower[host.Index] = action.Kind == ActionKind.BootHost;
            isUp[host.Index] = action.Kind is ActionKind.BootHost or ActionKind.LeaveMaintenance;
            return [];
        }

        int vm = action.Vm!.Value.Index;
        busy.Remove(vm);
        if (action.Kind == ActionKind.Resize && action.Amount < demand[vm][action.Dimension!.Value]) return Resize(vm, action);
        if (action.Kind is ActionKind.StorageMigrate or ActionKind.Resize) return [];
        hasMoved = true;
        Leave(vm, places[vm]);
        places[vm] = action.To ?? Placement.Nowhere;
        Enter(vm, places[vm]);
        return [];
    }

    /// <summary>Continuous rules that are judged by where VMs are, if any VM has changed its place since the last time.</summary>
    public IEnumerable<string> JudgeRules()
    {
        if (!hasMoved || otherRules.Length == 0) return [];
        hasMoved = false;
        return Broken(otherRules).Where(b => b.Value > brokenAtStart.GetValueOrDefault(b.Key))
            .Select(b => $"{b.Key.Item1.Describe()} is broken at {b.Key.Item2} by {b.Value}.");
    }

    /// <summary>The end of the plan: every hard rule holds, or is no more broken than at the start, and the VMs are where the plan says.</summary>
    public IEnumerable<string> JudgeEnd(TimedPlan plan)
    {
        if (!places.AsSpan().SequenceEqual(plan.Reached.Places)) yield return "The plan does not end at the placement that it names.";
        PlacementView view = new(cluster, new Placement(places));
        PlacementView start = new(cluster, Placement.StartOf(cluster));
        foreach (Constraint rule in problem.Constraints.Where(c => c.Soft is null))
        {
            Dictionary<string, long> before = rule.Check(start).ToDictionary(v => v.Item, v => v.Amount, StringComparer.Ordinal);
            foreach (Violation broken in rule.Check(view))
                if (broken.Amount > before.GetValueOrDefault(broken.Item)) yield return $"At the end, {broken.Message}";
        }

        foreach (string fault in JudgeChanges(plan)) yield return fault;
    }

    /// <summary>Changes of demand, shutdowns and the power of hosts that the plan was to make and does not name as not reached.</summary>
    private IEnumerable<string> JudgeChanges(TimedPlan plan)
    {
        HashSet<int> unreached = [.. plan.Unreached.Select(u => u.Vm.Index)];
        for (int vm = 0; vm < places.Length; vm++)
        {
            if (unreached.Contains(vm)) continue;
            if (cluster.Vms[vm].IsLeaving && places[vm].Host.Index >= 0) yield return $"At the end, VM {cluster.Vms[vm]} still runs; it was to be shut down.";
            else if (!cluster.Vms[vm].IsLeaving && cluster.Vms[vm].DemandNow.Count > 0 && !demand[vm].Equals(cluster.Vms[vm].Demand))
                yield return $"At the end, VM {cluster.Vms[vm]} has {demand[vm]}; it was to have {cluster.Vms[vm].Demand}.";
        }

        if (!plan.IsComplete || plan.Settings.Limits is { Deadline: not null } or { Windows.Count: > 0 }) yield break;
        for (int h = 0; h < hasPower.Length; h++)
            if (cluster.Hosts[h].StateNow is not null && hasPower[h] != (cluster.Hosts[h].State != HostState.Off))
                yield return $"At the end, host {cluster.Hosts[h]} is {(hasPower[h] ? "on" : "off")}, as it was at the begin.";
    }

    private IEnumerable<string> BeginOnHost(PlannedAction action)
    {
        int host = action.Host!.Value.Index;
        bool takesAway = action.Kind is ActionKind.ShutdownHost or ActionKind.EnterMaintenance;
        if (takesAway) isUp[host] = false;
        if (takesAway && on[host].Count > 0) yield return $"Host {cluster.Hosts[host]} still holds {on[host].Count} VMs when action {action.Id} begins.";
    }

    private List<string> Arrive(int vm, Place to, PlannedAction action)
    {
        VirtualMachine machine = cluster.Vms[vm];
        if (PlacementChecker.WrongPlace(cluster, machine with { Movable = true }, to) is { } wrong) return [$"Action {action.Id}: VM {machine} {wrong}."];
        List<string> faults = [];
        int host = to.Host.Index;
        bool mayBeAnywhere = machine.Start is { } start && cluster[start.Host].State != HostState.Available; // The start breaks the rule for it already.
        if (!isUp[host] && !mayBeAnywhere)
            faults.Add($"VM {machine} comes to host {cluster.Hosts[host]}, which is not available when action {action.Id} begins.");
        Dictionary<string, long> before = Loads(host).ToDictionary(l => l.What, l => l.Load, StringComparer.Ordinal);
        Enter(vm, to);
        foreach ((string what, long load, long limit) in Loads(host))
            if (load > before[what] && load > Math.Max(limit, atStart[(host, what)]))
                faults.Add($"While action {action.Id} runs, {what} of host {cluster.Hosts[host]} is {load}; its limit is {limit}.");
        for (int r = 0; r < separations.Count; r++)
            if (separations[r].Group.Contains(vm) && Together(r, separations[r].Scope.ItemOf(to.Host)) is var count
                && count > Math.Max(separations[r].Rule.Max, separationAtStart.GetValueOrDefault((r, separations[r].Scope.ItemOf(to.Host)))))
                faults.Add($"While action {action.Id} runs, {count} VMs break {separations[r].Rule.Describe()}.");
        return faults;
    }

    private IEnumerable<string> Resize(int vm, PlannedAction action)
    {
        hasMoved = true;
        long[] amounts = [.. demand[vm]];
        amounts[action.Dimension!.Value] = action.Amount;
        demand[vm] = ResourceVector.Create(amounts);
        if (places[vm].Host.Index is not (>= 0 and int host)) yield break;
        foreach ((string what, long load, long limit) in Loads(host))
            if (load > Math.Max(limit, atStart[(host, what)]))
                yield return $"After action {action.Id}, {what} of host {cluster.Hosts[host]} is {load}; its limit is {limit}.";
    }

    private void Enter(int vm, Place place)
    {
        if (place.Host.Index < 0) return;
        (uint numa, uint gpu) = on[place.Host.Index].GetValueOrDefault(vm);
        on[place.Host.Index][vm] = (numa | place.NumaMask, gpu | place.GpuMask);
        left[place.Host.Index].Remove(vm);
    }

    private void Leave(int vm, Place place)
    {
        if (place.Host.Index < 0) return;
        on[place.Host.Index].Remove(vm);
        if (cluster.Vms[vm].Start?.Host == place.Host) left[place.Host.Index].Add(vm);
    }

    /// <summary>Everything that a host has a limit for, with what is on it, comes to it or has not left it yet.</summary>
    private IEnumerable<(string What, long Load, long Limit)> Loads(int h)
    {
        Host host = cluster.Hosts[h];
        for (int d = 0; d < cluster.Dimensions.Count; d++)
        {
            string name = cluster.Dimensions[d].Name;
            long stay = cluster.Dimensions[d].IsTransient ? left[h].Sum(vm => demand[vm][d]) : 0;
            yield return (name, on[h].Keys.Sum(vm => demand[vm][d]) + stay, host.Usable(d));
            long reserved = on[h].Keys.Sum(vm => cluster.Vms[vm].Reservation.Count == 0 ? 0 : cluster.Vms[vm].Reservation[d]);
            yield return ($"reserved {name}", reserved, host.Physical(d));
            for (int n = 0; n < host.NumaNodes.Count; n++)
                if (host.NumaNodes[n].Limits.Contains(d))
                    yield return (
                        $"{name} of NUMA node {n}", on[h].Where(v => (v.Value.Numa >> n & 1) == 1).Sum(v => Share(v.Key, d, cluster.Vms[v.Key].NumaNodes)),
                        host.NumaNodes[n].Capacity[d]);
            for (int g = 0; g < host.Gpus.Count; g++)
                if (host.Gpus[g].Limits.Contains(d))
                    yield return (
                        $"{name} of GPU {g}", on[h].Where(v => (v.Value.Gpu >> g & 1) == 1).Sum(v => Share(v.Key, d, cluster.Vms[v.Key].Gpus)),
                        host.Gpus[g].Capacity[d]);
        }
    }

    private long Share(int vm, int dimension, int parts) => (demand[vm][dimension] + parts - 1) / parts;

    /// <summary>VMs of a group that are in an item of a scope, come to it or have not left it yet.</summary>
    private int Together(int rule, int item)
    {
        (_, Scope scope, HashSet<int> group) = separations[rule];
        if (scope.Name == Scope.Host) return group.Count(on[item].ContainsKey);
        return group.Count(vm => Enumerable.Range(0, on.Length).Any(h => scope.ItemOf(new HostId(h)) == item && on[h].ContainsKey(vm)));
    }

    private Dictionary<(Constraint, string), long> Broken(Constraint[] rules)
    {
        if (rules.Length == 0) return [];
        bool countsDemand = hasNewDemand && rules.Any(rule => rule is GroupCapacity or Failover or HotAddReserve);
        PlacementView view = new(countsDemand ? AsItIs() : cluster, new Placement(places));
        return rules.SelectMany(rule => rule.Check(view).Select(v => (Key: (rule, v.Item), v.Amount))).ToDictionary(b => b.Key, b => b.Amount);
    }

    /// <summary>The cluster with what its VMs use at the moment.</summary>
    private ClusterSnapshot AsItIs() => new(
        cluster.Dimensions, cluster.Hosts,
        [.. cluster.Vms.Select((vm, v) => vm with { Demand = demand[v], DemandNow = ResourceVector.Empty, IsLeaving = false })],
        cluster.VmGroups, cluster.HostGroups, cluster.Name);
}
