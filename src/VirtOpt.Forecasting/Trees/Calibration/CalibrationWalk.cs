namespace VirtOpt.Forecasting;

/// <summary>
/// Forecasts one series from origin after origin and learns how that turned out. Gives for any later origin what was known then. Thread-safe.
/// </summary>
internal sealed class CalibrationWalk
{
    private const int MostAtOnce = 64;
    private readonly Lock gate = new();
    private readonly ICandidates source;
    private readonly Queue<Unmade>[] unmade; // forecasts of targets after the end of the series, by band
    private readonly int stride;
    private readonly int keptFrom;
    private readonly CalibrationState[] states;
    private readonly Queue<Pending>[] open;
    private readonly List<Calibration[]> known = [];
    private readonly int[] leads;
    private DemandSeries series;
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
        unmade = [.. Enumerable.Range(0, Bands.Count).Select(_ => new Queue<Unmade>())];
        leads = [.. Enumerable.Range(0, Bands.Count).Select(band => Bands.Typical(band, source.Grid))];
    }

    /// <summary>Goes on with a series that has later samples, as if it had been the series from the begin.</summary>
    public void GoOnWith(DemandSeries longer)
    {
        lock (gate)
        {
            if (longer.Length <= series.Length) return;
            series = longer;
            float[] candidates = new float[source.Width];
            for (int band = 0; band < Bands.Count; band++)
                while (unmade[band].TryPeek(out Unmade waiting) && leads[band] <= series.Length - waiting.Origin)
                {
                    unmade[band].Dequeue();
                    float scale = source.Fill(series, waiting.Origin, [leads[band]], candidates);
                    Make(waiting.Then, waiting.Origin, band, candidates, scale);
                }
        }
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
            while (next <= end) Walk(Math.Min(MostAtOnce, ((end - next) / stride) + 1));
            return known[Math.Clamp((end - firstKept) / stride, 0, known.Count - 1)][band];
        }
    }

    /// <summary>Takes steps. What stands for the quantiles depends on nothing that is learnt, so it is made for all of them at once.</summary>
    private void Walk(int steps)
    {
        int[] origins = [.. Enumerable.Range(0, steps).Select(i => next + (i * stride))];
        int width = leads.Length * source.Width;
        float[] candidates = new float[steps * width];
        float[] scales = new float[steps];
        source.FillAll(series, origins, leads, candidates, scales);
        for (int i = 0; i < steps; i++) Step(candidates.AsSpan(i * width, width), scales[i]);
    }

    private void Step(ReadOnlySpan<float> candidates, float scale)
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
        for (int band = 0; band < Bands.Count; band++)
            if (leads[band] <= series.Length - next) Make(now[band], next, band, candidates.Slice(band * source.Width, source.Width), scale);
            else unmade[band].Enqueue(new Unmade(next, now[band]));
        next += stride;
    }

    private void Make(Calibration known, int origin, int band, ReadOnlySpan<float> candidates, float scale)
    {
        float[] own = candidates.ToArray();
        float[] quantiles = new float[QuantileLevels.Count];
        float[] medians = known.Apply(own, scale, series.Capacity, quantiles);
        open[band].Enqueue(new Pending(origin - 1 + leads[band], own, medians, quantiles));
    }

    private sealed record Pending(int Target, float[] Candidates, float[] Medians, float[] Quantiles);

    private readonly record struct Unmade(int Origin, Calibration Then);
}
