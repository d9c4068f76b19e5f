namespace VirtOpt;

/// <summary>A partition of the hosts into items: each host by itself, the racks, the zones ...</summary>
public sealed class Scope
{
    /// <summary>Name of the scope in which each host is an item of its own.</summary>
    public const string Host = "host";

    internal Scope(string name, IReadOnlyList<string> items, int[] itemOfHost)
    {
        Name = name;
        Items = items;
        this.itemOfHost = itemOfHost;
    }

    private readonly int[] itemOfHost;

    /// <summary>Name, for example <c>rack</c>.</summary>
    public string Name { get; }

    /// <summary>Names of the items, in order of first appearance.</summary>
    public IReadOnlyList<string> Items { get; }

    /// <summary>Index in <see cref="Items"/> of the item that holds this host.</summary>
    public int ItemOf(HostId host) => itemOfHost[host.Index];
}
