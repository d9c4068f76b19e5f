using System.Xml.Linq;
using static VirtOpt.LibvirtNative;

namespace VirtOpt;

/// <summary>What stands in the way of an action right now.</summary>
internal sealed class LibvirtPreflight(HostInventory inventory, Func<string, LibvirtHost> host)
{
    private const int KiBPerMiB = 1024;

    public IEnumerable<string> Obstacles(HypervisorAction action)
    {
        if (action.IsInPlace) return InPlace(action);
        if (action.To is null) return [];
        LibvirtHost to = host(action.To);
        LibvirtHost from = host(action.From ?? action.To);
        using DomainHandle? domain = from.Connection().Find(action.Vm) ?? to.Connection().Find(action.Vm);
        if (domain is null) return [$"{action.Vm} is on neither host"];
        string text = LibvirtConnection.Text(virDomainGetXMLDesc(domain, 0));
        DomainXml xml = new(text);
        List<string> obstacles = [.. Room(to, xml, action.Vm)];
        if (action.From is null || from == to) return obstacles;
        obstacles.AddRange(xml.Bindings().Select(b => $"{action.Vm} is bound to {action.From} by {b}"));
        obstacles.AddRange(Cpu(from, to, XElement.Parse(text), xml));
        obstacles.AddRange(Networks(to, xml));
        obstacles.AddRange(Disks(action, from, to, xml));
        return obstacles;
    }

    /// <summary>A VM that stays where it is: what it asks for must be within its definition, and be there.</summary>
    private IEnumerable<string> InPlace(HypervisorAction action)
    {
        if (action.From is null) return [$"no host is known that runs {action.Vm}"];
        LibvirtConnection connection = host(action.From).Connection();
        if (connection.Domains(withXml: true).Find(d => d.Name == action.Vm) is not { } domain) return [$"{action.Vm} is not on {action.From}"];
        return action.Kind == ActionKind.Resize
            ? LibvirtResize.Obstacles(connection, domain, action) : LibvirtStorage.Obstacles(inventory, connection, new DomainXml(domain.Xml!), action);
    }

    /// <summary>Memory: what the target has less the reserve and all that its active domains may take; and what is free now.</summary>
    private static IEnumerable<string> Room(LibvirtHost to, DomainXml xml, string vm)
    {
        LibvirtConnection connection = to.Connection();
        Dictionary<string, long> stats = connection.MemoryStats();
        long free = (stats.GetValueOrDefault("free") + stats.GetValueOrDefault("buffers") + stats.GetValueOrDefault("cached")) / KiBPerMiB;
        long given = connection.Domains(withXml: true).Where(d => d.Name != vm && LibvirtCollector.HasMemory(d))
            .Sum(d => new DomainXml(d.Xml!).MemoryMiB);
        long left = (stats.GetValueOrDefault("total") / KiBPerMiB) - to.Inventory.ReserveMemory - given;
        if (Math.Min(left, free) < xml.MemoryMiB)
            yield return $"{to.Inventory.Name} has {Math.Max(0, Math.Min(left, free))} MiB of memory left, {vm} may take {xml.MemoryMiB}";
    }

    private static IEnumerable<string> Cpu(LibvirtHost from, LibvirtHost to, XElement domain, DomainXml xml)
    {
        if ((string?)domain.Attribute("type") != "kvm" || xml.Cpu is not { } cpu) yield break; // an emulator makes any CPU
        string source = HostXml.CpuModel(XElement.Parse(from.Connection().Capabilities()));
        string target = HostXml.CpuModel(XElement.Parse(to.Connection().Capabilities()));
        if (xml.NeedsHostCpu && source != target)
            yield return $"the VM sees the CPU of its host ({source}); {to.Inventory.Name} has another ({target})";
        else if (!xml.NeedsHostCpu && cpu.Element("model") is not null && virConnectCompareCPU(to.Connection().Handle, cpu.ToString(), 0) == 0)
            yield return $"{to.Inventory.Name} ({target}) cannot give the VM its CPU ({cpu.Element("model")!.Value})";
    }

    private static IEnumerable<string> Networks(LibvirtHost to, DomainXml xml)
    {
        foreach (string name in xml.Networks)
        {
            nint network = virNetworkLookupByName(to.Connection().Handle, name);
            if (network == 0) yield return $"{to.Inventory.Name} has no network ({name})";
            else _ = virNetworkFree(network);
        }
    }

    private IEnumerable<string> Disks(HypervisorAction action, LibvirtHost from, LibvirtHost to, DomainXml xml)
    {
        LibvirtDisks disks = new(inventory, from, to, xml);
        if (disks.Local.Count == 0) return [];
        bool mayCopy = action.Kind == ActionKind.MigrateWithStorage || (action.Kind == ActionKind.Migrate && inventory.Migration.CopyLocalDisks);
        return mayCopy ? disks.Obstacles() : disks.Local.Select(d => $"the disk {d.Path} is on {action.From} alone");
    }
}
