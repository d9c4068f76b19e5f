namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>The limits on how many legs run at once, as numbered things that each leg runs over: hosts, directions, links, the cluster.</summary>
internal sealed class CountLimits
{
    private readonly Dictionary<(char What, int Item), int> ids = [];
    private readonly List<int> most = [];

    public CountLimits(ClusterSnapshot cluster, PlanLimits limits, IReadOnlyList<Leg> legs)
    {
        Scope? links = limits.LinkScope is { } name ? cluster.Scope(name) : null;
        Out = [.. legs.Select(leg => leg.IsTransfer ? [.. Leaving(leg, limits, links)] : Array.Empty<int>())];
        In = [.. legs.Select(leg => leg.IsTransfer ? [.. Coming(leg, limits, links)] : Array.Empty<int>())];
        Of = [.. legs.Select((_, i) => (int[])[.. Out[i].Union(In[i])])];
    }

    /// <summary>Per leg the things that it runs over.</summary>
    public int[][] Of { get; }

    /// <summary>Those that the VM's first leg runs over wherever it goes: what it leaves, and the cluster.</summary>
    public int[][] Out { get; }

    /// <summary>Those that the VM's last leg runs over wherever it comes from: what it comes to.</summary>
    public int[][] In { get; }

    /// <summary>Most legs at once, by thing.</summary>
    public IReadOnlyList<int> Most => most;

    private IEnumerable<int> Leaving(Leg leg, PlanLimits limits, Scope? links)
    {
        if (limits.PerHost is { } perHost) yield return Id('h', leg.From.Host.Index, perHost);
        if (limits.PerHostOut is { } leaving) yield return Id('o', leg.From.Host.Index, leaving);
        if (limits.InCluster is { } all) yield return Id('c', 0, all);
        if (links is not null && IsCrossing(leg, links)) yield return Id('l', links.ItemOf(leg.From.Host), limits.PerLink);
    }

    private IEnumerable<int> Coming(Leg leg, PlanLimits limits, Scope? links)
    {
        if (limits.PerHost is { } perHost) yield return Id('h', leg.To.Host.Index, perHost);
        if (limits.PerHostIn is { } coming) yield return Id('i', leg.To.Host.Index, coming);
        if (links is not null && IsCrossing(leg, links)) yield return Id('l', links.ItemOf(leg.To.Host), limits.PerLink);
    }

    private static bool IsCrossing(Leg leg, Scope links) => links.ItemOf(leg.From.Host) != links.ItemOf(leg.To.Host);

    private int Id(char what, int item, int limit)
    {
        if (ids.TryGetValue((what, item), out int id)) return id;
        ids[(what, item)] = id = most.Count;
        most.Add(limit);
        return id;
    }
}
