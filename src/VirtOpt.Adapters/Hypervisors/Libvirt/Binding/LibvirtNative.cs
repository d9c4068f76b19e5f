using System.Runtime.InteropServices;

namespace VirtOpt;

/// <summary>The functions of libvirt.so.0 that are used (API reference of libvirt 9.0: libvirt-host, libvirt-domain, libvirt-storage, virterror).</summary>
internal static unsafe partial class LibvirtNative
{
    public const uint AllStats = 0x3f; // state, CPU, balloon, vCPUs, interfaces, blocks
    public const uint StatsWithoutWaiting = 1u << 29; // do not queue behind a job of the domain
    private const string Library = "libvirt.so.0";

    [LibraryImport("libc", EntryPoint = "free")]
    public static partial void Free(nint memory);

    [LibraryImport(Library)]
    public static partial int virInitialize();

    [LibraryImport(Library)]
    public static partial void virSetErrorFunc(nint user, nint handler);

    [LibraryImport(Library)]
    public static partial int virEventRegisterDefaultImpl();

    [LibraryImport(Library)]
    public static partial int virEventRunDefaultImpl();

    [LibraryImport(Library)]
    public static partial int virEventAddTimeout(int milliseconds, nint callback, nint opaque, nint release);

    [LibraryImport(Library)]
    public static partial int virGetLastErrorCode();

    [LibraryImport(Library)]
    public static partial int virGetLastErrorDomain();

    [LibraryImport(Library)]
    public static partial nint virGetLastErrorMessage();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint virConnectOpen(string uri);

    [LibraryImport(Library)]
    public static partial int virConnectClose(nint connection);

    [LibraryImport(Library)]
    public static partial int virConnectIsAlive(ConnectionHandle connection);

    [LibraryImport(Library)]
    public static partial int virConnectSetKeepAlive(ConnectionHandle connection, int interval, uint count);

    [LibraryImport(Library)]
    public static partial nint virConnectGetCapabilities(ConnectionHandle connection);

    [LibraryImport(Library)]
    public static partial int virNodeGetInfo(ConnectionHandle connection, NodeInfo* info);

    [LibraryImport(Library)]
    public static partial int virNodeGetMemoryStats(ConnectionHandle connection, int cell, NodeStat* stats, ref int number, uint flags);

    [LibraryImport(Library)]
    public static partial int virNodeGetCPUStats(ConnectionHandle connection, int cpu, NodeStat* stats, ref int number, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virConnectCompareCPU(ConnectionHandle connection, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint virNetworkLookupByName(ConnectionHandle connection, string name);

    [LibraryImport(Library)]
    public static partial int virNetworkFree(nint network);

    [LibraryImport(Library)]
    public static partial int virConnectListAllStoragePools(ConnectionHandle connection, out nint pools, uint flags);

    [LibraryImport(Library)]
    public static partial nint virStoragePoolGetXMLDesc(nint pool, uint flags);

    [LibraryImport(Library)]
    public static partial int virStoragePoolRefresh(nint pool, uint flags);

    [LibraryImport(Library)]
    public static partial int virStoragePoolFree(nint pool);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint virStorageVolCreateXML(nint pool, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint virStorageVolLookupByPath(ConnectionHandle connection, string path);

    [LibraryImport(Library)]
    public static partial int virStorageVolDelete(nint volume, uint flags);

    [LibraryImport(Library)]
    public static partial int virStorageVolFree(nint volume);

    [LibraryImport(Library)]
    public static partial int virConnectGetAllDomainStats(ConnectionHandle connection, uint stats, out nint records, uint flags);

    [LibraryImport(Library)]
    public static partial void virDomainStatsRecordListFree(nint records);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint virDomainLookupByName(ConnectionHandle connection, string name);

    [LibraryImport(Library)]
    public static partial int virDomainFree(nint domain);

    [LibraryImport(Library)]
    public static partial nint virDomainGetName(nint domain);

    [LibraryImport(Library)]
    public static partial int virDomainGetUUID(nint domain, byte* uuid);

    [LibraryImport(Library)]
    public static partial nint virDomainGetXMLDesc(nint domain, uint flags);

    [LibraryImport(Library)]
    public static partial nint virDomainGetXMLDesc(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainGetState(DomainHandle domain, out int state, out int reason, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainGetInfo(DomainHandle domain, DomainInfo* info);

    [LibraryImport("libvirt-qemu.so.0", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint virDomainQemuAgentCommand(DomainHandle domain, string command, int seconds, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainCreate(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainShutdown(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainResume(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainDestroy(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainUndefineFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainManagedSave(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainHasManagedSaveImage(nint domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainSetVcpusFlags(DomainHandle domain, uint number, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainSetMemoryFlags(DomainHandle domain, ulong kib, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainGetSchedulerParametersFlags(DomainHandle domain, nint parameters, ref int number, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainSetSchedulerParametersFlags(DomainHandle domain, nint parameters, int number, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainGetBlkioParameters(DomainHandle domain, nint parameters, ref int number, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainSetBlkioParameters(DomainHandle domain, nint parameters, int number, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainBlockCopy(DomainHandle domain, string disk, string xml, nint parameters, int number, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainGetBlockJobInfo(DomainHandle domain, string disk, BlockJob* info, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainBlockJobAbort(DomainHandle domain, string disk, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainAbortJob(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainMigrateStartPostCopy(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainMigrateSetMaxDowntime(DomainHandle domain, ulong milliseconds, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainGetJobStats(DomainHandle domain, out int type, out nint parameters, out int number, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainGetJobStats(nint domain, out int type, out nint parameters, out int number, uint flags);

    [LibraryImport(Library)]
    public static partial nint virDomainMigrate3(DomainHandle domain, ConnectionHandle target, nint parameters, uint number, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainMigrateToURI3(DomainHandle domain, string uri, nint parameters, uint number, uint flags);

    [LibraryImport(Library)]
    public static partial void virTypedParamsFree(nint parameters, int number);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virTypedParamsAddString(ref nint parameters, ref int number, ref int room, string name, string value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virTypedParamsAddULLong(ref nint parameters, ref int number, ref int room, string name, ulong value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virTypedParamsAddLLong(ref nint parameters, ref int number, ref int room, string name, long value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virTypedParamsAddUInt(ref nint parameters, ref int number, ref int room, string name, uint value);

    /// <summary>virDomainBlockJobInfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct BlockJob
    {
        public int Type;
        public nuint Bandwidth;
        public ulong Current;
        public ulong End;
    }

    /// <summary>virDomainInfo; memory in KiB, time in nanoseconds.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct DomainInfo
    {
        public byte State;
        public nuint MostMemory;
        public nuint Memory;
        public ushort Vcpus;
        public ulong CpuTime;
    }

    /// <summary>virNodeInfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NodeInfo
    {
        public fixed byte Model[32];
        public ulong MemoryKiB;
        public uint Cpus;
        public uint MHz;
        public uint Nodes;
        public uint Sockets;
        public uint Cores;
        public uint Threads;
    }

    /// <summary>virNodeCPUStats and virNodeMemoryStats, which have the same layout.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NodeStat
    {
        public fixed byte Field[80];
        public ulong Value;
    }
}

/// <summary>A connection to a daemon; closed when disposed, and only once.</summary>
internal sealed class ConnectionHandle : SafeHandle
{
    public ConnectionHandle(nint connection)
        : base(0, ownsHandle: true) => SetHandle(connection);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virConnectClose(handle) >= 0;
}

/// <summary>A reference to a domain of a connection; given back when disposed.</summary>
internal sealed class DomainHandle : SafeHandle
{
    public DomainHandle(nint domain)
        : base(0, ownsHandle: true) => SetHandle(domain);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virDomainFree(handle) >= 0;
}
