using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// How many fewer VMs of a shape fit into the free room of the available hosts than into the same hosts if they were empty. Fewer unusable
/// remainders mean a smaller number (VMR2L, EuroSys 2025: fragment rate, which falls by shape over free room with every VM more that fits).
/// </summary>
/// <param name="Shape">What one VM of the shape needs per dimension; 0 where it needs nothing.</param>
/// <param name="Per"><c>host</c> or <c>numa</c>: the room that one VM must fit into.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record Fragmentation(
    [Description("what one VM of the shape needs")] ResourceVector Shape,
    [Description("host or numa: the room it must fit into")] string Per = Scope.Host,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    /// <summary>One VM of the shape must fit into a NUMA node.</summary>
    public const string Numa = "numa";

    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        FitTerm term = Per == Numa ? FitMeasure.ByNumaNode(Describe(), model, Shape, 0) : FitMeasure.ByHost(Describe(), model, Shape, 0);
        int cells = term.Needs[0].Room.Count;
        yield return term with { Wanted = Enumerable.Range(0, cells).Sum(cell => term.Copies(cell, (_, _) => 0)) };
    }

    /// <inheritdoc/>
    public override long Value(PlacementView view)
    {
        PlacementView empty = new(view.Cluster, new Placement([]));
        return Copies(empty) - Copies(view);
    }

    /// <summary>How many VMs of the shape fit.</summary>
    public long Copies(PlacementView view) => view.Hosts.Sum(host => Per == Numa
        ? Enumerable.Range(0, view.Cluster[host].NumaNodes.Count).Sum(node => FitMeasure.CopiesOnNode(view, host, node, Shape))
        : FitMeasure.CopiesOn(view, host, Shape));

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        FitMeasure.Validate(cluster, Shape);
        if (Per is not (Scope.Host or Numa))
            throw InvalidInputException.Because($"The per ({Per}) of fragmentation is neither ({Scope.Host}) nor ({Numa}).", "host was meant.");
        if (Per == Numa && cluster.Hosts.All(h => h.NumaNodes.Count == 0))
            throw InvalidInputException.Because("Fragmentation per numa needs hosts with NUMA nodes.", "per host was meant.");
    }

    /// <inheritdoc/>
    public override string Describe() => $"fragmentation for {Shape} per {Per}";
}
