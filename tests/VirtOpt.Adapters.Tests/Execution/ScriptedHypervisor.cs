namespace VirtOpt.Adapters.Tests;

/// <summary>
/// Hosts that exist in memory alone and do what a script says: an action may fail before or after the VM has moved, halfway, or while somebody else
/// takes the VM away. It counts what runs at the same time and where every VM is, and never forgets one.
/// </summary>
internal sealed class ScriptedHypervisor(IReadOnlyList<string> hosts, Func<HypervisorAction, int, Incident> script) : IHypervisor
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Host, string Vm), (Guid Uuid, VmState State)> world = [];
    private readonly Dictionary<int, int> attempts = [];
    private readonly List<HypervisorAction> running = [];
    private readonly Dictionary<string, int> silent = [];

    /// <summary>Actions in the order in which they began.</summary>
    public List<int> Begun { get; } = [];

    /// <summary>Most actions that a host took part in at once.</summary>
    public int MostPerHost { get; private set; }

    /// <summary>Most actions at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Told when an action is half done.</summary>
    public Action? Halfway { get; set; }

    /// <summary>What Obstacles answers, by action.</summary>
    public Dictionary<int, string> InTheWay { get; } = [];

    /// <summary>Lets actions wait for each other, so that what may run at once does.</summary>
    public Action<HypervisorAction> Enter { get; set; } = _ => { };

    public void Put(string host, string vm, VmState state = VmState.Running, Guid? uuid = null)
    {
        lock (gate) world[(host, vm)] = (uuid ?? Uuid(vm), state);
    }

    public static Guid Uuid(string vm) => new(vm.Sum(c => c) * 1000 + int.Parse(vm[1..], System.Globalization.CultureInfo.InvariantCulture), 1, 2, new byte[8]);

    /// <summary>Where a VM runs, on every host that has it.</summary>
    public string[] HostsOf(string vm)
    {
        lock (gate) return [.. world.Where(w => w.Key.Vm == vm && w.Value.State == VmState.Running).Select(w => w.Key.Host).Order()];
    }

    /// <summary>All definitions of a VM.</summary>
    public int DefinitionsOf(string vm)
    {
        lock (gate) return world.Count(w => w.Key.Vm == vm);
    }

    /// <summary>The same world with a script of its own.</summary>
    /// <param name="withScript">The script.</param>
    /// <param name="meanwhile">Done while the world stands still.</param>
    public ScriptedHypervisor Copy(Func<HypervisorAction, int, Incident> withScript, Action meanwhile)
    {
        ScriptedHypervisor copy = new(hosts, withScript);
        lock (gate)
        {
            meanwhile();
            foreach (((string host, string vm), (Guid uuid, VmState state)) in world) copy.world[(host, vm)] = (uuid, state);
        }

        return copy;
    }

    public IReadOnlyList<HostSighting> Look(IReadOnlyCollection<string> asked)
    {
        lock (gate) return [.. asked.Select(Look)];
    }

    public IReadOnlyList<string> Obstacles(HypervisorAction action) => InTheWay.TryGetValue(action.Id, out string? reason) ? [reason] : [];

    public ActionResult Perform(HypervisorAction action, IProgress<ActionProgress> progress, CancellationToken abort)
    {
        int attempt;
        lock (gate)
        {
            attempts[action.Id] = attempt = attempts.GetValueOrDefault(action.Id) + 1;
            Begun.Add(action.Id);
            running.Add(action);
            MostAtOnce = Math.Max(MostAtOnce, running.Count);
            MostPerHost = Math.Max(MostPerHost, action.Hosts.Max(h => running.Count(r => r.Hosts.Contains(h))));
        }

        Enter(action);
        progress.Report(new ActionProgress(0.5, "half"));
        lock (gate)
        {
            ActionResult result = Act(action, script(action, attempt));
            running.Remove(action);
            return result;
        }
    }

    public string Settle(HypervisorAction action, CancellationToken abort)
    {
        lock (gate)
        {
            if (action.From is null || action.To is null) return "";
            bool isHere = world.TryGetValue((action.From, action.Vm), out (Guid Uuid, VmState State) source);
            bool isThere = world.TryGetValue((action.To, action.Vm), out (Guid Uuid, VmState State) to);
            if (isHere && isThere && source.Uuid == to.Uuid && source.State == VmState.Running && to.State == VmState.Paused) return Remove(action.To, action.Vm);
            if (isHere && isThere && source.Uuid == to.Uuid && to.State == VmState.Running && source.State != VmState.Running) return Remove(action.From, action.Vm);
            if (!isHere || isThere || source.State != VmState.Paused) return "";
            world[(action.From, action.Vm)] = source with { State = VmState.Running };
            return "resumed";
        }
    }

    public void Dispose() { }

    private string Remove(string host, string vm)
    {
        world.Remove((host, vm));
        return $"removed {vm} on {host}";
    }

    private HostSighting Look(string host)
    {
        if (silent.TryGetValue(host, out int times) && times > 0)
        {
            silent[host] = times - 1;
            return new HostSighting(host, "silent", []);
        }

        return new HostSighting(host, null, [.. world.Where(w => w.Key.Host == host).Select(w => new VmSighting(w.Key.Vm, w.Value.Uuid, w.Value.State))]);
    }

    private ActionResult Act(HypervisorAction action, Incident incident)
    {
        if (action.Kind.IsOfHost() || action.IsInPlace) return new ActionResult();
        (Guid uuid, _) = world[(action.From!, action.Vm)];
        if (incident == Incident.BreaksBefore) return ActionResult.Failed(FaultKind.Transient, "the link broke");
        if (incident == Incident.Refuses) return ActionResult.Failed(FaultKind.Refused, "the target refuses");
        if (incident == Incident.Destroyed)
        {
            world.Remove((action.From!, action.Vm));
            return ActionResult.Failed(FaultKind.Changed, "the VM is gone");
        }

        world[(action.To!, action.Vm)] = (uuid, VmState.Paused);
        Halfway?.Invoke();
        if (incident == Incident.BreaksHalfway) return ActionResult.Failed(FaultKind.Transient, "the link broke halfway");
        if (incident == Incident.PausesAtSource)
        {
            world.Remove((action.To!, action.Vm));
            world[(action.From!, action.Vm)] = (uuid, VmState.Paused);
            return ActionResult.Failed(FaultKind.Transient, "the daemon died");
        }

        world[(action.To!, action.Vm)] = (uuid, VmState.Running);
        world[(action.From!, action.Vm)] = (uuid, VmState.Off);
        Halfway?.Invoke();
        if (incident == Incident.LeavesDefinition) return new ActionResult();
        world.Remove((action.From!, action.Vm));
        if (incident == Incident.HostFallsSilent) silent[action.To!] = 100;
        return incident == Incident.BreaksAfter ? ActionResult.Failed(FaultKind.Transient, "the answer was lost") : new ActionResult { DowntimeMilliseconds = 50 };
    }
}

/// <summary>What happens to one attempt of an action.</summary>
internal enum Incident
{
    None,
    BreaksBefore,
    BreaksHalfway,
    BreaksAfter,
    PausesAtSource,
    LeavesDefinition,
    Refuses,
    Destroyed,
    HostFallsSilent,
}
