namespace VirtOpt;

/// <summary>Judges naively whether a plan keeps its limits on parallel migrations, its windows and its deadline: counts what runs whenever something begins.</summary>
internal static class LimitJudge
{
    public static IEnumerable<string> Judge(ClusterSnapshot cluster, TimedPlan plan, IReadOnlyList<TimeWindow> times, bool keepsTimes)
    {
        PlanLimits limits = plan.Settings.Limits;
        int[] byStart = [.. Enumerable.Range(0, times.Count).Where(i => plan.Actions[i].Kind.IsTransfer()).OrderBy(i => times[i].Start)];
        List<int> running = [];
        foreach (int index in byStart)
        {
            running.RemoveAll(other => times[other].End <= times[index].Start);
            running.Add(index);
            foreach (string fault in Parallel(cluster, plan, limits, running, index)) yield return $"At second {times[index].Start}, {fault}";
        }

        if (!keepsTimes) yield break;
        for (int i = 0; i < times.Count; i++)
        {
            TimeWindow time = times[i];
            if (limits.Deadline is { } deadline && time.End > deadline)
                yield return $"Action {plan.Actions[i].Id} ends at second {time.End}, after the deadline of {deadline}.";
            if (limits.Windows.Count > 0 && !limits.Windows.Any(window => window.Start <= time.Start && time.End <= window.End))
                yield return $"Action {plan.Actions[i].Id} from second {time.Start} to {time.End} lies in no window.";
        }
    }

    private static IEnumerable<string> Parallel(ClusterSnapshot cluster, TimedPlan plan, PlanLimits limits, List<int> running, int index)
    {
        (HostId from, HostId to) = EndsOf(plan.Actions[index], plan);
        foreach (HostId host in (HostId[])(from == to ? [from] : [from, to]))
        {
            int leaving = running.Count(i => EndsOf(plan.Actions[i], plan).From == host);
            int coming = running.Count(i => EndsOf(plan.Actions[i], plan).To == host);
            int inside = running.Count(i => EndsOf(plan.Actions[i], plan) == (host, host));
            string name = cluster[host].Name;
            if (leaving + coming - inside > limits.PerHost)
                yield return $"host {name} takes part in {leaving + coming - inside} migrations; at most {limits.PerHost} may be.";
            if (leaving > limits.PerHostOut) yield return $"{leaving} migrations leave host {name}; at most {limits.PerHostOut} may.";
            if (coming > limits.PerHostIn) yield return $"{coming} migrations come to host {name}; at most {limits.PerHostIn} may.";
        }

        if (running.Count > limits.InCluster) yield return $"{running.Count} migrations run in the cluster; at most {limits.InCluster} may.";
        if (limits.LinkScope is not { } link) yield break;
        Scope scope = cluster.Scope(link);
        int[] items = scope.ItemOf(from) == scope.ItemOf(to) ? [] : [scope.ItemOf(from), scope.ItemOf(to)];
        foreach (int item in items)
        {
            int crossing = running.Count(i => Crosses(scope, EndsOf(plan.Actions[i], plan), item));
            if (crossing > limits.PerLink)
                yield return $"{crossing} migrations run over the link of {link} {scope.Items[item]}; at most {limits.PerLink} may.";
        }
    }

    private static bool Crosses(Scope scope, (HostId From, HostId To) ends, int item) =>
        scope.ItemOf(ends.From) != scope.ItemOf(ends.To) && (scope.ItemOf(ends.From) == item || scope.ItemOf(ends.To) == item);

    /// <summary>The hosts of a transfer; a copy of disks alone runs on the host that the VM is on, which the last move before it says.</summary>
    private static (HostId From, HostId To) EndsOf(PlannedAction action, TimedPlan plan)
    {
        if (action is { From: { } from, To: { } to }) return (from.Host, to.Host);
        HostId host = plan.Actions.LastOrDefault(a => a.Vm == action.Vm && a.To is not null && a.End <= action.Start)?.To?.Host
            ?? plan.Actions.FirstOrDefault(a => a.Vm == action.Vm && a.From is not null)?.From?.Host ?? new HostId(-1);
        return (host, host);
    }
}
