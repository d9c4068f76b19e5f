namespace VirtOpt.Forecasting;

/// <summary>
/// Forecasts one series from origin after origin and learns how that turned out. Gives for any later origin what was known then. Thread-safe.
/// </summary>
internal sealed class CalibrationWalk
{
    private readonly Lock gate = new();
    private readonly ICandidates source;
    private readonly DemandSeries series;
    private readonly int stride;
    private readonly int keptFrom;
    private readonly CalibrationState[] states;
    private readonly Queue<Pending>[] open;
    private readonly List<Calibration[]> known = [];
    private int firstKept;
    private int next;

    /// <summary>Begins a walk.</summary>
    /// <param name="source">Makes the candidates.</param>
    /// <param name="series">The series.</param>
    /// <param name="first">The first origin.</param>
    /// <param name="stride">Slots between origins.</param>
    /// <param name="keptFrom">Origin from which on it will be asked; earlier ones get what is known there.</param>
    public CalibrationWalk(ICandidates source, DemandSeries series, int first, int stride, int keptFrom)
    {
        (this.source, this.series, this.stride, this.keptFrom, next) = (source, series, stride, Math.Max(first, keptFrom), first);
        double perDay = Math.Max(1, (double)source.Grid.Day / stride);
        states = [.. Enumerable.Range(0, Bands.Count).Select(band => new CalibrationState(band, perDay, source.Singles))];
        open = [.. Enumerable.Range(0, Bands.Count).Select(_ => new Queue<Pending>())];
    }

    /// <summary>
    /// Slots between origins: so many that there are no more than some a day, and no divisor of the day, so that every phase of what recurs by the quarter or half
    /// of an hour is met.
    /// </summary>
    /// <param name="grid">The grid.</param>
    /// <param name="mostPerDay">Most origins a day.</param>
    public static int StrideOf(TimeGrid grid, int mostPerDay)
    {
        int stride = (int)Math.Ceiling((double)grid.Day / mostPerDay);
        while (stride > 1 && System.Numerics.BigInteger.GreatestCommonDivisor(stride, grid.Day) > 1) stride++;
        return stride;
    }

    /// <summary>What is known at an origin, for a band of leads.</summary>
    public Calibration At(int origin, int band)
    {
        lock (gate)
        {
            int end = Math.Max(origin, keptFrom);
            while (next <= end) Step();
            return known[Math.Clamp((end - firstKept) / stride, 0, known.Count - 1)][band];
        }
    }

    private void Step()
    {
        Calibration[] now = new Calibration[Bands.Count];
        for (int band = 0; band < Bands.Count; band++)
        {
            while (open[band].TryPeek(out Pending? due) && due.Target < next)
            {
                open[band].Dequeue();
                if (series.IsObserved(due.Target)) states[band].Learn(series.Values[due.Target], due.Candidates, due.Medians, due.Quantiles);
            }

            now[band] = states[band].Now();
        }

        // Of the origins before the first that is asked for, only the last is of use.
        if (next <= keptFrom) known.Clear();
        if (known.Count == 0) firstKept = next;
        known.Add(now);
        Make(now);
        next += stride;
    }

    private void Make(Calibration[] now)
    {
        int[] leads = [.. Enumerable.Range(0, Bands.Count).Select(band => Bands.Typical(band, source.Grid)).Where(lead => next - 1 + lead < series.Length)];
        int width = Experts.Width + source.Singles;
        float[] candidates = new float[leads.Length * width];
        float scale = source.Fill(series, next, leads, candidates);
        for (int band = 0; band < leads.Length; band++)
        {
            float[] own = candidates[(band * width)..((band + 1) * width)];
            float[] quantiles = new float[QuantileLevels.Count];
            float[] medians = now[band].Apply(own, scale, series.Capacity, quantiles);
            open[band].Enqueue(new Pending(next - 1 + leads[band], own, medians, quantiles));
        }
    }

    private sealed record Pending(int Target, float[] Candidates, float[] Medians, float[] Quantiles);
}
