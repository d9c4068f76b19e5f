namespace VirtOpt;

/// <summary>
/// Judges naively whether a plan keeps its limits on parallel migrations, its windows and its deadline: counts what runs whenever something begins.
/// </summary>
internal static class LimitJudge
{
    public static IEnumerable<string> Judge(ClusterSnapshot cluster, TimedPlan plan, IReadOnlyList<TimeWindow> times, bool keepsTimes)
    {
        PlanLimits limits = plan.Settings.Limits;
        (HostId From, HostId To)[] ends = [.. plan.Actions.Select(a => EndsOf(a, plan))];
        Running running = new(times);
        foreach (int index in Enumerable.Range(0, times.Count).Where(i => plan.Actions[i].Kind.IsTransfer()).OrderBy(i => times[i].Start))
            foreach (string fault in Parallel(cluster, limits, running, ends, index)) yield return $"At second {times[index].Start}, {fault}";
        if (!keepsTimes) yield break;
        for (int i = 0; i < times.Count; i++)
        {
            TimeWindow time = times[i];
            if (plan.Actions[i].Kind == ActionKind.Check) continue;
            if (limits.Deadline is { } deadline && time.End > deadline)
                yield return $"Action {plan.Actions[i].Id} ends at second {time.End}, after the deadline of {deadline}.";
            if (limits.Windows.Count > 0 && !limits.Windows.Any(window => window.Start <= time.Start && time.End <= window.End))
                yield return $"Action {plan.Actions[i].Id} from second {time.Start} to {time.End} lies in no window.";
        }
    }

    private static IEnumerable<string> Parallel(
        ClusterSnapshot cluster, PlanLimits limits, Running running, (HostId From, HostId To)[] ends, int index)
    {
        (HostId from, HostId to) = ends[index];
        foreach (HostId host in (HostId[])(from == to ? [from] : [from, to]))
        {
            List<int> here = running.With(index, ("host", host.Index));
            int leaving = here.Count(i => ends[i].From == host);
            int coming = here.Count(i => ends[i].To == host);
            string name = cluster[host].Name;
            if (here.Count > limits.PerHost) yield return $"host {name} takes part in {here.Count} migrations; at most {limits.PerHost} may be.";
            if (leaving > limits.PerHostOut) yield return $"{leaving} migrations leave host {name}; at most {limits.PerHostOut} may.";
            if (coming > limits.PerHostIn) yield return $"{coming} migrations come to host {name}; at most {limits.PerHostIn} may.";
        }

        if (limits.InCluster is { } most && running.With(index, ("cluster", 0)).Count is var all && all > most)
            yield return $"{all} migrations run in the cluster; at most {most} may.";
        if (limits.LinkScope is not { } link) yield break;
        Scope scope = cluster.Scope(link);
        foreach (int item in (int[])(scope.ItemOf(from) == scope.ItemOf(to) ? [] : [scope.ItemOf(from), scope.ItemOf(to)]))
            if (running.With(index, ("link", item)).Count is var crossing && crossing > limits.PerLink)
                yield return $"{crossing} migrations run over the link of {link} {scope.Items[item]}; at most {limits.PerLink} may.";
    }

    /// <summary>The hosts of a transfer; a copy of disks alone runs on the host that the VM is on, which the last move before it says.</summary>
    private static (HostId From, HostId To) EndsOf(PlannedAction action, TimedPlan plan)
    {
        if (action is { From: { } from, To: { } to }) return (from.Host, to.Host);
        if (action.Kind != ActionKind.StorageMigrate) return (new HostId(-1), new HostId(-1));
        HostId host = plan.Actions.LastOrDefault(a => a.Vm == action.Vm && a.To is not null && a.End <= action.Start)?.To?.Host
            ?? plan.Actions.FirstOrDefault(a => a.Vm == action.Vm && a.From is not null)?.From?.Host ?? new HostId(-1);
        return (host, host);
    }

    /// <summary>What runs on each limited thing, told in the order of begins.</summary>
    private sealed class Running(IReadOnlyList<TimeWindow> times)
    {
        private readonly Dictionary<(string, int), List<int>> running = [];

        /// <summary>The actions that run on a thing when an action begins there, itself included.</summary>
        public List<int> With(int index, (string, int) thing)
        {
            if (!running.TryGetValue(thing, out List<int>? there)) running[thing] = there = [];
            there.RemoveAll(other => times[other].End <= times[index].Start);
            there.Add(index);
            return there;
        }
    }
}
