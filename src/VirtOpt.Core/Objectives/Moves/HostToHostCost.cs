using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// The sum over VMs with a start of the price from their start host to their host (ROADEF/EURO 2012: machine move cost): network distance, a link
/// that is paid for by volume. A VM that stays on its host pays nothing.
/// </summary>
/// <param name="Prices">The price for each pair of hosts.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record HostToHostCost(
    [Description("price for each pair of hosts")] HostMatrix Prices,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) =>
        [new SumTerm(Describe(), model.MigrationsByPair("migrations by price of their hosts", Prices), [CellFunction.Identity])];

    /// <inheritdoc/>
    public override long Value(PlacementView view) =>
        view.Cluster.AllVms.Members.Where(vm => view.IsPlaced(vm) && view.HasMoved(vm)).Sum(vm => Prices[view.Cluster[vm].Start!.Value.Host, view.HostOf(vm)]);

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        if (Prices.Count != cluster.Hosts.Count)
            throw InvalidInputException.Because(
                $"The prices of host-to-host cost are for {Prices.Count} hosts; the cluster has {cluster.Hosts.Count}.",
                "the matrix belongs to another cluster.");
    }

    /// <inheritdoc/>
    public override string Describe() => "migrations by price of their hosts";
}
