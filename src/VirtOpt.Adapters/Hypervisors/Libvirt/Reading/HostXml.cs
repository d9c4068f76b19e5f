using System.Xml.Linq;

namespace VirtOpt;

/// <summary>What a host's capabilities and pools say (libvirt: Driver capabilities, Storage pool XML format).</summary>
internal static class HostXml
{
    private static readonly string[] SharedKinds = ["netfs", "iscsi", "iscsi-direct", "rbd", "gluster", "sheepdog", "scsi", "mpath", "vstorage"];

    /// <summary>CPU model of the host; empty if it does not say.</summary>
    public static string CpuModel(XElement capabilities) => capabilities.Element("host")?.Element("cpu")?.Element("model")?.Value ?? "";

    /// <summary>NUMA nodes of the host.</summary>
    public static NumaReading[] Numa(XElement capabilities) =>
    [
        .. (capabilities.Element("host")?.Element("topology")?.Element("cells")?.Elements("cell") ?? []).Select(cell => new NumaReading(
            cell.Element("cpus")?.Elements("cpu").Count() ?? 0,
            ((long?)cell.Element("memory") ?? 0) >> 10,
            cell.Elements("pages").Where(p => (long?)p.Attribute("size") > 4).Sum(p => (long)p * ((long?)p.Attribute("size") ?? 0) >> 10))),
    ];

    /// <summary>A pool.</summary>
    /// <param name="xml">Its definition.</param>
    /// <param name="sharedPaths">Folders that all hosts share.</param>
    public static PoolReading Pool(string xml, IReadOnlyList<string> sharedPaths)
    {
        XElement pool = XElement.Parse(xml);
        string kind = (string?)pool.Attribute("type") ?? "";
        string path = pool.Element("target")?.Element("path")?.Value ?? "";
        bool isShared = SharedKinds.Contains(kind) || IsUnder(path, sharedPaths);
        return new PoolReading(pool.Element("name")?.Value ?? "", kind, path, isShared, ((long?)pool.Element("available") ?? 0) >> 20);
    }

    /// <summary>Whether a file is in one of some folders.</summary>
    public static bool IsUnder(string path, IEnumerable<string> folders) =>
        folders.Any(f => path.Length > 0 && (path == f.TrimEnd('/') || path.StartsWith(f.TrimEnd('/') + "/", StringComparison.Ordinal)));
}
