namespace VirtOpt.Forecasting;

/// <summary>Which hosts are drawn to test forecasts of their summed demand.</summary>
/// <param name="Hosts">Number of hosts, at least 1.</param>
/// <param name="LeastVms">Fewest VMs on one, at least 1.</param>
/// <param name="MostVms">Most VMs on one.</param>
/// <param name="Seed">Seed of the draw.</param>
public sealed record HostDraw(int Hosts, int LeastVms, int MostVms, int Seed = 1);

/// <summary>
/// Demand of hosts: the sum over VMs that are drawn at random, slot by slot. The sum is a series like any other, also for VMs that have not been on one host
/// yet, so that any forecaster can be asked for it. Immutable.
/// </summary>
public sealed class HostSums
{
    private readonly Dictionary<DemandSeries, DemandSeries[]> members;

    private HostSums(DemandHistory sums, Dictionary<DemandSeries, DemandSeries[]> members) => (Sums, this.members) = (sums, members);

    /// <summary>One series for each host and dimension.</summary>
    public DemandHistory Sums { get; }

    /// <summary>The series that a host's series is the sum of.</summary>
    public IReadOnlyList<DemandSeries> MembersOf(DemandSeries host) => members[host];

    /// <summary>Draws hosts; a VM may be on several of them, but once on each.</summary>
    /// <param name="history">The VMs.</param>
    /// <param name="draw">How many hosts of which size.</param>
    /// <exception cref="InvalidInputException">There are fewer VMs than a host is to have.</exception>
    public static HostSums Draw(DemandHistory history, HostDraw draw)
    {
        string[] vms = [.. history.Series.Select(s => s.Vm).Distinct()];
        if (draw.LeastVms < 1 || draw.MostVms < draw.LeastVms || draw.MostVms > vms.Length)
            throw InvalidInputException.Because(
                $"{history.Name}: hosts of {draw.LeastVms} to {draw.MostVms} VMs cannot be drawn from {vms.Length}.", "smaller hosts were meant.");
        Random random = new(draw.Seed);
        Dictionary<DemandSeries, DemandSeries[]> members = [];
        List<DemandSeries> sums = [];
        for (int host = 1; host <= draw.Hosts; host++)
        {
            random.Shuffle(vms);
            HashSet<string> chosen = [.. vms.Take(random.Next(draw.LeastVms, draw.MostVms + 1))];
            foreach (IGrouping<string, DemandSeries> part in history.Series.Where(s => chosen.Contains(s.Vm)).GroupBy(s => s.Dimension.Name))
            {
                DemandSeries[] vmSeries = [.. part];
                DemandSeries sum = SumOf($"host-{host}", vmSeries);
                members[sum] = vmSeries;
                sums.Add(sum);
            }
        }

        return new HostSums(new DemandHistory(history.Name, history.Grid, sums), members);
    }

    /// <summary>The sum of several series of one dimension: gaps count as the sample before them, and a slot in which most are gaps is one.</summary>
    /// <param name="name">Name of the sum.</param>
    /// <param name="series">The series, at least one.</param>
    public static DemandSeries SumOf(string name, IReadOnlyList<DemandSeries> series)
    {
        float[] values = new float[series[0].Length];
        for (int slot = 0; slot < values.Length; slot++)
        {
            int observed = 0;
            float sum = 0;
            foreach (DemandSeries one in series)
            {
                if (slot < one.First) continue;
                sum += one.Filled[slot];
                if (one.IsObserved(slot)) observed++;
            }

            values[slot] = 2 * observed >= series.Count ? sum : float.NaN;
        }

        return new DemandSeries(name, series[0].Dimension, values, series.All(s => s.Capacity is not null) ? series.Sum(s => s.Capacity) : null);
    }
}
