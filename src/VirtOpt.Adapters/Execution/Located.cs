namespace VirtOpt;

/// <summary>Plans do not say where a VM is that stays there: the hosts do.</summary>
internal static class Located
{
    /// <summary>The action with its host, if it needs one and one is found.</summary>
    /// <param name="hypervisor">The hosts.</param>
    /// <param name="action">The action.</param>
    /// <param name="hosts">Names of all hosts.</param>
    public static HypervisorAction On(IHypervisor hypervisor, HypervisorAction action, IReadOnlyList<string> hosts)
    {
        if (!action.IsInPlace || action.From is not null || hosts.Count == 0) return action;
        string? found = hypervisor.Look(hosts).FirstOrDefault(h => h.Find(action.Vm) is { IsActive: true })?.Host;
        return found is null ? action : new HypervisorAction(action.Id, action.Kind, action.Vm, found, null) { Size = action.Size, Pool = action.Pool };
    }
}
