using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// Electric power of the hosts with at least one VM, in microwatts, from their <see cref="PowerCurve"/> against demand over capacity. Slopes
/// are rounded to whole microwatts per unit; above full capacity the last slope goes on. Hosts without a curve count nothing.
/// </summary>
/// <param name="Weight">Factor in its level.</param>
/// <param name="Level">The level, 1 first.</param>
public sealed record Energy(
    [Description("factor in its level")] long Weight = 1,
    [Description("level, 1 first")] int Level = 1) : Objective(Weight, Level)
{
    private const long MicrowattsPerWatt = 1_000_000;

    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        ClusterSnapshot cluster = model.Cluster;
        yield return new SumTerm(
            "idle power", model.VmCount(), [.. cluster.Hosts.Select(h => new CellFunction(0, [], (h.Power?.Points[0].Watts ?? 0) * MicrowattsPerWatt))]);
        foreach (string name in cluster.Hosts.Where(h => h.Power is not null).Select(h => h.Power!.Dimension).Distinct(StringComparer.Ordinal))
        {
            int d = cluster.DimensionNamed(name);
            yield return new SumTerm(
                $"power by {name}", model.Demand(d), [.. cluster.Hosts.Select(h => h.Power?.Dimension == name ? Curve(h, d) : CellFunction.Zero)]);
        }
    }

    /// <inheritdoc/>
    public override long Value(PlacementView view) => view.Hosts.Where(h => view.VmsOn(h).Count > 0).Sum(h => PowerOf(view, h));

    /// <inheritdoc/>
    public override string Describe() => "energy";

    private static long PowerOf(PlacementView view, HostId id)
    {
        if (view.Cluster[id].Power is not { } power) return 0;
        int d = view.Cluster.DimensionNamed(power.Dimension);
        long load = view.DemandOn(id, d);
        long microwatts = power.Points[0].Watts * MicrowattsPerWatt;
        foreach ((long from, long to, long slope) in Segments(view.Cluster[id], d))
            if (load > from) microwatts += slope * (Math.Min(load, to) - from);
        return microwatts;
    }

    private static CellFunction Curve(Host host, int dimension)
    {
        (long From, long To, long Slope)[] segments = [.. Segments(host, dimension)];
        Hinge[] hinges =
            [.. segments.Skip(1).Select((segment, i) => new Hinge(segment.From, segment.Slope - segments[i].Slope)).Where(hinge => hinge.Change != 0)];
        return new CellFunction(segments[0].Slope, hinges, 0);
    }

    private static IEnumerable<(long From, long To, long Slope)> Segments(Host host, int dimension)
    {
        IReadOnlyList<PowerPoint> points = host.Power!.Points;
        long At(int percent) => host.Capacity[dimension] * percent / 100;
        for (int i = 1; i < points.Count; i++)
        {
            (long from, long to) = (At(points[i - 1].UtilisationPercent), At(points[i].UtilisationPercent));
            double slope = to == from ? 0 : (points[i].Watts - points[i - 1].Watts) * (double)MicrowattsPerWatt / (to - from);
            yield return (from, i == points.Count - 1 ? long.MaxValue : to, (long)Math.Round(slope));
        }
    }
}
