namespace VirtOpt.Solver.Patterns;

/// <summary>Cells that patterns do not tell apart: equally free, with as many movable VMs of each type.</summary>
internal sealed class CellGroup(int index, PatternCell first)
{
    private readonly List<PatternCell> cells = [];

    public int Index => index;

    public long Free => first.Free;

    /// <summary>Movable VMs of span 1 in each cell, by type.</summary>
    public int[] Movable => first.Movable;

    public IReadOnlyList<PatternCell> Cells => cells;

    /// <summary>Most units of movable VMs of span 2 over a cell of the group.</summary>
    public int MostSharedUnits { get; private set; }

    /// <summary>True if VMs of span 2 can come to the hosts of the group.</summary>
    public bool IsShared { get; private set; }

    public void Add(PatternCell cell, bool isShared, int sharedUnits)
    {
        cells.Add(cell);
        IsShared |= isShared;
        MostSharedUnits = Math.Max(MostSharedUnits, sharedUnits);
    }
}

/// <summary>Hosts that patterns do not tell apart: with cells of the same groups, and as many movable VMs of span 2 of each type.</summary>
internal sealed class HostGroup(int index, IReadOnlyList<CellGroup> cells, int[] movable)
{
    private readonly List<PatternHost> hosts = [];

    public int Index => index;

    /// <summary>Groups of the one or two cells.</summary>
    public IReadOnlyList<CellGroup> Cells => cells;

    /// <summary>Movable VMs of span 2 on each host, by type.</summary>
    public int[] Movable => movable;

    /// <summary>The hosts, their cells in the order of <see cref="Cells"/>.</summary>
    public IReadOnlyList<PatternHost> Hosts => hosts;

    public void Add(PatternHost host) => hosts.Add(host);
}

/// <summary>The groups of a problem's cells and hosts: what is alike has the same patterns, so it is counted instead of told apart.</summary>
internal sealed class HostGroups
{
    private readonly Dictionary<string, CellGroup> cellGroups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostGroup> hostGroups = new(StringComparer.Ordinal);

    public HostGroups(PatternProblem problem)
    {
        Problem = problem;
        foreach (PatternHost host in problem.Hosts) Add(host);
        Cells = [.. cellGroups.Values];
        Hosts = [.. hostGroups.Values];
    }

    public PatternProblem Problem { get; }

    public IReadOnlyList<CellGroup> Cells { get; }

    public IReadOnlyList<HostGroup> Hosts { get; }

    private void Add(PatternHost host)
    {
        bool isShared = host.Cells.Count == 2 && Problem.Types.Any(t => t.Span == 2);
        int sharedUnits = Problem.Types.Select((t, i) => t.Units * host.Movable[i]).Sum();
        (PatternCell Cell, CellGroup Group)[] cells = [.. host.Cells.Select(c => (c, GroupOf(c))).OrderBy(c => c.Item2.Index)];
        foreach ((PatternCell cell, CellGroup group) in cells) group.Add(cell, isShared, sharedUnits);
        string key = $"{string.Join(',', cells.Select(c => c.Group.Index))}:{string.Join(',', host.Movable)}";
        if (!hostGroups.TryGetValue(key, out HostGroup? hosts))
            hostGroups[key] = hosts = new HostGroup(hostGroups.Count, [.. cells.Select(c => c.Group)], host.Movable);
        hosts.Add(host with { Cells = [.. cells.Select(c => c.Cell)] });
    }

    private CellGroup GroupOf(PatternCell cell)
    {
        string key = $"{cell.Free}:{string.Join(',', cell.Movable)}";
        if (!cellGroups.TryGetValue(key, out CellGroup? group)) cellGroups[key] = group = new CellGroup(cellGroups.Count, cell);
        return group;
    }
}
