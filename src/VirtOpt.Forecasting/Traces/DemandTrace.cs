namespace VirtOpt.Forecasting;

/// <summary>The CPU use of one VM over time.</summary>
/// <param name="Name">Name of the VM.</param>
/// <param name="Use">Samples, each a share of the VM's own CPU within 0 .. 1, from time 0 on, one an interval.</param>
public sealed record TraceSeries(string Name, IReadOnlyList<double> Use);

/// <summary>What a day of a data centre asked for: one series for each VM, all on the same grid of time.</summary>
public sealed class DemandTrace
{
    /// <summary>Takes series of equal length.</summary>
    /// <param name="name">Name of the trace, for reports.</param>
    /// <param name="series">The VMs, in the order in which they get their sizes.</param>
    /// <param name="intervalSeconds">Seconds from sample to sample, above 0.</param>
    /// <exception cref="InvalidInputException">There is no series, a series is empty or of another length, or a sample is not within 0 .. 1.</exception>
    public DemandTrace(string name, IReadOnlyList<TraceSeries> series, double intervalSeconds)
    {
        if (series.Count == 0) throw InvalidInputException.Because($"{name}: the trace holds no VM.", "the folder or archive is empty.");
        if (!(intervalSeconds > 0)) throw new InvalidInputException($"{name}: the interval ({intervalSeconds} s) must be above 0.");
        foreach (TraceSeries one in series) Check(name, one, series[0].Use.Count);
        Name = name;
        Series = series;
        IntervalSeconds = intervalSeconds;
    }

    /// <summary>Name of the trace.</summary>
    public string Name { get; }

    /// <summary>The VMs.</summary>
    public IReadOnlyList<TraceSeries> Series { get; }

    /// <summary>Seconds from sample to sample.</summary>
    public double IntervalSeconds { get; }

    /// <summary>Samples of a VM.</summary>
    public int Samples => Series[0].Use.Count;

    /// <summary>Seconds that the trace lasts.</summary>
    public double Seconds => Samples * IntervalSeconds;

    /// <summary>Use of a VM, linear between samples; the last sample holds until the end of the trace and after it.</summary>
    /// <param name="vm">Index of the VM.</param>
    /// <param name="time">Seconds since the start, at least 0.</param>
    public double UseAt(int vm, double time)
    {
        IReadOnlyList<double> use = Series[vm].Use;
        double position = Math.Floor(time / IntervalSeconds);
        if (position >= Samples - 1) return use[^1];
        int before = (int)position;
        double slope = (use[before + 1] - use[before]) / IntervalSeconds;
        return use[before] + (slope * (time - (before * IntervalSeconds)));
    }

    private static void Check(string name, TraceSeries series, int samples)
    {
        if (series.Use.Count == 0) throw new InvalidInputException($"{name}: the VM ({series.Name}) has no samples.");
        if (series.Use.Count != samples)
            throw InvalidInputException.Because(
                $"{name}: the VM ({series.Name}) has {series.Use.Count} samples; the VMs before it have {samples}.",
                "a file was cut off or belongs to another trace.");
        for (int i = 0; i < series.Use.Count; i++)
            if (!(series.Use[i] >= 0 && series.Use[i] <= 1))
                throw new InvalidInputException($"{name}: sample {i + 1} of the VM ({series.Name}) is {series.Use[i]}; it must be within 0 .. 1.");
    }
}
