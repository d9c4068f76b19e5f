using static VirtOpt.LibvirtNative;

namespace VirtOpt;

/// <summary>Starts and stops domains.</summary>
internal sealed class LibvirtPower(TimeProvider clock)
{
    private const int ShutdownSeconds = 120;
    private const uint SaveRunning = 1 << 1; // runs on when it is restored
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Starts a domain that is defined on a host.</summary>
    public static ActionResult Start(LibvirtConnection connection, string vm)
    {
        using DomainHandle? domain = connection.Find(vm);
        if (domain is null) return ActionResult.Failed(FaultKind.Changed, $"{vm} is not defined on the host");
        if (IsActive(domain)) return new ActionResult();
        LibvirtConnection.Check(virDomainCreate(domain));
        return new ActionResult();
    }

    /// <summary>Saves the memory of a running domain to its host's storage and stops it; starting it goes on from there.</summary>
    public static ActionResult Save(LibvirtConnection connection, string vm)
    {
        using DomainHandle? domain = connection.Find(vm);
        if (domain is null) return ActionResult.Failed(FaultKind.Changed, $"{vm} is not on the host");
        LibvirtConnection.Check(virDomainManagedSave(domain, SaveRunning));
        return new ActionResult();
    }

    /// <summary>Asks the guest to shut down and waits for it; a guest that does not is left running.</summary>
    public ActionResult Stop(LibvirtConnection connection, string vm, CancellationToken abort)
    {
        using DomainHandle? domain = connection.Find(vm);
        if (domain is null) return ActionResult.Failed(FaultKind.Changed, $"{vm} is not on the host");
        long start = clock.GetTimestamp();
        for (int second = -1; IsActive(domain); Wait(abort))
        {
            int now = (int)clock.GetElapsedTime(start).TotalSeconds;
            if (abort.IsCancellationRequested) return ActionResult.Failed(FaultKind.Aborted, "the shutdown was broken off");
            if (now >= ShutdownSeconds) return ActionResult.Failed(FaultKind.Refused, $"{vm} did not shut down within {ShutdownSeconds} s");
            if (now / 5 > second / 5 || second < 0) _ = virDomainShutdown(domain); // a guest that boots may not have heard the first time
            second = now;
        }

        return new ActionResult();
    }

    /// <summary>Whether a domain has memory.</summary>
    public static bool IsActive(DomainHandle domain) => virDomainGetState(domain, out int state, out _, 0) >= 0 && state is 1 or 2 or 3 or 4 or 7;

    /// <summary>A short wait.</summary>
    public void Wait(CancellationToken abort)
    {
        using ManualResetEventSlim over = new();
        using ITimer timer = clock.CreateTimer(_ => over.Set(), null, Pause, Timeout.InfiniteTimeSpan);
        WaitHandle.WaitAny([over.WaitHandle, abort.WaitHandle]);
    }
}
