namespace VirtOpt;

/// <summary>A term that must be 0 at the end, or, where it is broken at the start, must not grow and is repaired first.</summary>
/// <param name="Source">The constraint that says so.</param>
/// <param name="Term">The measure.</param>
public sealed record Requirement(Constraint Source, Term Term);

/// <summary>A term to be made small.</summary>
/// <param name="Name">Name in results.</param>
/// <param name="Level">Levels are minimised one after another, 1 first.</param>
/// <param name="Weight">Factor of the term's amount in its level, at least 0.</param>
/// <param name="Term">The measure.</param>
public sealed record Goal(string Name, int Level, long Weight, Term Term);

/// <summary>
/// A problem as the engines read it: loads of cells and terms over them, without any word of the domain. Made once from the constraints and
/// objectives by <see cref="PlacementProblem.Compile"/>.
/// </summary>
public sealed class PlacementModel
{
    internal PlacementModel(ClusterSnapshot cluster, ModelBuilder builder, IReadOnlyList<Requirement> requirements, IReadOnlyList<Goal> goals)
        : this(cluster, builder.Families, builder.Families, requirements, goals)
    {
    }

    private PlacementModel(
        ClusterSnapshot cluster, IReadOnlyList<LoadFamily> families, IReadOnlyList<LoadFamily> charged,
        IReadOnlyList<Requirement> requirements, IReadOnlyList<Goal> goals)
    {
        Cluster = cluster;
        Families = families;
        Requirements = requirements;
        Goals = goals;
        Levels = [.. goals.Select(g => g.Level).Distinct().Order()];
        SparseFamiliesOf = Invert(charged, cluster.Vms.Count);
        DenseFamilies = [.. charged.Where(f => f.IsDense)];
    }

    /// <summary>The cluster that the model was made from.</summary>
    public ClusterSnapshot Cluster { get; }

    /// <summary>All loads.</summary>
    public IReadOnlyList<LoadFamily> Families { get; }

    /// <summary>What must hold.</summary>
    public IReadOnlyList<Requirement> Requirements { get; }

    /// <summary>What is made small.</summary>
    public IReadOnlyList<Goal> Goals { get; }

    /// <summary>The levels in use, ascending.</summary>
    public IReadOnlyList<int> Levels { get; }

    /// <summary>Families that every VM charges.</summary>
    public IReadOnlyList<LoadFamily> DenseFamilies { get; }

    /// <summary>Per VM the families that only some VMs charge, with the VM's position there.</summary>
    public IReadOnlyList<IReadOnlyList<(LoadFamily Family, int Position)>> SparseFamiliesOf { get; }

    /// <summary>
    /// The same problem with only some of its requirements and goals. Loads that no term reads any more are charged by no VM, so VMs that differed in
    /// them become alike. Every valid placement of this problem is one of the part, and no amount that is kept changes: bounds of the part are bounds of this.
    /// </summary>
    /// <param name="isAsked">Whether a requirement is kept.</param>
    /// <param name="counts">Whether a goal is kept.</param>
    public PlacementModel Part(Func<Requirement, bool> isAsked, Func<Goal, bool> counts)
    {
        Requirement[] requirements = [.. Requirements.Where(isAsked)];
        Goal[] goals = [.. Goals.Where(counts)];
        HashSet<LoadFamily> read = [.. requirements.Select(r => r.Term).Concat(goals.Select(g => g.Term)).SelectMany(term => term.FamiliesRead())];
        return new PlacementModel(Cluster, Families, [.. Families.Where(read.Contains)], requirements, goals);
    }

    private static IReadOnlyList<(LoadFamily, int)>[] Invert(IReadOnlyList<LoadFamily> families, int vms)
    {
        List<(LoadFamily, int)>?[] lists = new List<(LoadFamily, int)>?[vms];
        foreach (LoadFamily family in families.Where(f => !f.IsDense))
            for (int position = 0; position < family.Members.Length; position++)
                (lists[family.Members[position]] ??= []).Add((family, position));
        return [.. lists.Select(l => (IReadOnlyList<(LoadFamily, int)>?)l ?? [])];
    }
}
