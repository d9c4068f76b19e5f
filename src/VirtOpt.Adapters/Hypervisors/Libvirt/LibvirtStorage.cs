using System.Globalization;
using System.Security;
using static VirtOpt.LibvirtNative;

namespace VirtOpt;

/// <summary>Copies the disks of a running domain into another storage pool of its host and switches it over.</summary>
internal sealed unsafe class LibvirtStorage(HostInventory inventory, TimeProvider clock)
{
    private const uint ReuseExternal = 1 << 1; // VIR_DOMAIN_BLOCK_COPY_REUSE_EXT
    private const uint Transient = 1 << 2; // VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB: it ends with the domain
    private const uint Pivot = 1 << 1; // VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT

    /// <summary>What is in the way: the pool, its room, files of the same name.</summary>
    public static IEnumerable<string> Obstacles(HostInventory inventory, LibvirtConnection connection, DomainXml xml, HypervisorAction action)
    {
        if (action.Pool.Length == 0) return [$"the plan does not say into which pool the disks of {action.Vm} go"];
        if (Pool(inventory, connection, action.Pool) is not { } pool) return [$"{action.From} has no storage pool {action.Pool} with a folder"];
        (string Target, string Path)[] disks = [.. Elsewhere(xml, pool)];
        long needed = disks.Sum(d => LibvirtDisks.Bytes(connection).GetValueOrDefault(d.Path)) >> 20;
        List<string> obstacles = [];
        if (pool.FreeMiB < needed)
            obstacles.Add($"the pool {pool.Name} of {action.From} has {pool.FreeMiB} MiB free, the disks of {action.Vm} need {needed}");
        obstacles.AddRange(disks.Where(d => LibvirtDisks.Exists(connection, Twin(pool, d.Path))).Select(d => $"{Twin(pool, d.Path)} is there already"));
        return obstacles;
    }

    /// <summary>Copies disk after disk; one that is broken off stays where it was.</summary>
    public ActionResult Copy(LibvirtHost host, HypervisorAction action, IProgress<ActionProgress> progress, CancellationToken abort)
    {
        LibvirtConnection connection = host.Connection();
        using DomainHandle? domain = connection.Find(action.Vm);
        if (domain is null || Pool(inventory, connection, action.Pool) is not { } pool)
            return ActionResult.Failed(FaultKind.Changed, $"{action.Vm} is not on {action.From}");
        DomainXml xml = new(LibvirtConnection.Text(virDomainGetXMLDesc(domain, 0)));
        long moved = 0;
        foreach ((string target, string path) in Elsewhere(xml, pool).ToArray())
        {
            long bytes = LibvirtDisks.Bytes(connection).GetValueOrDefault(path);
            string twin = Twin(pool, path);
            LibvirtDisks.Make(host, twin, bytes, xml.FormatOf(path));
            if (Copy(domain, target, twin, xml.FormatOf(path), progress, abort) is { } failed)
            {
                LibvirtDisks.RemoveUnlessUsed(host, action.Vm, [(target, twin)]);
                return failed;
            }

            LibvirtDisks.RemoveUnlessUsed(host, action.Vm, [(target, path)]);
            moved += bytes >> 20;
        }

        return new ActionResult { TransferredMiB = moved };
    }

    /// <summary>Copies one disk; null if the domain runs on the copy.</summary>
    private ActionResult? Copy(DomainHandle domain, string disk, string twin, string format, IProgress<ActionProgress> progress, CancellationToken abort)
    {
        string xml = $"<disk type='file'><driver type='{SecurityElement.Escape(format)}'/><source file='{SecurityElement.Escape(twin)}'/></disk>";
        if (virDomainBlockCopy(domain, disk, xml, 0, 0, ReuseExternal | Transient) < 0 && LibvirtException.Last() is var error)
            return ActionResult.Failed(error.Fault, $"the disk {disk}: {error.Message}");
        LibvirtPower power = new(clock);
        while (true)
        {
            BlockJob job = default;
            if (virDomainGetBlockJobInfo(domain, disk, &job, 0) <= 0)
                return ActionResult.Failed(FaultKind.Unknown, $"the copy of the disk {disk} ended without success");
            // Refused while the copy is not ready, though all seems to be there.
            if (job.End > 0 && job.Current == job.End && virDomainBlockJobAbort(domain, disk, Pivot) >= 0) return null;
            if (abort.IsCancellationRequested)
            {
                _ = virDomainBlockJobAbort(domain, disk, 0);
                return ActionResult.Failed(FaultKind.Aborted, $"the copy of the disk {disk} was broken off");
            }

            double? share = job.End == 0 ? null : (double)job.Current / job.End;
            progress.Report(new ActionProgress(share, string.Create(CultureInfo.InvariantCulture, $"{disk}: {job.Current >> 20} of {job.End >> 20} MiB")));
            power.Wait(abort);
        }
    }

    private static PoolReading? Pool(HostInventory inventory, LibvirtConnection connection, string name) =>
        connection.Pools().Select(p => HostXml.Pool(p, inventory.SharedPaths)).FirstOrDefault(p => p.Name == name && p.Path.Length > 0);

    private static IEnumerable<(string Target, string Path)> Elsewhere(DomainXml xml, PoolReading pool) =>
        xml.WritableDisks.Where(d => !HostXml.IsUnder(d.Path, [pool.Path]));

    private static string Twin(PoolReading pool, string path) => $"{pool.Path.TrimEnd('/')}/{Path.GetFileName(path)}";
}
