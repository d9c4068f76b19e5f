using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// The sum over hosts of max(0, target x free room in one dimension - free room in another): room that lies idle because the other dimension runs
/// out first (ROADEF/EURO 2012: balance cost). Room is usable capacity less demand, below 0 on a host that is overfilled.
/// </summary>
/// <param name="First">The dimension whose room asks.</param>
/// <param name="Second">The dimension whose room is asked for.</param>
/// <param name="Target">Units of the second wanted for each unit of the first, 0 to 100000.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record BalancedRoom(
    [Description("dimension whose room asks")] string First,
    [Description("dimension whose room is asked for")] string Second,
    [Description("units of the second wanted for each unit of the first")] long Target = 1,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    private const long MostTarget = 100_000;

    /// <summary>With loads x and y and usable room a and b, the shortfall of a host is how far y - target·x exceeds b - target·a.</summary>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        (int first, int second) = Dimensions(model.Cluster);
        string name = $"{Second} demand less {Target} times {First} demand by host";
        LoadFamily mix = model.OverHosts(name, vm => vm.Demand[second] - (Target * vm.Demand[first]));
        CellFunction Shortfall(Host host) => CellFunction.ExcessAbove(host.Usable(second) - (Target * host.Usable(first)));
        yield return new SumTerm(Describe(), mix, [.. model.Cluster.Hosts.Select(Shortfall)]);
    }

    /// <inheritdoc/>
    public override long Value(PlacementView view)
    {
        (int first, int second) = Dimensions(view.Cluster);
        long Room(HostId host, int d) => view.Cluster[host].Usable(d) - view.DemandOn(host, d);
        return view.Hosts.Sum(host => Math.Max(0, (Target * Room(host, first)) - Room(host, second)));
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        _ = Dimensions(cluster);
        if (Target is < 0 or > MostTarget)
            throw InvalidInputException.Because(
                $"The target ({Target}) of balanced room is not within 0 .. {MostTarget}.", "a coarser unit of the second dimension was meant.");
    }

    /// <inheritdoc/>
    public override string Describe() => $"room of {Second} short of {Target} times room of {First}";

    private (int First, int Second) Dimensions(ClusterSnapshot cluster) => (cluster.DimensionNamed(First), cluster.DimensionNamed(Second));
}
