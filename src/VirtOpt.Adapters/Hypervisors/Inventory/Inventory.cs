namespace VirtOpt;

/// <summary>Which hosts there are, how to reach them, and what is asked of their placement: the content of an inventory file.</summary>
public sealed record HostInventory
{
    /// <summary>Name of the cluster, for people.</summary>
    public string Name { get; init; } = "cluster";

    /// <summary>The hosts, at least one.</summary>
    public required IReadOnlyList<InventoryHost> Hosts { get; init; }

    /// <summary>Named sets of VMs, as patterns of names.</summary>
    public IReadOnlyList<NamePatterns> VmGroups { get; init; } = [];

    /// <summary>Named sets of hosts, as patterns of names.</summary>
    public IReadOnlyList<NamePatterns> HostGroups { get; init; } = [];

    /// <summary>Folders that all hosts share, so that disks in them do not bind a VM to its host.</summary>
    public IReadOnlyList<string> SharedPaths { get; init; } = [];

    /// <summary>Patterns of names of VMs that stay where they are.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>How a VM's need of CPU follows from what is measured, unless a group of it says otherwise.</summary>
    public CpuNeed Need { get; init; } = CpuNeed.Demand;

    /// <summary>How the need of one VM follows from what is measured: the most careful way that a group with it asks for.</summary>
    /// <param name="vm">Its name.</param>
    public CpuNeed NeedOf(string vm) => VmGroups.Where(g => g.Need is not null && g.Holds(vm)).Select(g => g.Need!.Value).DefaultIfEmpty(Need).Max();

    /// <summary>Virtual CPUs per CPU of a host that may be given out, in per cent, at least 1. Default 400.</summary>
    public long VcpuOvercommitPercent { get; init; } = 400;

    /// <summary>How VMs are moved.</summary>
    public MigrationOptions Migration { get; init; } = new();

    /// <summary>The policy as JSON text of a policy file; null for balance.</summary>
    internal string? PolicyText { get; init; }

    /// <summary>Where the inventory comes from, for messages.</summary>
    public string Source { get; init; } = "inventory";

    /// <summary>The host with a name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public InventoryHost Host(string name) => Hosts.FirstOrDefault(h => h.Name == name) ?? throw InvalidInputException.Because(
        $"{Source}: there is no host ({name}) among {string.Join(", ", Hosts.Select(h => h.Name))}.", "the plan was made for another inventory.");
}

/// <summary>A host of an inventory.</summary>
/// <param name="Name">Its name in results, unique.</param>
/// <param name="Uri">How its daemon is reached from here.</param>
public sealed record InventoryHost(string Name, string Uri)
{
    /// <summary>How the daemons of the other hosts reach it; the same as <see cref="Uri"/> if empty.</summary>
    public string PeerUri { get; init; } = "";

    /// <summary>Where migrating memory goes to on this host, such as tcp://10.0.0.1; chosen by libvirt if empty.</summary>
    public string MigrationUri { get; init; } = "";

    /// <summary>Item of each scope, such as rack to r1.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Free words.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>CPU kept for the host itself, in millicore, at least 0.</summary>
    public long ReserveCpu { get; init; }

    /// <summary>Memory kept for the host itself, in MiB, at least 0. Default 512.</summary>
    public long ReserveMemory { get; init; } = 512;

    /// <summary>True if the host is to be emptied.</summary>
    public bool IsInMaintenance { get; init; }

    /// <summary>The URI for other daemons.</summary>
    public string UriForPeers => PeerUri.Length == 0 ? Uri : PeerUri;
}

/// <summary>A named set of things by patterns of their names, in which * stands for any characters.</summary>
/// <param name="Name">Name of the set.</param>
/// <param name="Patterns">The patterns.</param>
public sealed record NamePatterns(string Name, IReadOnlyList<string> Patterns)
{
    /// <summary>For a set of VMs, how their need of CPU follows from what is measured; null if the set does not say.</summary>
    public CpuNeed? Need { get; init; }

    /// <summary>Whether a name is in the set.</summary>
    public bool Holds(string name) => Patterns.Any(p => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(p, name, ignoreCase: false));
}

/// <summary>How a VM's need of CPU follows from what is measured; later ones are more careful.</summary>
public enum CpuNeed
{
    /// <summary>What it uses.</summary>
    Demand,

    /// <summary>What it uses and what it waits for: a VM that suffers needs more than it gets.</summary>
    Performance,

    /// <summary>
    /// As <see cref="Performance"/>, and half as much again: headroom keeps queues short. Each virtual CPU has a CPU of its own, and the VM goes only where it
    /// fits into one NUMA node.
    /// </summary>
    Latency,
}

/// <summary>How VMs are moved.</summary>
public sealed record MigrationOptions
{
    /// <summary>True if this process drives the migration over its own connections; false if the source daemon talks to the target's (peer to peer).</summary>
    public bool IsManaged { get; init; }

    /// <summary>Slow a VM down that writes to its memory faster than it can be sent. Default true.</summary>
    public bool AutoConverge { get; init; } = true;

    /// <summary>
    /// Seconds of pre-copy after which the VM is switched over before all memory is there; null for never. A link that breaks then loses the VM.
    /// </summary>
    public int? PostCopyAfterSeconds { get; init; }

    /// <summary>Most MiB/s for one migration; null for no limit.</summary>
    public long? Bandwidth { get; init; }

    /// <summary>Longest time that the VM may stand still at the end of pre-copy, in milliseconds; null for the hypervisor's default.</summary>
    public long? MaxDowntimeMilliseconds { get; init; }

    /// <summary>Seconds after which a migration is broken off, at least 1. Default 3600.</summary>
    public int TimeoutSeconds { get; init; } = 3600;

    /// <summary>Copy disks that are on the host alone; else such VMs stay.</summary>
    public bool CopyLocalDisks { get; init; }

    /// <summary>
    /// Migrate though libvirt cannot see that a disk is safe to share (a file in <c>sharedPaths</c> on a file system that it does not know).
    /// </summary>
    public bool AllowUnsafe { get; init; }
}
