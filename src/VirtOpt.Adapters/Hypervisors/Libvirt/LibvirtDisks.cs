using System.Globalization;
using System.Security;
using static VirtOpt.LibvirtNative;

namespace VirtOpt;

/// <summary>The disks of a domain that are on its host alone, and their twins on the target.</summary>
internal sealed unsafe class LibvirtDisks
{
    private readonly LibvirtHost to;
    private readonly DomainXml xml;
    private readonly Lazy<Dictionary<string, long>> sizes;

    public LibvirtDisks(HostInventory inventory, LibvirtHost from, LibvirtHost to, DomainXml xml)
    {
        (this.to, this.xml) = (to, xml);
        (string Target, string Path)[] disks = [.. xml.WritableDisks];
        string[] shared = disks.Length == 0 ? [] :
        [
            .. inventory.SharedPaths,
            .. from.Connection().Pools().Select(p => HostXml.Pool(p, inventory.SharedPaths)).Where(p => p.IsShared && p.Path.Length > 0).Select(p => p.Path),
        ];
        Local = [.. disks.Where(d => !HostXml.IsUnder(d.Path, shared))];
        sizes = new(() => Bytes(from.Connection()));
    }

    /// <summary>The local disks: target name in the guest, and path.</summary>
    public IReadOnlyList<(string Target, string Path)> Local { get; }

    /// <summary>What is in the way of copying them.</summary>
    public IEnumerable<string> Obstacles()
    {
        PoolReading[] pools = [.. to.Connection().Pools().Select(p => HostXml.Pool(p, []))];
        foreach ((_, string path) in Local)
            if (Array.Find(pools, p => p.Path.TrimEnd('/') == Folder(path)) is not { } pool)
                yield return $"{to.Inventory.Name} has no storage pool in {Folder(path)} for the local disk {path}";
            else if (pool.FreeMiB << 20 < SizeOf(path))
                yield return $"{to.Inventory.Name} has {pool.FreeMiB} MiB free in {Folder(path)}, the local disk {path} needs {SizeOf(path) >> 20}";
    }

    /// <summary>Makes empty twins on the target.</summary>
    /// <returns>The names of the disks in the guest.</returns>
    /// <exception cref="LibvirtException">One cannot be made; then none is left.</exception>
    public IReadOnlyList<string> Create()
    {
        List<(string Target, string Path)> made = [];
        foreach ((string target, string path) in Local)
        {
            try
            {
                Make(to, path, SizeOf(path), xml.FormatOf(path));
            }
            catch (LibvirtException)
            {
                Remove(to, made);
                throw;
            }

            made.Add((target, path));
        }

        return [.. made.Select(m => m.Target)];
    }

    /// <summary>Sizes of all disks of a host's domains in bytes, by path.</summary>
    public static Dictionary<string, long> Bytes(LibvirtConnection connection) =>
        connection.Domains(withXml: false).SelectMany(d => d.Texts
                .Where(t => t.Key.EndsWith(".path", StringComparison.Ordinal)).Select(t => (t.Value, Size: d[t.Key[..^"path".Length] + "capacity"])))
            .GroupBy(d => d.Value, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Max(d => d.Size), StringComparer.Ordinal);

    /// <summary>Makes an empty disk in the pool of its folder.</summary>
    /// <exception cref="LibvirtException">It cannot be made.</exception>
    public static void Make(LibvirtHost host, string path, long size, string format)
    {
        nint pool = PoolOf(host.Connection(), Folder(path));
        string definition = string.Create(CultureInfo.InvariantCulture, $"""
            <volume><name>{SecurityElement.Escape(System.IO.Path.GetFileName(path))}</name><capacity unit='bytes'>{size}</capacity>
            <target><format type='{SecurityElement.Escape(format)}'/></target></volume>
            """);
        nint volume = pool == 0 ? 0 : virStorageVolCreateXML(pool, definition, 0);
        LibvirtException? error = volume == 0 ? LibvirtException.Last() : null;
        if (pool != 0) _ = virStoragePoolFree(pool);
        if (error is not null) throw error;
        _ = virStorageVolFree(volume);
    }

    /// <summary>Whether a pool of the host knows a file at a path.</summary>
    public static bool Exists(LibvirtConnection connection, string path)
    {
        nint pool = PoolOf(connection, Folder(path));
        if (pool == 0) return false;
        _ = virStoragePoolRefresh(pool, 0);
        _ = virStoragePoolFree(pool);
        nint volume = virStorageVolLookupByPath(connection.Handle, path);
        if (volume != 0) _ = virStorageVolFree(volume);
        return volume != 0;
    }

    /// <summary>
    /// Removes disks from a host unless its domain of a name has them: a call that failed may have come through. Of a host that does not answer nothing is
    /// known, and nothing is removed.
    /// </summary>
    public static void RemoveUnlessUsed(LibvirtHost host, string vm, IReadOnlyList<(string Target, string Path)> disks)
    {
        if (disks.Count == 0) return;
        try
        {
            using DomainHandle? domain = host.Connection().Find(vm);
            HashSet<string> used = domain is null ? [] : [.. new DomainXml(LibvirtConnection.Text(virDomainGetXMLDesc(domain, 0))).DiskPaths];
            Remove(host, [.. disks.Where(d => !used.Contains(d.Path))]);
        }
        catch (LibvirtException)
        {
            return; // a file too many does less harm than one too few
        }
    }

    private static void Remove(LibvirtHost host, IReadOnlyList<(string Target, string Path)> disks)
    {
        foreach ((_, string path) in disks)
        {
            nint pool = PoolOf(host.Connection(), Folder(path));
            if (pool == 0) continue;
            _ = virStoragePoolRefresh(pool, 0);
            nint volume = virStorageVolLookupByPath(host.Connection().Handle, path);
            if (volume != 0)
            {
                _ = virStorageVolDelete(volume, 0);
                _ = virStorageVolFree(volume);
            }

            _ = virStoragePoolFree(pool);
        }
    }

    private long SizeOf(string path) => sizes.Value.GetValueOrDefault(path);

    private static string Folder(string path) => System.IO.Path.GetDirectoryName(path) ?? "/";

    /// <summary>The active pool whose volumes are in a folder; 0 if there is none.</summary>
    private static nint PoolOf(LibvirtConnection connection, string folder)
    {
        int count = virConnectListAllStoragePools(connection.Handle, out nint list, 2);
        nint found = 0;
        for (int i = 0; i < count; i++)
        {
            nint pool = ((nint*)list)[i];
            if (found == 0 && HostXml.Pool(LibvirtConnection.Text(virStoragePoolGetXMLDesc(pool, 0)), []).Path.TrimEnd('/') == folder) found = pool;
            else _ = virStoragePoolFree(pool);
        }

        if (count >= 0) Free(list);
        return found;
    }
}
