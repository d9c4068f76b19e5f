namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// The actions of hosts in a plan: hosts that are off are switched on before VMs come, hosts that are to be emptied go into maintenance or are switched off
/// when their last VM has left.
/// </summary>
internal static class HostActions
{
    /// <summary>Adds them to the actions of VMs.</summary>
    /// <param name="maker">The problem and the settings.</param>
    /// <param name="actions">The actions of VMs; those that come to a host that is switched on are made to wait for that.</param>
    /// <param name="reached">Where the VMs are in the end.</param>
    /// <param name="over">When the time for actions is over.</param>
    public static void Add(LegMaker maker, List<PlannedAction> actions, Placement reached, long over)
    {
        ClusterSnapshot cluster = maker.Problem.Cluster;
        ILookup<int, PlannedAction> leaving = actions.Where(a => a.From is not null).ToLookup(a => a.From!.Value.Host.Index);
        HashSet<int> occupied = [.. reached.Places.ToArray().Select(p => p.Host.Index)];
        Dictionary<int, int> bootOf = [];
        for (int h = 0; h < cluster.Hosts.Count; h++)
        {
            Host host = cluster.Hosts[h];
            PlannedAction? action = host.IsToBoot ? Boot(maker, h)
                : !occupied.Contains(h) && host.IsToShutDown ? Empty(maker, h, [.. leaving[h]])
                : !occupied.Contains(h) && host.State == HostState.Maintenance && leaving.Contains(h) ? Empty(maker, h, [.. leaving[h]])
                : null;
            if (action is null || action.End > over) continue;
            actions.Add(action with { Id = actions.Count + 1 });
            if (host.IsToBoot) bootOf[h] = actions.Count;
        }

        for (int i = 0; i < actions.Count; i++)
            if (actions[i].To is { } to && bootOf.TryGetValue(to.Host.Index, out int boot))
                actions[i] = actions[i] with { After = [.. actions[i].After.Append(boot).Order()] };
    }

    private static PlannedAction Boot(LegMaker maker, int host) => new()
    {
        Id = 0,
        Kind = ActionKind.BootHost,
        Host = new HostId(host),
        Start = maker.HostsBootAt,
        End = maker.HostsUpAt,
    };

    private static PlannedAction Empty(LegMaker maker, int host, PlannedAction[] leaving)
    {
        bool isOff = maker.Problem.Cluster.Hosts[host].IsToShutDown;
        long seconds = isOff ? PlanSettings.Whole(maker.Settings.Transfer.HostShutdownSeconds) : 0;
        long last = leaving.Select(a => a.End).DefaultIfEmpty(0).Max();
        long at = isOff ? TimeWindows.Earliest(maker.Settings.Limits, last, seconds) : last;
        return new()
        {
            Id = 0,
            Kind = isOff ? ActionKind.ShutdownHost : ActionKind.EnterMaintenance,
            Host = new HostId(host),
            Start = at,
            End = at + seconds,
            After = [.. leaving.Select(a => a.Id).Order()],
            Wave = leaving.Select(a => a.Wave).DefaultIfEmpty(0).Max(),
        };
    }
}
