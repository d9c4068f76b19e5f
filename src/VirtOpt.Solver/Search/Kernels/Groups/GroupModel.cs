using System.Runtime.InteropServices;

namespace VirtOpt.Solver.Search.Kernels.Groups;

/// <summary>All terms over the loads of groups, compiled, with the rules of each VM in one row. Immutable once closed; threads share it.</summary>
/// <param name="model">The problem.</param>
internal sealed class GroupModel(PlacementModel model)
{
    private readonly Dictionary<Term, GroupRule> ruleOf = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<LoadFamily, GroupFamily> familyOf = [];
    private readonly List<GroupRule> rules = [];
    private int[] firstOf = [];
    private GroupEntry[] entries = [];

    /// <summary>The rules.</summary>
    public IReadOnlyList<GroupRule> Rules => rules;

    /// <summary>The families that rules read.</summary>
    public IReadOnlyCollection<GroupFamily> Families => familyOf.Values;

    /// <summary>Cells whose loads are stored.</summary>
    public int StoredCells { get; private set; }

    /// <summary>Numbers that all rules keep.</summary>
    public int NumberCount { get; private set; }

    /// <summary>Takes a term in as a requirement; false if it is not over groups.</summary>
    public bool TryRequire(Term term, IReadOnlyList<long> tolerated)
    {
        if (RuleOf(term) is not { } rule) return false;
        rule.Tolerated = tolerated;
        return true;
    }

    /// <summary>Takes a term in as a goal; false if it is not over groups.</summary>
    public bool TryCharge(Term term, double factor)
    {
        if (RuleOf(term) is not { } rule) return false;
        rule.Factor += factor;
        return true;
    }

    /// <summary>Ends the compilation.</summary>
    public void Close()
    {
        foreach (GroupFamily family in familyOf.Values.Where(f => !f.IsCounted))
            (family.Offset, StoredCells) = (StoredCells, checked(StoredCells + family.Cells));
        foreach (GroupRule rule in rules) (rule.FirstNumber, NumberCount) = (NumberCount, NumberCount + rule.NumberCount);
        List<GroupEntry>?[] rows = new List<GroupEntry>?[model.Cluster.Vms.Count];
        foreach (GroupRule rule in rules) AddEntries(rule, rows);
        firstOf = new int[rows.Length + 1];
        for (int vm = 0; vm < rows.Length; vm++) firstOf[vm + 1] = firstOf[vm] + (rows[vm]?.Count ?? 0);
        entries = [.. rows.SelectMany(row => row ?? [])];
    }

    /// <summary>Judges a move of a VM; adds what it costs.</summary>
    public bool Judge(GroupLoads loads, int vm, Place from, Place to, Place start, ref double cost)
    {
        for (int i = firstOf[vm]; i < firstOf[vm + 1]; i++)
        {
            ref readonly GroupEntry entry = ref entries[i];
            (GroupChange first, GroupChange second) = entry.ChangesOf(from, to, start);
            if (first.IsNothing && second.IsNothing) continue;
            if (!entry.Rule.Judge(loads, entry.Changed, first, second, ref cost)) return false;
        }

        return true;
    }

    /// <summary>Makes a move of a VM: the numbers of the rules, then the loads.</summary>
    public void Apply(GroupLoads loads, int vm, Place from, Place to, Place start)
    {
        for (int i = firstOf[vm]; i < firstOf[vm + 1]; i++)
        {
            ref readonly GroupEntry entry = ref entries[i];
            (GroupChange first, GroupChange second) = entry.ChangesOf(from, to, start);
            if (!first.IsNothing || !second.IsNothing) entry.Rule.Apply(loads, entry.Changed, first, second);
        }

        for (int i = firstOf[vm]; i < firstOf[vm + 1]; i++)
        {
            ref readonly GroupEntry entry = ref entries[i];
            (GroupChange first, GroupChange second) = entry.ChangesOf(from, to, start);
            if (entry.OwnsFirst) loads.Apply(entry.First!, first);
            if (entry.OwnsSecond) loads.Apply(entry.Second!, second);
        }
    }

    private GroupRule? RuleOf(Term term)
    {
        if (ruleOf.TryGetValue(term, out GroupRule? rule)) return rule;
        rule = term switch
        {
            SumTerm { PerVm: false, Outer: Outer.Sum } sum when GroupFamily.Suits(sum.Family) => new CellRule(FamilyOf(sum.Family), sum.Functions),
            SumTerm { PerVm: false } sum when GroupFamily.Suits(sum.Family) => new SumRule(FamilyOf(sum.Family), sum),
            ImplyTerm imply when GroupFamily.Suits(imply.If) && GroupFamily.Suits(imply.Then) => new ImplyRule(FamilyOf(imply.If), FamilyOf(imply.Then)),
            MaxTerm max when max.Parts.All(IsOwnLoad) && AreDisjoint(max) => new LargestRule([.. max.Parts.Select(p => FamilyOf(p.Family))]),
            _ => null,
        };
        if (rule is null) return null;
        ruleOf[term] = rule;
        rules.Add(rule);
        return rule;
    }

    private bool IsOwnLoad(TermPart part) => GroupFamily.Suits(part.Family) && part.Family.CellCount == 1
        && part.Functions[0] is { Slope: 1, Jump: 0, Hinges.Count: 0 } && !part.Family.BaseCells.Span.ContainsAnyExcept(0)
        && Enumerable.Range(0, part.Family.Members.Length).All(p => part.Family.Weight(p) == 0);

    /// <summary>True if no VM is in two families: then a move changes one load.</summary>
    private static bool AreDisjoint(MaxTerm term)
    {
        HashSet<int> seen = [];
        foreach (TermPart part in term.Parts)
            foreach (int vm in part.Family.Members)
                if (!seen.Add(vm)) return false;
        return true;
    }

    private GroupFamily FamilyOf(LoadFamily family)
    {
        if (familyOf.TryGetValue(family, out GroupFamily? known)) return known;
        int[] cells = MemoryMarshal.TryGetArray(family.BaseCells, out ArraySegment<int> shared) ? shared.Array! : family.BaseCells.ToArray();
        return familyOf[family] = new GroupFamily(family, cells);
    }

    private static void AddEntries(GroupRule rule, List<GroupEntry>?[] rows)
    {
        GroupFamily[] families = [.. rule.Families];
        bool isPair = rule is ImplyRule;
        foreach (GroupFamily family in isPair ? families[..1] : families)
            for (int position = 0; position < family.Members.Length; position++)
            {
                int second = isPair ? Array.BinarySearch(families[1].Members, family.Members[position]) : -1;
                Add(rows, family.Members[position], new GroupEntry(rule, family, position, second < 0 ? null : families[1], second));
            }

        if (!isPair) return;
        for (int position = 0; position < families[1].Members.Length; position++)
            if (Array.BinarySearch(families[0].Members, families[1].Members[position]) < 0)
                Add(rows, families[1].Members[position], new GroupEntry(rule, null, -1, families[1], position));
    }

    /// <summary>Adds an entry to a VM's row; of several entries about one family, the first owns its loads.</summary>
    private static void Add(List<GroupEntry>?[] rows, int vm, GroupEntry entry)
    {
        List<GroupEntry> row = rows[vm] ??= [];
        bool IsOwned(GroupFamily? family) => family is null || row.Exists(e => e.First == family || e.Second == family);
        row.Add(entry with { OwnsFirst = !IsOwned(entry.First), OwnsSecond = entry.Second != entry.First && !IsOwned(entry.Second) });
    }
}

/// <summary>That a VM belongs to a rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="First">The family that the VM is in; null if it is only in the second.</param>
/// <param name="FirstPosition">Its position there.</param>
/// <param name="Second">The second family that it is in; null for none.</param>
/// <param name="SecondPosition">Its position there.</param>
internal readonly record struct GroupEntry(GroupRule Rule, GroupFamily? First, int FirstPosition, GroupFamily? Second, int SecondPosition)
{
    /// <summary>True if this entry changes the loads of the first family.</summary>
    public bool OwnsFirst { get; init; }

    /// <summary>True if this entry changes the loads of the second family.</summary>
    public bool OwnsSecond { get; init; }

    /// <summary>The first family that changes.</summary>
    public GroupFamily Changed => First ?? Second!;

    /// <summary>What a move does to the loads.</summary>
    public (GroupChange First, GroupChange Second) ChangesOf(Place from, Place to, Place start) =>
        (First?.ChangeOf(FirstPosition, from, to, start) ?? default, Second?.ChangeOf(SecondPosition, from, to, start) ?? default);
}
