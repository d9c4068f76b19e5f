using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// The hosts of a group together hold at most an amount of a dimension, or a number of VMs (BtrPlace: ResourceCapacity and RunningCapacity). The amount
/// is the excess.
/// </summary>
/// <param name="Hosts">The hosts.</param>
/// <param name="Max">The limit, at least 0, in the unit of <paramref name="Of"/>.</param>
/// <param name="Of"><c>count</c> for the number of VMs, or the name of a dimension.</param>
public sealed record GroupCapacity(
    [Description("the hosts")] HostGroup Hosts,
    [Description("most that they hold together")] long Max,
    [Description("count, or a dimension")] string Of = GroupCapacity.Count) : Constraint
{
    /// <summary>The number of VMs is limited.</summary>
    public const string Count = "count";

    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        LoadFamily load = Of == Count ? model.CountOn(Hosts) : model.DemandOn(Hosts, model.Cluster.DimensionNamed(Of));
        yield return new SumTerm(Describe(), load, [CellFunction.ExcessAbove(Max)]);
    }

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        long held = Hosts.Members.Sum(host => Of == Count ? view.VmsOn(host).Count : view.DemandOn(host, view.Cluster.DimensionNamed(Of)));
        if (held > Max) yield return new($"host group {Hosts}", held - Max, $"The hosts of {Hosts} hold {held} ({Of}); the limit is {Max}.");
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        IsKnown(cluster, Hosts);
        AtLeast("max of group capacity", Max, 0);
        if (Of != Count) cluster.DimensionNamed(Of);
    }

    /// <inheritdoc/>
    public override string Describe() => $"{Hosts} hold at most {Max} ({Of}) together";
}
