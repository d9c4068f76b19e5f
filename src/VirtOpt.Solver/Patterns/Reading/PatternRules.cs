namespace VirtOpt.Solver.Patterns.Reading;

/// <summary>
/// The requirements of a problem, sorted by what they mean for patterns. A requirement that patterns cannot keep makes <see cref="Refusal"/> say so.
/// </summary>
internal sealed class PatternRules
{
    private readonly PlacementModel model;
    private readonly int[] movable;
    private readonly bool[] takesVms;
    private readonly Dictionary<LoadFamily, long[]> limits = [];
    private readonly List<Requirement> relaxed = [];

    public PatternRules(PlacementModel model)
    {
        this.model = model;
        movable = [.. Enumerable.Range(0, model.Cluster.Vms.Count).Where(vm => model.Cluster.Vms[vm].Movable)];
        takesVms = [.. model.Cluster.Hosts.Select(_ => true)];
        MigrationLimit = movable.Length;
        foreach (Requirement requirement in model.Requirements)
            if (!Sort(requirement)) Refusal ??= $"a rule that patterns cannot keep: {requirement.Term.Name}";
    }

    /// <summary>Why patterns do not apply; null if they do.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Most migrations; without a limit, the number of movable VMs.</summary>
    public long MigrationLimit { get; private set; }

    /// <summary>The limit of each cell, by family; <see cref="long.MaxValue"/> where there is none.</summary>
    public IReadOnlyDictionary<LoadFamily, long[]> Limits => limits;

    /// <summary>Rules left out of patterns and kept when VMs are chosen: those over some VMs only, and limits of loads that need not bind.</summary>
    public IReadOnlyList<Requirement> Relaxed => relaxed;

    /// <summary>Leaves the limits of a load out of patterns.</summary>
    public void Relax(LoadFamily family)
    {
        foreach (Requirement requirement in model.Requirements)
            if (requirement.Term is SumTerm term && term.Family == family && !relaxed.Contains(requirement)) relaxed.Add(requirement);
    }

    /// <summary>True if a host may have VMs.</summary>
    public bool TakesVms(int host) => takesVms[host];

    /// <summary>True if a term counts migrations: one cell that every movable VM charges 1 when it arrives.</summary>
    public static bool CountsMigrations(SumTerm term, PlacementModel model) =>
        term is { Outer: Outer.Sum, Offset: 0, Family: { IsDense: true, CellCount: 1, DependsOnStart: true, TellsStartsApart: false } family }
        && Enumerable.Range(0, model.Cluster.Vms.Count).Where(vm => model.Cluster.Vms[vm].Movable)
            .All(vm => family.ArrivingWeight(vm) == 1 && family.LeavingWeight(vm) == 0 && family.Weight(vm) == 0);

    private bool Sort(Requirement requirement)
    {
        if (FamiliesOf(requirement.Term) is { Length: > 0 } families && families.All(f => !f.IsDense))
        {
            relaxed.Add(requirement);
            return true;
        }

        if (requirement.Term is not SumTerm { Outer: Outer.Sum, Family.IsDense: true } term) return false;
        if (term.PerVm) return TakeHostsAway(term);
        long[] cells = [.. term.Functions.Select(f => f.LargestWithin(0) ?? -1)];
        if (cells.Any(limit => limit < 0)) return false;
        if (CountsMigrations(term, model)) MigrationLimit = Math.Min(MigrationLimit, cells[0]);
        else if (term.Family.DependsOnStart) return false;
        else limits[term.Family] = limits.TryGetValue(term.Family, out long[]? known) ? [.. known.Zip(cells, Math.Min)] : cells;
        return true;
    }

    /// <summary>Hosts where any VM would break the term take none.</summary>
    private bool TakeHostsAway(SumTerm term)
    {
        LoadFamily family = term.Family;
        if (family.DependsOnStart || family.Kind != CellKind.Host) return false;
        if (term.Functions.Any(f => f is not { Slope: > 0, Hinges: [], Jump: 0 }) || movable.Any(vm => family.Weight(vm) <= 0)) return false;
        for (int h = 0; h < takesVms.Length; h++)
            if (family.BaseCell(new HostId(h)) >= 0) takesVms[h] = false;
        return true;
    }

    /// <summary>The loads that a term reads, as far as patterns can leave the term out; none for other terms.</summary>
    public static LoadFamily[] FamiliesOf(Term term) => term switch
    {
        SumTerm sum => [sum.Family],
        ImplyTerm imply => [imply.If, imply.Then],
        MaxTerm max => [.. max.Parts.Select(p => p.Family)],
        _ => [],
    };
}
