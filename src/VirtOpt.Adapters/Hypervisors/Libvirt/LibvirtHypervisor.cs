namespace VirtOpt;

/// <summary>Hosts with libvirt. Every call blocks; a migration takes the thread that asks for it.</summary>
/// <param name="inventory">The hosts.</param>
/// <param name="clock">Measures patience.</param>
public sealed class LibvirtHypervisor(HostInventory inventory, TimeProvider clock) : IHypervisor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, LibvirtHost> hosts =
        inventory.Hosts.ToDictionary(h => h.Name, h => new LibvirtHost(h, Patience), StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<HostSighting> Look(IReadOnlyCollection<string> hosts)
    {
        Task<HostSighting>[] looks = [.. hosts.Select(Host).Select(h => Task.Factory.StartNew(
            () => Look(h), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        return [.. looks.Select(t => t.GetAwaiter().GetResult())];
    }

    /// <summary>What a VM has now: virtual CPUs, memory, weights. What its host cannot tell is null.</summary>
    /// <param name="host">Its host.</param>
    /// <param name="vm">Its name.</param>
    /// <exception cref="InvalidInputException">The host does not answer, or is not in the inventory.</exception>
    public VmSize SizeOf(string host, string vm)
    {
        try
        {
            return LibvirtResize.Read(Host(host).Connection(), vm);
        }
        catch (LibvirtException e)
        {
            throw new InvalidInputException($"The host ({host}) does not answer: {e.Message}\nMaybe its daemon is down.", e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Obstacles(HypervisorAction action)
    {
        try
        {
            return [.. new LibvirtPreflight(inventory, Host).Obstacles(action)];
        }
        catch (LibvirtException e)
        {
            return [$"a host does not answer: {e.Message}"];
        }
    }

    /// <inheritdoc/>
    public ActionResult Perform(HypervisorAction action, IProgress<ActionProgress> progress, CancellationToken abort)
    {
        try
        {
            LibvirtPower power = new(clock);
            return action.Kind switch
            {
                ActionKind.Migrate or ActionKind.MigrateWithStorage => new LibvirtMigration(inventory, Host, clock).Live(action, progress, abort),
                ActionKind.ColdMigrate => new LibvirtMigration(inventory, Host, clock).Cold(action, power, abort),
                ActionKind.Boot => LibvirtPower.Start(Host(action.To!).Connection(), action.Vm),
                ActionKind.Suspend => LibvirtPower.Save(Host(action.From!).Connection(), action.Vm),
                ActionKind.Resume => LibvirtPower.Start(Host(action.To!).Connection(), action.Vm), // libvirt restores what it saved
                ActionKind.Resize => new LibvirtResize(clock).Apply(Host(action.From!).Connection(), action, abort),
                ActionKind.StorageMigrate => new LibvirtStorage(inventory, clock).Copy(Host(action.From!), action, progress, abort),
                ActionKind.Shutdown => power.Stop(Host(action.From!).Connection(), action.Vm, abort),
                // libvirt knows no maintenance: the host is empty, and the inventory keeps it so.
                ActionKind.EnterMaintenance or ActionKind.LeaveMaintenance => new ActionResult(),
                _ => ActionResult.Failed(FaultKind.Refused, $"libvirt hosts cannot carry out {action.Kind.Word()}"),
            };
        }
        catch (LibvirtException e)
        {
            return ActionResult.Failed(e.Fault, e.Message);
        }
    }

    /// <inheritdoc/>
    public string Settle(HypervisorAction action, CancellationToken abort)
    {
        try
        {
            return action.From is null || action.To is null ? "" : new LibvirtSettlement(Host, clock).Settle(action, abort);
        }
        catch (LibvirtException e)
        {
            return $"tidying up failed: {e.Message}";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LibvirtHost host in hosts.Values) host.Dispose();
    }

    private LibvirtHost Host(string name) => hosts.GetValueOrDefault(name) ?? throw new InvalidInputException(
        $"There is no host ({name}) in the inventory ({inventory.Source}).\nMaybe the plan was made for another inventory.");

    private static HostSighting Look(LibvirtHost host)
    {
        try
        {
            List<DomainStats> domains = host.Connection().Domains(withXml: false);
            return new HostSighting(host.Inventory.Name, null, [.. domains.Select(d => new VmSighting(d.Name, d.Uuid, LibvirtCollector.StateOf(d)))]);
        }
        catch (LibvirtException e)
        {
            return new HostSighting(host.Inventory.Name, e.Message, []);
        }
    }
}
