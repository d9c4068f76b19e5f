using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// The sum over hosts of the demand above the host's <see cref="Host.Safety"/>, in the dimension's unit (ROADEF/EURO 2012: load cost over safety
/// capacities).
/// </summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record SafetyLoad(
    [Description("dimension")] string Dimension,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        int d = model.Cluster.DimensionNamed(Dimension);
        yield return new SumTerm(Describe(), model.Demand(d), [.. model.Cluster.Hosts.Select(h => CellFunction.ExcessAbove(h.SafetyOf(d)))]);
    }

    /// <inheritdoc/>
    public override long Value(PlacementView view)
    {
        int d = view.Cluster.DimensionNamed(Dimension);
        return view.Hosts.Sum(host => Math.Max(0, view.DemandOn(host, d) - view.Cluster[host].SafetyOf(d)));
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster) => cluster.DimensionNamed(Dimension);

    /// <inheritdoc/>
    public override string Describe() => $"load of {Dimension} above safety";
}
