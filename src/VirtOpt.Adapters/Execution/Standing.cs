namespace VirtOpt;

/// <summary>Where the VM of an action is, as the hosts say.</summary>
internal enum Standing
{
    /// <summary>Where the action takes it from, or ready to begin.</summary>
    Before,

    /// <summary>Where the action brings it to.</summary>
    After,

    /// <summary>On both hosts at once.</summary>
    Both,

    /// <summary>Neither: gone, stopped, or on another host.</summary>
    Changed,

    /// <summary>A host does not answer, so nobody knows.</summary>
    Unknown,
}

/// <summary>Where the VM of an action is, with its UUID and, if it is not where it should be, what is the matter.</summary>
internal sealed record Sighting(Standing Standing, Guid Vm, string Message)
{
    /// <summary>True if the host that the VM has left still has a definition of it.</summary>
    public bool IsLeftBehind { get; init; }

    /// <summary>True if the VM stands still.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Asks the hosts of an action, and all others if the VM is on neither.</summary>
    public static Sighting Of(IHypervisor hypervisor, HypervisorAction action, IReadOnlyList<string> hosts)
    {
        IReadOnlyList<HostSighting> seen = hypervisor.Look(action.Hosts);
        if (seen.FirstOrDefault(s => s.Fault is not null) is { } lost) return new(Standing.Unknown, Guid.Empty, $"{lost.Host} does not answer: {lost.Fault}");
        if (action.Kind.IsOfHost()) return OfHost(action, seen[0]);
        VmSighting? from = Find(seen, action.From, action.Vm);
        VmSighting? to = Find(seen, action.To, action.Vm);
        Sighting? found = action.Kind switch
        {
            ActionKind.Boot => OfStart(to),
            ActionKind.Resume => OfResume(action, to),
            ActionKind.Shutdown => OfStop(from),
            ActionKind.Suspend => from is { State: VmState.Off } ? null : OfStop(from),
            _ when action.IsInPlace => OfStay(from),
            _ => OfMove(action, from, to),
        };
        return found ?? Missing(hypervisor, action, from ?? to, hosts);
    }

    /// <summary>A host that is to go must be empty; one that comes back must answer.</summary>
    private static Sighting OfHost(HypervisorAction action, HostSighting host)
    {
        string[] left = action.Kind is ActionKind.EnterMaintenance or ActionKind.ShutdownHost ? [.. host.Vms.Where(v => v.IsActive).Select(v => v.Name)] : [];
        return left.Length == 0 ? new(Standing.Before, Guid.Empty, "") : new(Standing.Changed, Guid.Empty, $"{host.Host} still has {string.Join(", ", left)}");
    }

    private static Sighting? OfMove(HypervisorAction action, VmSighting? from, VmSighting? to)
    {
        if (from is { IsActive: true } && to is { IsActive: true })
            return new(Standing.Both, from.Uuid, $"{action.Vm} is on {action.From} and on {action.To}");
        if (to is { IsActive: true })
            return new(Standing.After, to.Uuid, "") { IsLeftBehind = from is not null, IsPaused = to.State == VmState.Paused };
        if (from is { IsActive: true }) return new(Standing.Before, from.Uuid, "") { IsPaused = from.State == VmState.Paused };
        // A VM that is off is on its way only if it is moved that way.
        return action.Kind == ActionKind.ColdMigrate && (from ?? to) is { } off ? new(Standing.Before, off.Uuid, "") : null;
    }

    private static Sighting? OfStart(VmSighting? vm) => vm is null ? null : new(vm.IsActive ? Standing.After : Standing.Before, vm.Uuid, "");

    private static Sighting? OfStop(VmSighting? vm) => vm is null ? null : new(vm.IsActive ? Standing.Before : Standing.After, vm.Uuid, "");

    /// <summary>Only what was suspended is resumed: a VM that is off would boot.</summary>
    private static Sighting? OfResume(HypervisorAction action, VmSighting? vm) =>
        vm is { State: VmState.Off } ? new(Standing.Changed, vm.Uuid, $"{action.Vm} is off and not suspended") : OfStart(vm);

    /// <summary>The VM stays where it is: whether it has the size, the adapter knows.</summary>
    private static Sighting? OfStay(VmSighting? vm) =>
        vm is { IsActive: true } ? new(Standing.Before, vm.Uuid, "") { IsPaused = vm.State == VmState.Paused } : null;

    private static Sighting Missing(IHypervisor hypervisor, HypervisorAction action, VmSighting? off, IReadOnlyList<string> hosts)
    {
        if (off is not null) return new(Standing.Changed, off.Uuid, $"{action.Vm} is off");
        string[] others = [.. hosts.Except(action.Hosts)];
        IReadOnlyList<HostSighting> seen = others.Length == 0 ? [] : hypervisor.Look(others);
        string where = string.Join(" and ", action.Hosts);
        foreach (HostSighting host in seen)
            if (host.Find(action.Vm) is { IsActive: true } vm) return new(Standing.Changed, vm.Uuid, $"{action.Vm} is on {host.Host} now, not on {where}");
            else if (action.Kind == ActionKind.Resume && host.Find(action.Vm) is { State: VmState.Saved } saved)
                return new(Standing.Changed, saved.Uuid, $"{action.Vm} was suspended on {host.Host} and can only be resumed there");
        return new(Standing.Changed, Guid.Empty, $"{action.Vm} is no longer there: no host that answers has it");
    }

    private static VmSighting? Find(IReadOnlyList<HostSighting> seen, string? host, string vm) => seen.FirstOrDefault(s => s.Host == host)?.Find(vm);
}
