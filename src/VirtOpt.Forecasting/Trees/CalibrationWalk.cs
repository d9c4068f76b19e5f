namespace VirtOpt.Forecasting;

/// <summary>
/// What the trees forecast for one series from origin after origin, and how that turned out. Gives for any later origin, from what was known then: how far
/// each quantile has to
/// be moved (online conformal calibration), and whether trees, the best simple forecast or their mean served better. Thread-safe.
/// </summary>
internal sealed class CalibrationWalk
{
    private const float Gain = 0.05f;
    private const int Window = 128;
    private readonly Lock gate = new();
    private readonly TreeForecast trees;
    private readonly DemandSeries series;
    private readonly int stride;
    private readonly float[] basis;
    private readonly List<Prediction[]> predictions = [];
    private readonly List<Snapshot>[] snapshots;
    private int next;

    /// <summary>Begins a walk.</summary>
    /// <param name="trees">The trees.</param>
    /// <param name="series">The series.</param>
    /// <param name="first">The first origin.</param>
    /// <param name="stride">Slots between origins.</param>
    /// <param name="basis">By band and quantile the move to begin with, in units of the scale.</param>
    public CalibrationWalk(TreeForecast trees, DemandSeries series, int first, int stride, float[] basis)
    {
        (this.trees, this.series, this.stride, this.basis, next) = (trees, series, stride, basis, first);
        snapshots = [.. Enumerable.Range(0, Bands.Count).Select(_ => new List<Snapshot>())];
    }

    /// <summary>What is known at an origin; null before the first forecast has turned out.</summary>
    public Snapshot? At(int origin, int band)
    {
        lock (gate)
        {
            int lead = Bands.Typical(band, trees.Grid);
            while (next <= origin - 1)
            {
                predictions.Add(trees.Typical(series, next));
                next += stride;
            }

            List<Snapshot> known = snapshots[band];
            int first = next - (predictions.Count * stride);
            int matured = Math.Min(predictions.Count, Math.Max(0, ((origin - lead - first) / stride) + (origin - lead >= first ? 1 : 0)));
            while (known.Count < matured) known.Add(Follow(band, known.Count == 0 ? null : known[^1], known.Count, first + (known.Count * stride) - 1 + lead));
            return matured == 0 ? null : known[matured - 1];
        }
    }

    /// <summary>A walk that goes on from here with the same forecasts, its moves begun again from others; the choice of method is kept.</summary>
    public CalibrationWalk Restarted(float[] moves)
    {
        CalibrationWalk walk = new(trees, series, next, stride, moves);
        walk.predictions.AddRange(predictions);
        for (int band = 0; band < Bands.Count; band++)
            foreach (Snapshot known in snapshots[band])
                walk.snapshots[band].Add(known with { Moves = moves[(band * QuantileLevels.Count)..((band + 1) * QuantileLevels.Count)] });
        return walk;
    }

    /// <summary>The scaled errors of the walk before an origin, by quantile.</summary>
    public List<float>[] Residuals(int origin, int band)
    {
        At(origin, band);
        int lead = Bands.Typical(band, trees.Grid);
        List<float>[] errors = [.. Enumerable.Range(0, QuantileLevels.Count).Select(_ => new List<float>())];
        for (int i = 0; i < snapshots[band].Count; i++)
        {
            int target = next - ((predictions.Count - i) * stride) - 1 + lead;
            if (!series.IsObserved(target)) continue;
            Prediction made = predictions[i][band];
            for (int q = 0; q < errors.Length; q++) errors[q].Add((series.Values[target] - made.Quantiles[q]) / made.Scale);
        }

        return errors;
    }

    private Snapshot Follow(int band, Snapshot? before, int step, int target)
    {
        float[] moves = before is null ? [.. basis.AsSpan(band * QuantileLevels.Count, QuantileLevels.Count)] : [.. before.Moves];
        double[] sums = before is null ? new double[3] : [.. before.Sums];
        if (!series.IsObserved(target)) return new Snapshot(moves, sums, before?.Earlier ?? []);
        Prediction made = predictions[step][band];
        float value = series.Values[target];
        float gain = band == Bands.Count - 1 ? Gain / 4 : Gain;
        for (int q = 1; q < moves.Length; q++)
        {
            float spread = Math.Max(0.2f, (made.Quantiles[q] - made.Quantiles[0]) / made.Scale);
            bool isAbove = value > made.Quantiles[q] + (moves[q] * made.Scale);
            moves[q] += gain * spread * ((isAbove ? 1 : 0) - (float)(1 - QuantileLevels.All[q]));
        }

        float tree = made.Quantiles[0];
        sums[0] += Math.Abs(value - tree);
        sums[1] += Math.Abs(value - made.Reference);
        sums[2] += Math.Abs(value - ((tree + made.Reference) / 2));
        return new Snapshot(moves, sums, step >= Window ? snapshots[band][step - Window].Sums : new double[3]);
    }
}

/// <summary>What the trees forecast for one lead.</summary>
/// <param name="Quantiles">The quantiles, in the series' unit.</param>
/// <param name="Reference">The best simple forecast.</param>
/// <param name="Scale">The series' scale then.</param>
internal sealed record Prediction(float[] Quantiles, float Reference, float Scale);

/// <summary>What a walk knows after a step.</summary>
/// <param name="Moves">By quantile how far it is to be moved, in units of the scale.</param>
/// <param name="Sums">Sums of absolute errors of the trees, the best simple forecast and their mean.</param>
/// <param name="Earlier">The same sums when the window of the choice began.</param>
internal sealed record Snapshot(float[] Moves, double[] Sums, double[] Earlier)
{
    private const double Better = 0.97;

    /// <summary>Share of the trees in the forecast: 1, or 0 or a half where that was better by more than 3 % lately.</summary>
    public float TreeShare
    {
        get
        {
            double[] recent = Earlier.Length == 0 ? Sums : [.. Sums.Zip(Earlier, (now, then) => now - then)];
            if (recent[1] < recent[0] * Better && recent[1] <= recent[2]) return 0;
            return recent[2] < recent[0] * Better ? 0.5f : 1;
        }
    }
}
