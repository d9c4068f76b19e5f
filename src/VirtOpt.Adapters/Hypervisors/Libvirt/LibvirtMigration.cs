using System.Globalization;
using static VirtOpt.LibvirtNative;

namespace VirtOpt;

/// <summary>Moves a domain from one daemon to another.</summary>
internal sealed class LibvirtMigration(HostInventory inventory, Func<string, LibvirtHost> host, TimeProvider clock)
{
    // virDomainMigrateFlags
    private const uint IsLive = 1 << 0;
    private const uint PeerToPeer = 1 << 1;
    private const uint PersistTarget = 1 << 3;
    private const uint UndefineSource = 1 << 4;
    private const uint CopyDisks = 1 << 6;
    private const uint Unsafe = 1 << 9;
    private const uint Offline = 1 << 10;
    private const uint AbortOnError = 1 << 12;
    private const uint AutoConverge = 1 << 13;
    private const uint PostCopy = 1 << 15;
    private const uint StatsOfCompletedJob = 1;
    private const int PageKiB = 4;

    private readonly MigrationOptions options = inventory.Migration;

    /// <summary>Moves a running domain.</summary>
    public ActionResult Live(HypervisorAction action, IProgress<ActionProgress> progress, CancellationToken abort)
    {
        (LibvirtHost from, LibvirtHost to) = (host(action.From!), host(action.To!));
        using DomainHandle? domain = from.Connection().Find(action.Vm);
        if (domain is null) return ActionResult.Failed(FaultKind.Changed, $"{action.Vm} is not on {action.From}");
        DomainXml xml = new(LibvirtConnection.Text(virDomainGetXMLDesc(domain, 0)));
        LibvirtDisks disks = new(inventory, from, to, xml);
        IReadOnlyList<string> targets = disks.Local.Count == 0 ? [] : disks.Create();
        if (options.MaxDowntimeMilliseconds is { } downtime) _ = virDomainMigrateSetMaxDowntime(domain, (ulong)downtime, 0);
        uint flags = IsLive | AbortOnError | (options.AutoConverge ? AutoConverge : 0) | (options.PostCopyAfterSeconds is null ? 0 : PostCopy)
            | (targets.Count > 0 ? CopyDisks : 0);
        ActionResult result;
        using (MigrationWatch watch = new(domain, options, clock, progress, abort))
            result = Move(domain, from, to, flags, targets, watch.IsAborted);
        if (!result.IsDone)
        {
            LibvirtDisks.RemoveUnlessUsed(to, action.Vm, disks.Local);
            return result;
        }

        LibvirtDisks.RemoveUnlessUsed(from, action.Vm, disks.Local);
        return Measured(to, action.Vm) with { MemoryMiB = xml.MemoryMiB };
    }

    /// <summary>Stops a domain, moves its definition and starts it on the target.</summary>
    public ActionResult Cold(HypervisorAction action, LibvirtPower power, CancellationToken abort)
    {
        (LibvirtHost from, LibvirtHost to) = (host(action.From!), host(action.To!));
        using DomainHandle? domain = from.Connection().Find(action.Vm);
        if (domain is not null)
        {
            ActionResult stopped = power.Stop(from.Connection(), action.Vm, abort);
            if (!stopped.IsDone) return stopped;
            ActionResult moved = Move(domain, from, to, Offline, [], () => false);
            if (!moved.IsDone)
            {
                _ = virDomainCreate(domain); // it ran before
                return moved;
            }
        }

        return LibvirtPower.Start(to.Connection(), action.Vm);
    }

    private ActionResult Move(DomainHandle domain, LibvirtHost from, LibvirtHost to, uint flags, IReadOnlyList<string> disks, Func<bool> isAborted)
    {
        using TypedParameters parameters = new();
        if (to.Inventory.MigrationUri.Length > 0 && (flags & Offline) == 0) parameters.Add("migrate_uri", to.Inventory.MigrationUri);
        parameters.Add("bandwidth", options.Bandwidth);
        foreach (string disk in disks) parameters.Add("migrate_disks", disk);
        flags |= PersistTarget | UndefineSource | (options.AllowUnsafe ? Unsafe : 0);
        LibvirtException? error = options.IsManaged ? Managed(domain, to, parameters, flags) : Direct(domain, to, parameters, flags);
        if (error is null) return new ActionResult();
        bool isAbort = error.Fault == FaultKind.Aborted || isAborted();
        return ActionResult.Failed(isAbort ? FaultKind.Aborted : error.Fault, $"{from.Inventory.Name} to {to.Inventory.Name}: {error.Message}");
    }

    private static LibvirtException? Managed(DomainHandle domain, LibvirtHost to, TypedParameters parameters, uint flags)
    {
        nint moved = virDomainMigrate3(domain, to.Connection().Handle, parameters.Pointer, parameters.Count, flags);
        if (moved == 0) return LibvirtException.Last();
        _ = virDomainFree(moved);
        return null;
    }

    private static LibvirtException? Direct(DomainHandle domain, LibvirtHost to, TypedParameters parameters, uint flags) =>
        virDomainMigrateToURI3(domain, to.Inventory.UriForPeers, parameters.Pointer, parameters.Count, flags | PeerToPeer) < 0 ? LibvirtException.Last() : null;

    /// <summary>What the target remembers of the migration.</summary>
    private static ActionResult Measured(LibvirtHost to, string vm)
    {
        try
        {
            using DomainHandle? domain = to.Connection().Find(vm);
            if (domain is null || virDomainGetJobStats(domain, out _, out nint parameters, out int number, StatsOfCompletedJob) < 0) return new ActionResult();
            Dictionary<string, long> stats = TypedParameters.Numbers(parameters, number);
            virTypedParamsFree(parameters, number);
            return new ActionResult
            {
                DowntimeMilliseconds = Value("downtime"),
                TransferredMiB = Value("memory_processed") >> 20,
                DirtyRate = Value("memory_dirty_rate") * PageKiB >> 10,
            };

            long? Value(string name) => stats.TryGetValue(name, out long value) ? value : null;
        }
        catch (LibvirtException)
        {
            return new ActionResult(); // it has moved: what is not known is no fault
        }
    }
}

/// <summary>Follows a migration beside the thread that waits for it: tells how far it is, breaks it off, switches to post-copy.</summary>
internal sealed class MigrationWatch : IDisposable
{
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(50); // a small VM has moved in a fraction of a second
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly DomainHandle domain;
    private readonly MigrationOptions options;
    private readonly TimeProvider clock;
    private readonly IProgress<ActionProgress> progress;
    private readonly CancellationToken abort;
    private readonly Lock gate = new();
    private readonly long start;
    private readonly ITimer timer;
    private bool isOver;
    private bool isSwitched;
    private bool isAborted;

    public MigrationWatch(DomainHandle domain, MigrationOptions options, TimeProvider clock, IProgress<ActionProgress> progress, CancellationToken abort)
    {
        (this.domain, this.options, this.clock, this.progress, this.abort) = (domain, options, clock, progress, abort);
        start = clock.GetTimestamp();
        timer = clock.CreateTimer(_ => Tick(), null, FirstInterval, FirstInterval);
    }

    /// <summary>Whether it was asked to end early.</summary>
    public bool IsAborted() => isAborted;

    public void Dispose()
    {
        timer.Dispose();
        lock (gate) isOver = true; // a tick that still runs is waited for: the domain is given back after this
    }

    private void Tick()
    {
        if (!gate.TryEnter()) return;
        try
        {
            if (isOver) return;
            double seconds = clock.GetElapsedTime(start).TotalSeconds;
            if (abort.IsCancellationRequested || seconds > options.TimeoutSeconds)
            {
                isAborted = true;
                _ = virDomainAbortJob(domain);
            }
            else if (options.PostCopyAfterSeconds < seconds && !isSwitched)
                isSwitched = virDomainMigrateStartPostCopy(domain, 0) == 0;
            if (virDomainGetJobStats(domain, out int type, out nint parameters, out int number, 0) < 0) return;
            Dictionary<string, long> stats = TypedParameters.Numbers(parameters, number);
            virTypedParamsFree(parameters, number);
            if (type != 0 && stats.TryGetValue("memory_total", out long total) && total > 0) Tell(stats, total);
        }
        finally
        {
            gate.Exit();
        }
    }

    private void Tell(Dictionary<string, long> stats, long total)
    {
        timer.Change(Interval, Interval);
        long left = stats.GetValueOrDefault("memory_remaining");
        (long round, long throttled) = (stats.GetValueOrDefault("memory_iteration"), stats.GetValueOrDefault("auto_converge_throttle"));
        progress.Report(new ActionProgress(1 - ((double)left / total), string.Create(
            CultureInfo.InvariantCulture, $"{left >> 20} of {total >> 20} MiB left, round {round}, throttled {throttled} %")));
    }
}
