namespace VirtOpt.Forecasting;

/// <summary>
/// Forecasts the summed demand of hosts by trees that were trained on the sums of random groups of VMs: they know how peaks of VMs come together, and serve any
/// group, also one that has not been on one host yet.
/// </summary>
/// <param name="draw">How many VMs hosts have; its seed draws the groups to learn from.</param>
/// <param name="other">Other history to learn from, such as other days; null for the VMs that are fitted.</param>
/// <param name="settings">Rows, threads and seed of training.</param>
public sealed class JointForecaster(HostDraw draw, DemandHistory? other = null, TreeSettings? settings = null) : IPooledForecaster
{
    /// <summary>Name in results.</summary>
    public const string MethodName = "joint";

    private const int SeedOfGroups = 7919;
    private const int LeavesOfLong = 8;
    private const int DaysOfLong = 3;
    private const int LeavesOfShort = 4;
    private const int LeastGroups = 600;

    /// <inheritdoc/>
    public string Name => MethodName;

    /// <inheritdoc/>
    public IDemandForecaster LearnFrom(DemandHistory other, CancellationToken cancellation = default) => new JointForecaster(draw, other, settings);

    /// <summary>Learns from sums of VMs; the fitted forecaster is asked for the series of a <see cref="HostSums"/>.</summary>
    /// <param name="history">The VMs' history, not that of the sums.</param>
    /// <param name="origin">Number of known slots, at least 1.</param>
    /// <param name="cancellation">Ends the work.</param>
    public IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default)
    {
        int day = history.Grid.Day;
        int end = other is null ? origin : other.Grid.Slots;
        TreeSettings own = (settings ?? new TreeSettings()) with { Leaves = end >= DaysOfLong * day ? LeavesOfLong : LeavesOfShort };
        EarlierSamples none = new(null);
        Dictionary<string, OwnQuantileTrees> trees = Groups(other ?? history, draw.Hosts, cancellation).GroupBy(s => s.Dimension.Name).ToDictionary(
            g => g.Key, g => new OwnQuantileTrees([.. g], history.Grid, end, none, own, cancellation));
        return new OwnQuantileForecaster(Name, trees, history.Grid, origin, other is null);
    }

    /// <summary>Sums of random groups, each of VMs of one day.</summary>
    private IEnumerable<DemandSeries> Groups(DemandHistory learnt, int hosts, CancellationToken cancellation)
    {
        IGrouping<string, DemandSeries>[] days = [.. learnt.Series.GroupBy(s => EarlierSamples.DayOf(s.Vm))];
        int groups = Math.Max(1, Math.Max(LeastGroups, hosts) / days.Length);
        foreach (IGrouping<string, DemandSeries> day in days)
        {
            cancellation.ThrowIfCancellationRequested();
            DemandHistory part = new(learnt.Name, learnt.Grid, [.. day]);
            int most = Math.Min(draw.MostVms, part.Series.Select(s => s.Vm).Distinct().Count());
            HostDraw some = new(groups, Math.Min(draw.LeastVms, most), most, draw.Seed + SeedOfGroups);
            foreach (DemandSeries sum in HostSums.Draw(part, some).Sums.Series) yield return sum;
        }
    }
}
