using static VirtOpt.LibvirtNative;

namespace VirtOpt;

/// <summary>
/// Tidies up after a migration that nobody watched to its end. A running domain is never touched; of two halves of a migration the one that stands still
/// gives way, and only if the other runs.
/// </summary>
internal sealed class LibvirtSettlement(Func<string, LibvirtHost> host, TimeProvider clock)
{
    private const int MostSecondsOfAJob = 3600;
    private const int PausedByMigration = 2; // virDomainPausedReason
    private const uint UndefineAll = 1 | 2 | 4; // managed save, snapshots' metadata, NVRAM: all of the definition, never a disk

    public string Settle(HypervisorAction action, CancellationToken abort)
    {
        WaitForJobs(action, abort);
        using DomainHandle? from = host(action.From!).Connection().Find(action.Vm);
        using DomainHandle? to = host(action.To!).Connection().Find(action.Vm);
        (int fromState, int fromReason) = StateOf(from);
        (int toState, int toReason) = StateOf(to);
        bool isSame = from is null || to is null || UuidOf(from) == UuidOf(to);
        if (!isSame) return $"{action.From} and {action.To} have different VMs called {action.Vm}: nothing was touched";
        if (IsRunning(toState) && from is not null && !IsRunning(fromState))
        {
            if (IsPaused(fromState)) LibvirtConnection.Check(virDomainDestroy(from));
            if (virDomainUndefineFlags(from, 0) < 0) _ = virDomainUndefineFlags(from, UndefineAll);
            return $"removed what was left of {action.Vm} on {action.From}";
        }

        if (IsRunning(fromState) && to is not null && IsPaused(toState))
        {
            LibvirtConnection.Check(virDomainDestroy(to));
            return $"removed the half-arrived {action.Vm} on {action.To}";
        }

        if (to is null && IsPaused(fromState) && fromReason == PausedByMigration)
        {
            LibvirtConnection.Check(virDomainResume(from!));
            return $"resumed {action.Vm} on {action.From}, where its migration had paused it";
        }

        if (from is null && IsPaused(toState) && toReason == PausedByMigration)
        {
            LibvirtConnection.Check(virDomainResume(to!));
            return $"resumed {action.Vm} on {action.To}, where its migration had left it paused";
        }

        return "";
    }

    /// <summary>A migration from daemon to daemon goes on without the process that asked for it: its end is waited for.</summary>
    private void WaitForJobs(HypervisorAction action, CancellationToken abort)
    {
        LibvirtPower power = new(clock);
        long start = clock.GetTimestamp();
        bool wasRunning = true;
        while (clock.GetElapsedTime(start).TotalSeconds < MostSecondsOfAJob && !abort.IsCancellationRequested)
        {
            bool isRunning = HasJob(action.From!, action.Vm) || HasJob(action.To!, action.Vm);
            if (!isRunning && !wasRunning) return; // twice in a row: between the end of the copy and the switch there is a gap
            wasRunning = isRunning;
            power.Wait(abort);
        }
    }

    private bool HasJob(string name, string vm)
    {
        using DomainHandle? domain = host(name).Connection().Find(vm);
        if (domain is null || virDomainGetJobStats(domain, out int type, out nint parameters, out int number, 0) < 0) return false;
        virTypedParamsFree(parameters, number);
        return type is 1 or 2; // bounded, unbounded; 0 none, 3 to 5 over
    }

    private static (int State, int Reason) StateOf(DomainHandle? domain) =>
        domain is null || virDomainGetState(domain, out int state, out int reason, 0) < 0 ? (0, 0) : (state, reason);

    private static bool IsRunning(int state) => state is 1 or 2;

    private static bool IsPaused(int state) => state == 3;

    private static unsafe Guid UuidOf(DomainHandle domain)
    {
        byte* uuid = stackalloc byte[16];
        LibvirtConnection.Check(virDomainGetUUID(domain.DangerousGetHandle(), uuid));
        return new Guid(new ReadOnlySpan<byte>(uuid, 16), bigEndian: true);
    }
}
