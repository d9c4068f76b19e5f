using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// How unevenly the available hosts are filled: per dimension the sum over hosts of the square of (fill / even fill - 1), in parts per million. The
/// fill of a host is (reserve + demand) / capacity, without overcommit; the even fill is that of all of them as one host. A millionth of the value over the
/// number of hosts is the square of the coefficient of variation around the even fill.
/// </summary>
/// <remarks>
/// The square is stated, and judged, as a convex function of straight pieces that meet it at up to 23 loads. Close to the even fill these are neighbours
/// in whole units or 1 % of the even fill; from there each is 1.6 times as far, so that a piece lies at most 6 % above the square. Beyond 110 % the last
/// piece goes on. Slopes are rounded: choose units so that a host has between a hundred and ten thousand of them.
/// </remarks>
/// <param name="Dimension">The dimension; null adds all of them up.</param>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record LoadVariance(
    [Description("dimension; all if left out")] string? Dimension = null,
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    private const double FirstDistance = 0.01;
    private const double LastDistance = 1.1;
    private const double Growth = 1.6;
    private const double MostParts = 1e15;

    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        foreach (int d in Utilisation.Dimensions(model.Cluster, Dimension))
        {
            Square[] squares = Squares(model.Cluster, d);
            string name = $"{Describe()}: {model.Cluster.Dimensions[d].Name}";
            yield return new SumTerm(name, model.Demand(d), [.. squares.Select(s => s.Function())], Offset: squares.Sum(s => s.AtZero));
        }
    }

    /// <inheritdoc/>
    public override long Value(PlacementView view) => (
        from d in Utilisation.Dimensions(view.Cluster, Dimension)
        let squares = Squares(view.Cluster, d)
        from host in view.Hosts
        select squares[host.Index].At(view.DemandOn(host, d))).Sum();

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster) => _ = Utilisation.Dimensions(cluster, Dimension).Count();

    /// <inheritdoc/>
    public override string Describe() => $"load variance{(Dimension is null ? "" : $" of {Dimension}")}";

    private static Square[] Squares(ClusterSnapshot cluster, int d)
    {
        Host[] available = [.. cluster.Hosts.Where(h => h.State == HostState.Available)];
        double filled = available.Sum(h => (double)(h.Capacity[d] - h.Physical(d))) + cluster.Vms.Sum(vm => (double)vm.Demand[d]);
        double evenFill = filled / Math.Max(1, available.Sum(h => (double)h.Capacity[d]));
        Square Of(Host host) => new(evenFill * host.Capacity[d], host.Capacity[d] - host.Physical(d));
        return [.. cluster.Hosts.Select(h => h.State == HostState.Available ? Of(h) : Square.Zero)];
    }

    /// <summary>The function of one host.</summary>
    private sealed class Square
    {
        private readonly long[] loads;
        private readonly long[] slopes;

        /// <summary>The function of a host whose even load is <paramref name="even"/>, of which <paramref name="reserve"/> is there without any VM.</summary>
        public Square(double even, long reserve)
        {
            if (even <= 0) (loads, slopes) = ([0], [0]);
            else
            {
                double Parts(long load) => Math.Min(MostParts, Utilisation.Full * Math.Pow((reserve + load - even) / even, 2));
                AtZero = (long)Math.Round(Parts(0));
                long[] points = Points(even, (long)Math.Round(Math.Max(0, even - reserve)));
                loads = points[..^1];
                slopes = [.. loads.Select((from, i) => (long)Math.Round((Parts(points[i + 1]) - Parts(from)) / (points[i + 1] - from)))];
            }
        }

        /// <summary>The function of a host that does not count.</summary>
        public static Square Zero { get; } = new(0, 0);

        /// <summary>The value at load 0.</summary>
        public long AtZero { get; }

        /// <summary>The value at a load.</summary>
        public long At(long load)
        {
            long value = AtZero;
            for (int i = 0; i < loads.Length && load > loads[i]; i++)
                value += slopes[i] * (Math.Min(load, i + 1 < loads.Length ? loads[i + 1] : long.MaxValue) - loads[i]);
            return value;
        }

        /// <summary>The same without the value at load 0.</summary>
        public CellFunction Function()
        {
            Hinge[] hinges = [.. Enumerable.Range(1, loads.Length - 1).Select(i => new Hinge(loads[i], slopes[i] - slopes[i - 1])).Where(h => h.Change != 0)];
            return new CellFunction(slopes[0], hinges, 0);
        }

        /// <summary>Loads at which the pieces meet the square, from 0 on, with one more behind the last piece.</summary>
        private static long[] Points(double even, long centre)
        {
            SortedSet<long> points = [0, centre];
            long distance = 0;
            for (double share = FirstDistance; share < LastDistance * Growth; share *= Growth)
            {
                distance = Math.Max(distance + 1, (long)Math.Round(share * even));
                points.Add(centre + distance);
                if (distance < centre) points.Add(centre - distance);
            }

            return [.. points];
        }
    }
}
