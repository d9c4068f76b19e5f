namespace VirtOpt;

/// <summary>Reads a libvirt host and its VMs for the monitor. The connection is opened when it is needed, and again when it broke.</summary>
/// <param name="inventory">The host.</param>
/// <param name="clock">Measures the time between two readings.</param>
public sealed class LibvirtSampler(InventoryHost inventory, TimeProvider clock) : IUsageSampler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly LibvirtHost host = new(inventory, Patience);
    private Dictionary<Guid, DomainStats> before = [];
    private long? busyBefore;
    private long readBefore;

    /// <inheritdoc/>
    public string Host => inventory.Name;

    /// <inheritdoc/>
    public IReadOnlyList<UsageSample> Sample()
    {
        try
        {
            return Read(host.Connection());
        }
        catch (LibvirtException e)
        {
            (before, busyBefore) = ([], null); // rates over a gap would be those of the gap
            throw new HostAwayException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => host.Dispose();

    private List<UsageSample> Read(LibvirtConnection connection)
    {
        Dictionary<string, long> cpu = connection.CpuStats();
        Dictionary<string, long> memory = connection.MemoryStats();
        int cpus = (int)connection.Node().Cpus;
        List<DomainStats> domains = connection.Domains(withXml: false, withJobs: true);
        (DateTimeOffset at, long timestamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        double seconds = clock.GetElapsedTime(readBefore, timestamp).TotalSeconds;
        long busy = cpu.GetValueOrDefault("user") + cpu.GetValueOrDefault("kernel");
        long free = memory.GetValueOrDefault("free") + memory.GetValueOrDefault("buffers") + memory.GetValueOrDefault("cached");
        List<UsageSample> samples =
        [
            new UsageSample(Host, "", at)
            {
                [UsageMetric.Cpu] = DomainUsage.Rate(busyBefore, busy, seconds, 1e-6),
                [UsageMetric.Vcpus] = cpus,
                [UsageMetric.Memory] = memory.GetValueOrDefault("total") >> 10,
                [UsageMetric.Used] = Math.Max(0, memory.GetValueOrDefault("total") - free) >> 10,
            },
            .. domains.Where(LibvirtCollector.HasMemory).Select(d => DomainUsage.Of(Host, d, before.GetValueOrDefault(d.Uuid), seconds, at)),
        ];
        (before, busyBefore, readBefore) = (domains.ToDictionary(d => d.Uuid), busy, timestamp);
        return samples;
    }
}
