using System.Xml.Linq;

namespace VirtOpt;

/// <summary>Reads hosts and VMs from libvirt. What flows (CPU time, traffic) is read twice, some time apart.</summary>
public sealed class LibvirtCollector : IDisposable
{
    private const int KiBPerMiB = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HostInventory inventory;
    private readonly LibvirtHost[] hosts;

    /// <summary>Makes a reader; it connects when it reads.</summary>
    /// <param name="inventory">The hosts.</param>
    public LibvirtCollector(HostInventory inventory) =>
        (this.inventory, hosts) = (inventory, [.. inventory.Hosts.Select(h => new LibvirtHost(h, Patience))]);

    /// <summary>True to ask the agents of guests whether they are well; one that hangs is waited for five seconds. Default false.</summary>
    public bool AsksAgents { get; init; }

    /// <summary>Reads all hosts at the same time.</summary>
    /// <param name="interval">Time between the two readings of what flows.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>A reading of each host, in the inventory's order.</returns>
    /// <exception cref="InvalidInputException">A host does not answer: a cluster that is known in part is not to be rebalanced.</exception>
    public IReadOnlyList<HostReading> Read(TimeSpan interval, TimeProvider clock, CancellationToken cancellation = default)
    {
        Flow[] before = OnAll(host => FlowOf(host.Connection(), clock));
        using (ManualResetEventSlim never = new())
        using (ITimer timer = clock.CreateTimer(_ => never.Set(), null, interval, Timeout.InfiniteTimeSpan))
            never.Wait(cancellation);
        return OnAll((host, h) => ReadHost(host, before[h], clock));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LibvirtHost host in hosts) host.Dispose();
    }

    private T[] OnAll<T>(Func<LibvirtHost, T> read) => OnAll((host, _) => read(host));

    private T[] OnAll<T>(Func<LibvirtHost, int, T> read)
    {
        Task<T>[] tasks = [.. hosts.Select((host, h) => Task.Factory.StartNew(
            () => Named(host, () => read(host, h)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        return [.. tasks.Select(t => t.GetAwaiter().GetResult())];
    }

    private static T Named<T>(LibvirtHost host, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (LibvirtException e)
        {
            throw new InvalidInputException(
                $"The host ({host.Inventory.Name}) does not answer at ({host.Inventory.Uri}): {e.Message}\n"
                + "Maybe its daemon is down; take the host out of the inventory to go on without it.",
                e);
        }
    }

    private HostReading ReadHost(LibvirtHost host, Flow before, TimeProvider clock)
    {
        LibvirtConnection connection = host.Connection();
        LibvirtNative.NodeInfo node = connection.Node();
        XElement capabilities = XElement.Parse(connection.Capabilities());
        Dictionary<string, long> memory = connection.MemoryStats();
        List<PoolReading> pools = [.. connection.Pools().Select(xml => HostXml.Pool(xml, inventory.SharedPaths))];
        List<DomainStats> domains = connection.Domains(withXml: true);
        Flow now = FlowOf(connection, clock, domains);
        double seconds = clock.GetElapsedTime(before.At, now.At).TotalSeconds;
        List<VmReading> vms = [.. domains.Where(HasMemory).Select(d => ReadVm(d, before.Of(d), seconds, pools))];
        if (AsksAgents) vms = AgentCheck.Of(connection, domains, vms);
        return new HostReading
        {
            Name = host.Inventory.Name,
            CpuModel = HostXml.CpuModel(capabilities),
            Cpus = (int)Math.Max(1, node.Cpus),
            Topology = ((int)node.Sockets, (int)node.Cores, (int)node.Threads),
            MHz = (int)node.MHz,
            MemoryMiB = (long)node.MemoryKiB / KiBPerMiB,
            FreeMemoryMiB = (memory.GetValueOrDefault("free") + memory.GetValueOrDefault("buffers") + memory.GetValueOrDefault("cached")) / KiBPerMiB,
            CpuMillicores = Rate(before.BusyNanoseconds, now.BusyNanoseconds, seconds, 1e-6),
            Numa = HostXml.Numa(capabilities),
            Pools = pools,
            Vms = vms,
        };
    }

    private VmReading ReadVm(DomainStats now, DomainStats before, double seconds, List<PoolReading> pools)
    {
        DomainXml xml = new(now.Xml!);
        string[] shared = [.. inventory.SharedPaths, .. pools.Where(p => p.IsShared && p.Path.Length > 0).Select(p => p.Path)];
        return new VmReading
        {
            Name = now.Name,
            Uuid = now.Uuid,
            Vcpus = ((int)Math.Max(1, now["vcpu.current"]), (int)Math.Max(1, now["vcpu.maximum"])),
            MemoryMiB = Math.Max(xml.MemoryMiB, now["balloon.maximum"] / KiBPerMiB),
            BalloonMiB = now["balloon.current"] / KiBPerMiB,
            GuestUsedMiB = now.Values.TryGetValue("balloon.available", out long available) && now.Values.TryGetValue("balloon.usable", out long usable)
                ? (available - usable) / KiBPerMiB : null,
            CpuMillicores = Rate(before["cpu.time"], now["cpu.time"], seconds, 1e-6),
            WaitMillicores = Rate(Sum(before, "vcpu.", ".delay"), Sum(now, "vcpu.", ".delay"), seconds, 1e-6),
            NetworkKbits = Rate(Sum(before, "net.", "x.bytes"), Sum(now, "net.", "x.bytes"), seconds, 8e-3),
            DiskKiBs = Rate(Sum(before, "block.", "r.bytes") + Sum(before, "block.", "d.bytes"), Sum(now, "block.", "r.bytes") + Sum(now, "block.",
                "d.bytes"), seconds, 1.0 / KiBPerMiB),
            IsPaused = StateOf(now) == VmState.Paused,
            NeedsHostCpu = xml.NeedsHostCpu,
            LocalDisks = xml.DiskPaths.Where(p => !HostXml.IsUnder(p, shared)).Distinct(StringComparer.Ordinal).ToDictionary(p => p, p => SizeMiB(now, p)),
            Bindings = [.. xml.Bindings()],
        };
    }

    /// <summary>State of a domain: virDomainState 1 to 3 and 7 have memory, of which 3 and 7 stand still.</summary>
    internal static VmState StateOf(DomainStats domain) => domain["state.state"] switch
    {
        1 or 2 or 4 => VmState.Running,
        3 or 7 => VmState.Paused,
        _ => domain["state.saved"] == 1 ? VmState.Saved : VmState.Off,
    };

    /// <summary>Whether a domain runs or is paused.</summary>
    internal static bool HasMemory(DomainStats domain) => StateOf(domain) is VmState.Running or VmState.Paused;

    /// <summary>Size of the disk at a path, in MiB, rounded up; 0 if the host does not tell.</summary>
    private static long SizeMiB(DomainStats domain, string path)
    {
        string? key = domain.Texts.FirstOrDefault(t => t.Value == path && t.Key.EndsWith(".path", StringComparison.Ordinal)).Key;
        return key is null ? 0 : (domain[key[..^"path".Length] + "capacity"] + (1 << 20) - 1) >> 20;
    }

    private static long Rate(long before, long now, double seconds, double factor) => seconds <= 0 ? 0 : (long)Math.Max(0, (now - before) * factor / seconds);

    private static long Sum(DomainStats domain, string start, string end) =>
        domain.Values.Where(v => v.Key.StartsWith(start, StringComparison.Ordinal) && v.Key.EndsWith(end, StringComparison.Ordinal)).Sum(v => v.Value);

    private static Flow FlowOf(LibvirtConnection connection, TimeProvider clock, List<DomainStats>? domains = null)
    {
        domains ??= connection.Domains(withXml: false);
        Dictionary<string, long> cpu = connection.CpuStats();
        return new Flow(clock.GetTimestamp(), cpu.GetValueOrDefault("user") + cpu.GetValueOrDefault("kernel"), domains.ToDictionary(d => d.Uuid));
    }

    private sealed record Flow(long At, long BusyNanoseconds, Dictionary<Guid, DomainStats> Domains)
    {
        /// <summary>The domain as it was then; as it is now if it was not there, so that nothing seems to have flowed.</summary>
        public DomainStats Of(DomainStats now) => Domains.GetValueOrDefault(now.Uuid) ?? now;
    }
}
