namespace VirtOpt;

/// <summary>What runs now, against the limits of the plan.</summary>
internal sealed class RunningActions(PlanLimits limits, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> labelsOfHost)
{
    private readonly List<HypervisorAction> running = [];

    public int Count => running.Count;

    public void Add(HypervisorAction action) => running.Add(action);

    /// <summary>By its number: what is reported may say more of it than the plan did.</summary>
    public void Remove(HypervisorAction action) => running.RemoveAll(r => r.Id == action.Id);

    /// <summary>Whether an action may begin beside those that run.</summary>
    public bool HasRoomFor(HypervisorAction action)
    {
        if (running.Any(r => r.Vm == action.Vm && r.Vm.Length > 0)) return false;
        if (!action.Kind.IsTransfer()) return true;
        HypervisorAction[] transfers = [.. running.Where(r => r.Kind.IsTransfer())];
        if (transfers.Length >= limits.InCluster) return false;
        if (action.Hosts.Any(h => transfers.Count(t => t.Hosts.Contains(h)) >= limits.PerHost)) return false;
        if (transfers.Count(t => t.From == action.From) >= limits.PerHostOut || transfers.Count(t => t.To == action.To) >= limits.PerHostIn) return false;
        return limits.LinkScope is null || Links(action).All(link => transfers.Count(t => Links(t).Contains(link)) < limits.PerLink);
    }

    private IEnumerable<string> Links(HypervisorAction action)
    {
        string? from = Link(action.From);
        string? to = Link(action.To);
        return from == to ? [] : ((string?[])[from, to]).OfType<string>();
    }

    private string? Link(string? host) =>
        host is not null && labelsOfHost.TryGetValue(host, out IReadOnlyDictionary<string, string>? labels) ? labels.GetValueOrDefault(
            limits.LinkScope!) : null;
}
