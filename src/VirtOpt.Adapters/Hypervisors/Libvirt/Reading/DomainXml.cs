using System.Globalization;
using System.Xml.Linq;

namespace VirtOpt;

/// <summary>What a domain's definition says about where it may run (libvirt: Domain XML format).</summary>
internal sealed class DomainXml
{
    private readonly XElement root;

    public DomainXml(string xml) => root = XElement.Parse(xml);

    /// <summary>True if the guest sees the CPU of its host: it cannot go to a host of another model.</summary>
    public bool NeedsHostCpu => (string?)root.Element("cpu")?.Attribute("mode") is "host-passthrough";

    /// <summary>The CPU as the domain asks for it; null if it takes the default.</summary>
    public XElement? Cpu => root.Element("cpu");

    /// <summary>Most memory, in MiB, rounded up.</summary>
    public long MemoryMiB => ((KiB(root.Element("maxMemory")) ?? KiB(root.Element("memory")) ?? 0) + 1023) / 1024;

    /// <summary>Virtual networks that its interfaces are in.</summary>
    public IEnumerable<string> Networks => Devices("interface").Where(i => Attribute(i, "type") == "network")
        .Select(i => (string?)i.Element("source")?.Attribute("network")).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Disks that are files or block devices and can be written: target name and path.</summary>
    public IEnumerable<(string Target, string Path)> WritableDisks => Devices("disk")
        .Where(d => Attribute(d, "device") is null or "disk" && d.Element("readonly") is null)
        .Select(d => ((string?)d.Element("target")?.Attribute("dev") ?? "", Path(d) ?? "")).Where(d => d.Item2.Length > 0);

    /// <summary>Files and block devices that it reads, CD-ROMs included.</summary>
    public IEnumerable<string> DiskPaths => Devices("disk").Select(Path).OfType<string>().Where(p => p.Length > 0);

    /// <summary>Format of the disk at a path; raw if the definition does not say.</summary>
    public string FormatOf(string path) =>
        (string?)Devices("disk").First(d => Path(d) == path).Element("driver")?.Attribute("type") ?? "raw";

    /// <summary>True if the domain has a channel for QEMU's guest agent.</summary>
    public bool HasAgent => Devices("channel").Any(c => (string?)c.Element("target")?.Attribute("name") == "org.qemu.guest_agent.0");

    /// <summary>What binds the domain to its host for good.</summary>
    public IEnumerable<string> Bindings()
    {
        foreach (XElement device in Devices("hostdev"))
            yield return $"a device of the host that is passed through ({Attribute(device, "type") ?? "device"}{Address(device)})";
        foreach (XElement nic in Devices("interface"))
            if (Attribute(nic, "type") is "hostdev" or "vdpa") yield return $"a network device of the host ({Attribute(nic, "type")})";
            else if (Attribute(nic, "type") == "direct" && (string?)nic.Element("source")?.Attribute("mode") == "passthrough")
                yield return $"the network device {(string?)nic.Element("source")?.Attribute("dev")} that it has for itself";
        foreach (XElement folder in Devices("filesystem"))
            yield return $"the folder {(string?)folder.Element("source")?.Attribute("dir")} of the host that it shares";
        if (Devices("shmem").Any()) yield return "memory that it shares with other VMs of the host";
        if (Devices("redirdev").Any(d => Attribute(d, "type") is "dev" or "tcp")) yield return "a redirected USB device";
        if (root.Element("launchSecurity") is { } security) yield return $"memory encryption ({Attribute(security, "type")})";
        if (Devices("memory").Any(m => Attribute(m, "model") is "nvdimm" or "virtio-pmem")) yield return "a persistent memory device of the host";
    }

    private IEnumerable<XElement> Devices(string name) => root.Element("devices")?.Elements(name) ?? [];

    private static string? Attribute(XElement element, string name) => (string?)element.Attribute(name);

    private static string? Path(XElement disk) =>
        Attribute(disk, "type") is "file" ? (string?)disk.Element("source")?.Attribute("file")
        : Attribute(disk, "type") is "block" ? (string?)disk.Element("source")?.Attribute("dev") : null;

    private static string Address(XElement device) =>
        device.Element("source")?.Element("address") is { } at ? " " + string.Join(':', at.Attributes().Select(a => a.Value)) : "";

    private static long? KiB(XElement? memory)
    {
        if (memory is null || !long.TryParse(memory.Value, CultureInfo.InvariantCulture, out long amount)) return null;
        return Attribute(memory, "unit") switch
        {
            "b" or "bytes" => amount >> 10,
            "MiB" or "M" => amount << 10,
            "GiB" or "G" => amount << 20,
            "TiB" or "T" => amount << 30,
            _ => amount,
        };
    }
}
