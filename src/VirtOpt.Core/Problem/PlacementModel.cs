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
    {
        Cluster = cluster;
        Families = builder.Families;
        Requirements = requirements;
        Goals = goals;
        Levels = [.. goals.Select(g => g.Level).Distinct().Order()];
        SparseFamiliesOf = Invert(Families, cluster.Vms.Count);
        DenseFamilies = [.. Families.Where(f => f.IsDense)];
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

    private static IReadOnlyList<(LoadFamily, int)>[] Invert(IReadOnlyList<LoadFamily> families, int vms)
    {
        List<(LoadFamily, int)>?[] lists = new List<(LoadFamily, int)>?[vms];
        foreach (LoadFamily family in families.Where(f => !f.IsDense))
            for (int position = 0; position < family.Members.Length; position++)
                (lists[family.Members[position]] ??= []).Add((family, position));
        return [.. lists.Select(l => (IReadOnlyList<(LoadFamily, int)>?)l ?? [])];
    }
}
