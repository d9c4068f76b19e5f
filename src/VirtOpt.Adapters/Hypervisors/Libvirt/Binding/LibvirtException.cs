using System.Runtime.InteropServices;

namespace VirtOpt;

/// <summary>An error that libvirt reported.</summary>
/// <param name="code">virErrorNumber.</param>
/// <param name="domain">virErrorDomain: the part of libvirt that speaks.</param>
/// <param name="message">What it says.</param>
internal sealed class LibvirtException(int code, int domain, string message) : Exception(message)
{
    private const int NoDomain = 42;
    private const int OperationAborted = 78;

    /// <summary>Class of the fault: whether trying again may help, and where.</summary>
    public FaultKind Fault { get; } = KindOf(code, domain, message);

    /// <summary>True if the domain is not there.</summary>
    public bool IsNoDomain => code == NoDomain;

    /// <summary>The last error of this thread: read it there, before any other call.</summary>
    public static LibvirtException Last()
    {
        int code = LibvirtNative.virGetLastErrorCode();
        int domain = LibvirtNative.virGetLastErrorDomain();
        return new(code, domain, Marshal.PtrToStringUTF8(LibvirtNative.virGetLastErrorMessage()) ?? "unknown error");
    }

    // virErrorNumber and virErrorDomain of libvirt/virterror.h.
    private static FaultKind KindOf(int code, int domain, string message) => code switch
    {
        OperationAborted => FaultKind.Aborted,
        NoDomain => FaultKind.Changed,
        28 => FaultKind.Changed, // DOM_EXIST
        55 => FaultKind.Changed, // OPERATION_INVALID: not running, already active
        45 or 79 or 88 => FaultKind.Refused, // AUTH_FAILED, AUTH_CANCELLED, ACCESS_DENIED
        81 or 67 or 91 or 84 or 3 => FaultKind.Refused, // MIGRATE_UNSAFE, CONFIG_UNSUPPORTED, CPU_INCOMPATIBLE, OPERATION_UNSUPPORTED, NO_SUPPORT
        2 => FaultKind.NoRoom, // NO_MEMORY
        5 or 38 or 39 or 40 or 68 or 85 => FaultKind.Transient, // NO_CONNECT, SYSTEM_ERROR, RPC, GNUTLS_ERROR, OPERATION_TIMEOUT, SSH
        1 when domain is 7 or 13 => FaultKind.Transient, // the link to a daemon: RPC, REMOTE
        _ when message.Contains("annot allocate memory", StringComparison.Ordinal) => FaultKind.NoRoom,
        _ when message.Contains("socket", StringComparison.Ordinal) || message.Contains("onnection", StringComparison.Ordinal) => FaultKind.Transient,
        _ => FaultKind.Unknown,
    };
}
