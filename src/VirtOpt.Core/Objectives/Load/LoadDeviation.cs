using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// How unevenly the available hosts are loaded: per dimension the sum over hosts of the distance between demand and the host's fair share of
/// the whole demand, in parts per million of the host's usable capacity (mean absolute deviation, times the number of hosts).
/// </summary>
/// <param name="Dimension">The dimension; null adds all of them up.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record LoadDeviation(
    [Description("dimension; all if left out")] string? Dimension = null,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        foreach (int d in Utilisation.Dimensions(model.Cluster, Dimension))
        {
            long[] shares = FairShares(model.Cluster, d);
            CellFunction[] functions = [.. model.Cluster.Hosts.Select((h, i) => CellFunction.DistanceFrom(shares[i], Utilisation.PartsPerUnit(h, d)))];
            long atZero = model.Cluster.Hosts.Select((h, i) => shares[i] * Utilisation.PartsPerUnit(h, d)).Sum();
            yield return new SumTerm($"{Describe()}: {model.Cluster.Dimensions[d].Name}", model.Demand(d), functions, Offset: atZero);
        }
    }

    /// <inheritdoc/>
    public override long Value(PlacementView view)
    {
        long sum = 0;
        foreach (int d in Utilisation.Dimensions(view.Cluster, Dimension))
        {
            long[] shares = FairShares(view.Cluster, d);
            foreach (HostId host in view.Hosts) sum += Math.Abs(view.DemandOn(host, d) - shares[host.Index]) * Utilisation.PartsPerUnit(view.Cluster[host], d);
        }

        return sum;
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster) => _ = Utilisation.Dimensions(cluster, Dimension).Count();

    /// <inheritdoc/>
    public override string Describe() => $"load deviation{(Dimension is null ? "" : $" of {Dimension}")}";

    private static long[] FairShares(ClusterSnapshot cluster, int d)
    {
        long demand = cluster.Vms.Sum(vm => vm.Demand[d]);
        long capacity = cluster.Hosts.Where(h => h.State == HostState.Available).Sum(h => h.Usable(d));
        return [.. cluster.Hosts.Select(h => capacity == 0 || h.State != HostState.Available ? 0 : (long)((Int128)demand * h.Usable(d) / capacity))];
    }
}
