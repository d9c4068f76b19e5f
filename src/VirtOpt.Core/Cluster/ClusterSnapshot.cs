namespace VirtOpt;

/// <summary>
/// A cluster at one moment: its hosts, its VMs and where they are. Immutable and validated when made, then trusted: names are unique,
/// amounts are whole and not negative, every start place exists.
/// </summary>
public sealed class ClusterSnapshot
{
    private readonly Dictionary<string, VmGroup> vmGroups;
    private readonly Dictionary<string, HostGroup> hostGroups;
    private readonly Dictionary<string, HostId> hostsByName;
    private readonly Lazy<Dictionary<string, VmId>> vmsByName;
    private readonly Dictionary<string, Scope> scopes = new(StringComparer.Ordinal);

    /// <summary>Makes and validates a snapshot.</summary>
    /// <param name="dimensions">Resource dimensions; every vector of hosts and VMs follows their order.</param>
    /// <param name="hosts">Hosts, at least one.</param>
    /// <param name="vms">VMs; may be none.</param>
    /// <param name="vmGroups">Named sets of VMs.</param>
    /// <param name="hostGroups">Named sets of hosts.</param>
    /// <param name="name">Name of the cluster, for people.</param>
    /// <exception cref="InvalidInputException">Something is missing, doubled, negative or dangling; the message says what.</exception>
    public ClusterSnapshot(
        IReadOnlyList<Dimension> dimensions,
        IReadOnlyList<Host> hosts,
        IReadOnlyList<VirtualMachine> vms,
        IReadOnlyList<VmGroup>? vmGroups = null,
        IReadOnlyList<HostGroup>? hostGroups = null,
        string name = "cluster")
    {
        Name = name;
        Dimensions = dimensions;
        Hosts = hosts;
        Vms = vms;
        VmGroups = vmGroups ?? [];
        HostGroups = hostGroups ?? [];
        ClusterValidation.Validate(this);
        hostsByName = hosts.Select((host, i) => (host.Name, Id: new HostId(i))).ToDictionary(h => h.Name, h => h.Id, StringComparer.Ordinal);
        vmsByName = new(() => vms.Select((vm, i) => (vm.Name, Id: new VmId(i))).ToDictionary(v => v.Name, v => v.Id, StringComparer.Ordinal));
        this.vmGroups = VmGroups.ToDictionary(g => g.Name, StringComparer.Ordinal);
        this.hostGroups = HostGroups.ToDictionary(g => g.Name, StringComparer.Ordinal);
    }

    /// <summary>Name of the cluster, for people.</summary>
    public string Name { get; }

    /// <summary>Resource dimensions, in the order of every <see cref="ResourceVector"/>.</summary>
    public IReadOnlyList<Dimension> Dimensions { get; }

    /// <summary>The hosts; <see cref="HostId.Index"/> is the position here.</summary>
    public IReadOnlyList<Host> Hosts { get; }

    /// <summary>The VMs; <see cref="VmId.Index"/> is the position here.</summary>
    public IReadOnlyList<VirtualMachine> Vms { get; }

    /// <summary>Named sets of VMs.</summary>
    public IReadOnlyList<VmGroup> VmGroups { get; }

    /// <summary>Named sets of hosts.</summary>
    public IReadOnlyList<HostGroup> HostGroups { get; }

    /// <summary>All VMs as a group.</summary>
    public VmGroup AllVms => new("all VMs", [.. Enumerable.Range(0, Vms.Count).Select(i => new VmId(i))]);

    /// <summary>The host with this id.</summary>
    public Host this[HostId host] => Hosts[host.Index];

    /// <summary>The VM with this id.</summary>
    public VirtualMachine this[VmId vm] => Vms[vm.Index];

    /// <summary>The VM group with this name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public VmGroup Group(string name) => Find(vmGroups, name, "VM group");

    /// <summary>The host group with this name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public HostGroup HostGroup(string name) => Find(hostGroups, name, "host group");

    /// <summary>The id of the host with this name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public HostId HostNamed(string name) => Find(hostsByName, name, "host");

    /// <summary>The id of the VM with this name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public VmId VmNamed(string name) => Find(vmsByName.Value, name, "VM");

    /// <summary>Whether a VM has this name.</summary>
    public bool TryVmNamed(string name, out VmId vm) => vmsByName.Value.TryGetValue(name, out vm);

    /// <summary>Whether a host has this name.</summary>
    public bool TryHostNamed(string name, out HostId host) => hostsByName.TryGetValue(name, out host);

    /// <summary>Position of the dimension with this name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public int DimensionNamed(string name)
    {
        for (int d = 0; d < Dimensions.Count; d++)
            if (Dimensions[d].Name == name) return d;
        throw Unknown("dimension", name, Dimensions.Select(d => d.Name));
    }

    /// <summary>The scope with this name: <c>host</c>, or a label that every host has.</summary>
    /// <exception cref="InvalidInputException">A host has no such label.</exception>
    public Scope Scope(string name)
    {
        lock (scopes)
        {
            if (!scopes.TryGetValue(name, out Scope? scope)) scopes[name] = scope = BuildScope(name);
            return scope;
        }
    }

    private Scope BuildScope(string name)
    {
        if (name == VirtOpt.Scope.Host) return new Scope(name, [.. Hosts.Select(h => h.Name)], [.. Enumerable.Range(0, Hosts.Count)]);
        List<string> items = [];
        Dictionary<string, int> index = new(StringComparer.Ordinal);
        int[] itemOfHost = new int[Hosts.Count];
        for (int h = 0; h < Hosts.Count; h++)
        {
            if (!Hosts[h].Labels.TryGetValue(name, out string? item))
                throw InvalidInputException.Because(
                    $"The scope ({name}) does not cover host ({Hosts[h].Name}): it has no such label.",
                    $"label the host with its {name}, or use one of the scopes {KnownScopes()}.");
            if (!index.TryGetValue(item, out int i))
            {
                index[item] = i = items.Count;
                items.Add(item);
            }

            itemOfHost[h] = i;
        }

        return new Scope(name, items, itemOfHost);
    }

    private string KnownScopes() => string.Join(", ", Hosts[0].Labels.Keys.Prepend(VirtOpt.Scope.Host).Select(s => $"({s})"));

    private static T Find<T>(Dictionary<string, T> items, string name, string kind) =>
        items.TryGetValue(name, out T? item) ? item : throw Unknown(kind, name, items.Keys);

    private static InvalidInputException Unknown(string kind, string name, IEnumerable<string> known)
    {
        string[] some = [.. known.Take(6)];
        string names = some.Length == 0 ? $"there is no {kind} at all" : $"one of {string.Join(", ", some.Select(s => $"({s})"))} was meant";
        return InvalidInputException.Because($"There is no {kind} ({name}).", $"{names}; names are case-sensitive.");
    }
}
