namespace VirtOpt.Solver.Search.Local;

/// <summary>
/// Which rules tie the hosts of a problem together, so that threads on disjoint hosts must not both touch them: rules whose cells span hosts. Rules
/// that one group of VMs has are dealt out among the threads; a rule that all VMs share over hosts cannot be.
/// </summary>
internal sealed class SharedRules
{
    private readonly int[] firstOf;
    private readonly int[] familyOf;
    private readonly int[] parts;
    private readonly ReadOnlyMemory<int>[] cells;
    private readonly Dictionary<ReadOnlyMemory<int>, bool> isLocal = [];
    private readonly bool[] countsMoves;

    /// <param name="model">The problem.</param>
    public SharedRules(PlacementModel model)
    {
        parts = [.. Enumerable.Range(0, model.Families.Count)];
        bool[] shared = new bool[model.Families.Count];
        CanSplit = true;
        foreach (Requirement requirement in model.Requirements) CanSplit &= TryShare(requirement.Term, shared);
        cells = [.. model.Families.Select(f => shared[f.Index] ? f.BaseCells : default)];
        countsMoves = [.. model.Families.Select(f => f.DependsOnStart)];
        firstOf = new int[model.Cluster.Vms.Count + 1];
        List<int> families = [];
        for (int vm = 0; vm + 1 < firstOf.Length; vm++)
        {
            families.AddRange(model.SparseFamiliesOf[vm].Where(f => shared[f.Family.Index]).Select(f => f.Family.Index));
            firstOf[vm + 1] = families.Count;
        }

        familyOf = [.. families];
    }

    /// <summary>True if threads can search disjoint hosts at all.</summary>
    public bool CanSplit { get; }

    /// <summary>Whether the owner of some rules may move a VM without another owner's rules noticing.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="from">Host that it leaves.</param>
    /// <param name="to">Host that it reaches.</param>
    /// <param name="owner">Number of the owner.</param>
    /// <param name="owners">Number of owners.</param>
    /// <param name="round">Each round deals anew.</param>
    public bool MayMove(int vm, int from, int to, int owner, int owners, int round)
    {
        for (int i = firstOf[vm]; i < firstOf[vm + 1]; i++)
        {
            int family = familyOf[i];
            if ((parts[family] + round) % owners != owner && (countsMoves[family] || cells[family].Span[from] != cells[family].Span[to]))
                return false;
        }

        return true;
    }

    private bool TryShare(Term term, bool[] shared)
    {
        switch (term)
        {
            case SumTerm { PerVm: true }:
                return true;
            case SumTerm { Outer: Outer.Sum } sum when IsLocal(sum.Family):
                return true;
            case AllowanceTerm allowance when allowance.FamiliesRead().All(IsLocal):
                return true;
            case SumTerm { Family.IsDense: false } sum:
                return shared[sum.Family.Index] = true;
            case ImplyTerm { If.IsDense: false, Then.IsDense: false } imply:
                Join(imply.If.Index, imply.Then.Index);
                return shared[imply.If.Index] = shared[imply.Then.Index] = true;
            default:
                return false;
        }
    }

    /// <summary>Families of one rule get one owner: they all point to the least among them.</summary>
    private void Join(int first, int second)
    {
        (int low, int high) = (Math.Min(parts[first], parts[second]), Math.Max(parts[first], parts[second]));
        for (int family = 0; low != high && family < parts.Length; family++)
            if (parts[family] == high) parts[family] = low;
    }

    /// <summary>True if no cell spans hosts. Families over one scope share their cells, so each scope is looked at once.</summary>
    private bool IsLocal(LoadFamily family)
    {
        if (family.Kind != CellKind.Host) return true;
        if (!isLocal.TryGetValue(family.BaseCells, out bool known)) isLocal[family.BaseCells] = known = HasOneHostPerCell(family);
        return known;
    }

    private static bool HasOneHostPerCell(LoadFamily family)
    {
        bool[] seen = new bool[family.CellCount];
        foreach (int cell in family.BaseCells.Span)
        {
            if (cell < 0) continue;
            if (seen[cell]) return false;
            seen[cell] = true;
        }

        return true;
    }
}

/// <summary>The hosts that one thread searches in one round, and the shared rules that it owns.</summary>
internal sealed class Territory
{
    private readonly SharedRules? rules;
    private readonly bool[] hosts;
    private readonly int owner;
    private readonly int owners;
    private readonly int round;

    private Territory(SharedRules? rules, bool[] hosts, int owner, int owners, int round) =>
        (this.rules, this.hosts, this.owner, this.owners, this.round) = (rules, hosts, owner, owners, round);

    /// <summary>The whole cluster.</summary>
    public static Territory Whole(int hosts) => new(null, [.. Enumerable.Repeat(true, hosts)], 0, 1, 0);

    /// <summary>Divides the hosts by chance.</summary>
    /// <param name="rules">The rules to deal out.</param>
    /// <param name="hostOrder">The hosts; will be shuffled.</param>
    /// <param name="count">Number of territories.</param>
    /// <param name="round">Number of the round.</param>
    /// <param name="random">The source of chance.</param>
    public static Territory[] Divide(SharedRules rules, int[] hostOrder, int count, int round, Random random)
    {
        if (count == 1) return [Whole(hostOrder.Length)];
        random.Shuffle(hostOrder);
        bool[][] mine = [.. Enumerable.Range(0, count).Select(_ => new bool[hostOrder.Length])];
        for (int i = 0; i < hostOrder.Length; i++) mine[i % count][hostOrder[i]] = true;
        return [.. mine.Select((hosts, owner) => new Territory(rules, hosts, owner, count, round))];
    }

    /// <summary>The hosts.</summary>
    public IEnumerable<int> Hosts => Enumerable.Range(0, hosts.Length).Where(Contains);

    /// <summary>Whether a host belongs to it.</summary>
    public bool Contains(int host) => hosts[host];

    /// <summary>Whether a VM may move: both hosts belong here, and no rule that others own is touched.</summary>
    public bool MayMove(int vm, Place from, Place to) => rules is null
        || (Contains(from.Host.Index) && Contains(to.Host.Index) && rules.MayMove(vm, from.Host.Index, to.Host.Index, owner, owners, round));
}
