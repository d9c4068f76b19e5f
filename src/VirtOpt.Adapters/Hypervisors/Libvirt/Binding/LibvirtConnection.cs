using System.Runtime.InteropServices;
using static VirtOpt.LibvirtNative;

namespace VirtOpt;

/// <summary>A domain as the statistics call shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uuid">Its UUID.</param>
/// <param name="Values">Numbers by libvirt's names: <c>state.state</c>, <c>cpu.time</c> (nanoseconds), <c>balloon.current</c> (KiB) ...</param>
/// <param name="Texts">Texts by libvirt's names: <c>block.0.path</c> ...</param>
/// <param name="Xml">Its definition; null if it was not asked for.</param>
internal sealed record DomainStats(string Name, Guid Uuid, IReadOnlyDictionary<string, long> Values, IReadOnlyDictionary<string, string> Texts, string? Xml)
{
    public long this[string name] => Values.GetValueOrDefault(name);
}

/// <summary>One open connection to a daemon. Calls block; several threads may use it at once.</summary>
internal sealed unsafe class LibvirtConnection : IDisposable
{
    private const int KeepAliveSeconds = 5;
    private const int KeepAliveMisses = 3;
    private const int ShutOff = 5; // virDomainState

    private LibvirtConnection(ConnectionHandle handle) => Handle = handle;

    public ConnectionHandle Handle { get; }

    /// <summary>True while the daemon answers.</summary>
    public bool IsAlive => !Handle.IsClosed && virConnectIsAlive(Handle) == 1;

    /// <summary>Connects.</summary>
    /// <param name="uri">Such as qemu+tls://host/system.</param>
    /// <param name="patience">How long to wait for the daemon.</param>
    /// <exception cref="LibvirtException">It does not answer, or refuses.</exception>
    public static LibvirtConnection Open(string uri, TimeSpan patience)
    {
        LibvirtRuntime.Ensure();
        TaskCompletionSource<LibvirtConnection> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Connect(uri, opened)) { IsBackground = true, Name = "libvirt connect" }.Start();
        if (!WaitFor(opened.Task, patience))
        {
            // It may still come: then nobody wants it.
            _ = opened.Task.ContinueWith(
                late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw new LibvirtException(68, 0, $"the daemon did not answer within {patience.TotalSeconds:0} s");
        }

        return opened.Task.GetAwaiter().GetResult();
    }

    public string Capabilities() => Text(virConnectGetCapabilities(Handle));

    public NodeInfo Node()
    {
        NodeInfo info;
        Check(virNodeGetInfo(Handle, &info));
        return info;
    }

    /// <summary>Memory of the host in KiB by name: total, free, buffers, cached.</summary>
    public Dictionary<string, long> MemoryStats() => Stats((NodeStat* stats, ref int n) => virNodeGetMemoryStats(Handle, -1, stats, ref n, 0));

    /// <summary>CPU time of all CPUs since boot in nanoseconds by name: user, kernel, idle, iowait.</summary>
    public Dictionary<string, long> CpuStats() => Stats((NodeStat* stats, ref int n) => virNodeGetCPUStats(Handle, -1, stats, ref n, 0));

    /// <summary>All domains, active or not, with their statistics.</summary>
    /// <param name="withXml">Whether to read their definitions too.</param>
    /// <param name="withJobs">Whether to ask each for its job too: <c>job.type</c>, 0 for none.</param>
    public List<DomainStats> Domains(bool withXml, bool withJobs = false)
    {
        int count = Check(virConnectGetAllDomainStats(Handle, AllStats, out nint list, StatsWithoutWaiting));
        try
        {
            List<DomainStats> domains = new(count);
            byte* uuid = stackalloc byte[16];
            for (int i = 0; i < count; i++)
            {
                nint* record = ((nint**)list)[i]; // { domain, parameters, number }
                Check(virDomainGetUUID(record[0], uuid));
                string? xml = withXml ? TryText(virDomainGetXMLDesc(record[0], 0)) : null;
                if (withXml && xml is null) continue; // gone meanwhile
                string name = Marshal.PtrToStringUTF8(virDomainGetName(record[0]))!;
                Guid id = new(new ReadOnlySpan<byte>(uuid, 16), bigEndian: true);
                Dictionary<string, string> texts = new(StringComparer.Ordinal);
                Dictionary<string, long> values = TypedParameters.Numbers(record[1], *(int*)(record + 2), texts);
                if (values.GetValueOrDefault("state.state") is ShutOff && virDomainHasManagedSaveImage(record[0], 0) == 1) values["state.saved"] = 1;
                if (withJobs && values.GetValueOrDefault("state.state") is not 0 and not ShutOff && JobOf(record[0]) is { } job) values["job.type"] = job;
                domains.Add(new DomainStats(name, id, values, texts, xml));
            }

            return domains;
        }
        finally
        {
            virDomainStatsRecordListFree(list);
        }
    }

    /// <summary>Definitions of the storage pools that are active.</summary>
    public List<string> Pools()
    {
        int count = virConnectListAllStoragePools(Handle, out nint list, 2);
        if (count < 0) return []; // a daemon without storage driver
        List<string> pools = new(count);
        for (int i = 0; i < count; i++)
        {
            nint pool = ((nint*)list)[i];
            if (TryText(virStoragePoolGetXMLDesc(pool, 0)) is { } xml) pools.Add(xml);
            _ = virStoragePoolFree(pool);
        }

        Free(list);
        return pools;
    }

    /// <summary>A domain by name; null if there is none.</summary>
    public DomainHandle? Find(string name)
    {
        nint domain = virDomainLookupByName(Handle, name);
        if (domain != 0) return new DomainHandle(domain);
        LibvirtException error = LibvirtException.Last();
        return error.IsNoDomain ? null : throw error;
    }

    public static string Text(nint text) => TryText(text) ?? throw LibvirtException.Last();

    public static int Check(int result) => result >= 0 ? result : throw LibvirtException.Last();

    public void Dispose() => Handle.Dispose();

    private static int? JobOf(nint domain)
    {
        if (virDomainGetJobStats(domain, out int type, out nint parameters, out int number, 0) < 0) return null;
        virTypedParamsFree(parameters, number);
        return type is 1 or 2 ? type : 0; // bounded, unbounded; 3 to 5 are over
    }

    private static string? TryText(nint text)
    {
        if (text == 0) return null;
        string value = Marshal.PtrToStringUTF8(text)!;
        Free(text);
        return value;
    }

    private static void Connect(string uri, TaskCompletionSource<LibvirtConnection> opened)
    {
        try
        {
            nint connection = virConnectOpen(uri);
            if (connection == 0) throw LibvirtException.Last();
            ConnectionHandle handle = new(connection);
            // Without it a call to a daemon that the network has lost would wait for ever.
            _ = virConnectSetKeepAlive(handle, KeepAliveSeconds, KeepAliveMisses);
            opened.SetResult(new LibvirtConnection(handle));
        }
        catch (LibvirtException e)
        {
            opened.SetException(e);
        }
    }

    private static bool WaitFor(Task task, TimeSpan patience)
    {
        try
        {
            return task.Wait(patience);
        }
        catch (AggregateException)
        {
            return true; // the caller takes the error from the task
        }
    }

    private delegate int StatCall(NodeStat* stats, ref int number);

    private static Dictionary<string, long> Stats(StatCall call)
    {
        int number = 0;
        Check(call(null, ref number));
        NodeStat* stats = stackalloc NodeStat[number];
        Check(call(stats, ref number));
        Dictionary<string, long> values = new(StringComparer.Ordinal);
        for (int i = 0; i < number; i++) values[Marshal.PtrToStringUTF8((nint)stats[i].Field)!] = (long)stats[i].Value;
        return values;
    }
}
