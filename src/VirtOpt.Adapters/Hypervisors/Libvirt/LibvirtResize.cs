using static VirtOpt.LibvirtNative;

namespace VirtOpt;

/// <summary>Gives a running domain another size where it is, now and in its definition.</summary>
internal sealed unsafe class LibvirtResize(TimeProvider clock)
{
    private const uint LiveAndConfig = 1 | 2; // VIR_DOMAIN_AFFECT_LIVE, _CONFIG
    private const uint Live = 1;
    private const int PeriodMicroseconds = 100_000;
    private const int KiBPerMiB = 1024;
    private const int BalloonSeconds = 60;
    private const long BalloonSlackMiB = 4;

    /// <summary>What is in the way: limits of the definition, room on the host.</summary>
    public static IEnumerable<string> Obstacles(LibvirtConnection connection, DomainStats domain, HypervisorAction action)
    {
        if (action.Size is not { IsEmpty: false } size)
        {
            yield return $"the plan does not say which size {action.Vm} is to get, or of what libvirt cannot change while it runs";
            yield break;
        }

        if (size.Vcpus > domain["vcpu.maximum"])
            yield return $"{action.Vm} may have {domain["vcpu.maximum"]} virtual CPUs by its definition, not {size.Vcpus}";
        long most = new DomainXml(domain.Xml!).MemoryMiB;
        if (size.MemoryMiB > most) yield return $"{action.Vm} may have {most} MiB by its definition, not {size.MemoryMiB}";
        Dictionary<string, long> memory = connection.MemoryStats();
        long free = (memory.GetValueOrDefault("free") + memory.GetValueOrDefault("buffers") + memory.GetValueOrDefault("cached")) / KiBPerMiB;
        long more = (size.MemoryMiB ?? 0) - (domain["balloon.current"] / KiBPerMiB);
        if (more > free) yield return $"{action.From} has {free} MiB of memory free, {action.Vm} is to get {more} more";
    }

    /// <summary>What a domain has now; what its host cannot tell is null.</summary>
    public static VmSize Read(LibvirtConnection connection, string vm)
    {
        using DomainHandle? domain = connection.Find(vm);
        if (domain is null) return new VmSize();
        DomainInfo info;
        bool isKnown = virDomainGetInfo(domain, &info) >= 0;
        Dictionary<string, long> cpu = TypedParameters.Read((nint p, ref int n) => virDomainGetSchedulerParametersFlags(domain, p, ref n, Live));
        Dictionary<string, long> disk = TypedParameters.Read((nint p, ref int n) => virDomainGetBlkioParameters(domain, p, ref n, Live));
        return new VmSize
        {
            Vcpus = isKnown ? Math.Max(1, (int)info.Vcpus) : null,
            MemoryMiB = isKnown ? (long)info.Memory / KiBPerMiB : null,
            CpuShares = cpu.GetValueOrDefault("cpu_shares") is > 0 and var shares ? shares : null,
            CpuQuota = QuotaOf(cpu),
            BlockWeight = disk.GetValueOrDefault("weight") is > 0 and var weight ? weight : null,
        };
    }

    /// <summary>Changes what is asked for, in the order: CPUs, memory, weights.</summary>
    public ActionResult Apply(LibvirtConnection connection, HypervisorAction action, CancellationToken abort)
    {
        VmSize before = Read(connection, action.Vm);
        using DomainHandle? domain = connection.Find(action.Vm);
        if (domain is null || action.Size is not { } size) return ActionResult.Failed(FaultKind.Changed, $"{action.Vm} is not on {action.From}");
        if (size.Vcpus is { } vcpus && vcpus != before.Vcpus) LibvirtConnection.Check(virDomainSetVcpusFlags(domain, (uint)vcpus, LiveAndConfig));
        if (size.MemoryMiB is { } memory)
        {
            LibvirtConnection.Check(virDomainSetMemoryFlags(domain, (ulong)memory * KiBPerMiB, LiveAndConfig));
            if (!IsReached(domain, memory, abort, out long now))
                return ActionResult.Failed(FaultKind.Refused, $"the guest has {now} MiB after {BalloonSeconds} s, {memory} were asked for") with
                {
                    SizeBefore = before,
                };
        }

        Weigh(domain, size);
        return new ActionResult { SizeBefore = before };
    }

    private static long? QuotaOf(Dictionary<string, long> cpu)
    {
        if (!cpu.TryGetValue("vcpu_quota", out long quota) || cpu.GetValueOrDefault("vcpu_period") is var period && period <= 0) return null;
        return quota <= 0 || quota >= period ? 0 : 100 * quota / period;
    }

    private static void Weigh(DomainHandle domain, VmSize size)
    {
        if (size.CpuShares is not null || size.CpuQuota is not null)
        {
            using TypedParameters cpu = new();
            cpu.Add("cpu_shares", size.CpuShares);
            if (size.CpuQuota > 0) cpu.Add("vcpu_period", PeriodMicroseconds);
            cpu.AddSigned("vcpu_quota", size.CpuQuota is not { } quota ? null : quota == 0 ? -1 : quota * PeriodMicroseconds / 100);
            LibvirtConnection.Check(virDomainSetSchedulerParametersFlags(domain, cpu.Pointer, (int)cpu.Count, LiveAndConfig));
        }

        if (size.BlockWeight is null) return;
        using TypedParameters disk = new();
        disk.AddSmall("weight", size.BlockWeight);
        LibvirtConnection.Check(virDomainSetBlkioParameters(domain, disk.Pointer, (int)disk.Count, LiveAndConfig));
    }

    /// <summary>The guest gives memory back, and takes it, when it gets round to it.</summary>
    private bool IsReached(DomainHandle domain, long wanted, CancellationToken abort, out long now)
    {
        LibvirtPower power = new(clock);
        long start = clock.GetTimestamp();
        while (true)
        {
            DomainInfo info;
            now = virDomainGetInfo(domain, &info) >= 0 ? (long)info.Memory / KiBPerMiB : 0;
            if (Math.Abs(now - wanted) <= BalloonSlackMiB) return true;
            if (abort.IsCancellationRequested || clock.GetElapsedTime(start).TotalSeconds > BalloonSeconds) return false;
            power.Wait(abort);
        }
    }
}
