namespace VirtOpt.Forecasting;

/// <summary>
/// Trees that correct a series' own quantiles, one ensemble a quantile, learnt from many series of one dimension. Each band of leads is learnt when it is
/// first asked for. Losses count in the dimension's unit, so that large series count more. Thread-safe.
/// </summary>
/// <param name="series">The series to learn from.</param>
/// <param name="grid">Their grid.</param>
/// <param name="end">Slots that may be learnt from.</param>
/// <param name="earlier">What VMs used on other days.</param>
/// <param name="settings">Rows, leaves, threads and seed; the rest is set here, as noise asks for many small trees.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class OwnQuantileTrees(
    IReadOnlyList<DemandSeries> series, TimeGrid grid, int end, EarlierSamples earlier, TreeSettings settings, CancellationToken cancellation)
{
    private const float MostLabel = 50;
    private const int Trees = 300;
    private const int TreesFar = 40;
    private const int LeavesFar = 4;
    private const double LearningRate = 0.05;
    private readonly Lazy<TreeEnsemble[]>[] bands = [.. Enumerable.Range(0, Bands.Count).Select(band =>
        new Lazy<TreeEnsemble[]>(() => Train(series, grid, end, FeaturesOf(series, end, grid, earlier), band, settings, cancellation)))];

    /// <summary>The features.</summary>
    public OwnFeatures Features { get; } = FeaturesOf(series, end, grid, earlier);

    /// <summary>Fewest samples of a series that is learnt from.</summary>
    public static int LeastSamples(TimeGrid grid) => Math.Max(3, grid.Day / 24);

    /// <summary>Forecasts one lead.</summary>
    public void Forecast(DemandSeries one, int origin, int lead, OwnState state, float[] row, Span<float> quantiles)
    {
        TreeEnsemble[] trees = bands[Bands.Of(lead, grid)].Value;
        Features.Fill(one, origin, lead, state, row);
        for (int q = 0; q < quantiles.Length; q++) quantiles[q] = state.Starts[q] + (state.Scale * trees[q].Evaluate(row));
        QuantileLevels.Order(quantiles, one.Capacity);
    }

    private static OwnFeatures FeaturesOf(IReadOnlyList<DemandSeries> series, int end, TimeGrid grid, EarlierSamples earlier)
    {
        float floor = 20 * TrainingRows.FloorOf(series, end);
        float[] ratios = [.. series.Where(s => s.First < end - 1).Select(s => Variation(s, end, floor)).Order()];
        return new OwnFeatures(grid, ratios.Length == 0 ? 1 : Math.Max(0.01f, Quantiles.OfSorted(ratios, 0.5)), floor, earlier);
    }

    private static float Variation(DemandSeries one, int end, float floor)
    {
        float mean = one.Mean(one.First, end);
        double sum = 0;
        foreach (float value in one.Filled[one.First..end]) sum += (value - mean) * (value - mean);
        return (float)Math.Sqrt(sum / (end - one.First)) / (mean + floor);
    }

    private static TreeEnsemble[] Train(IReadOnlyList<DemandSeries> series, TimeGrid grid, int end, OwnFeatures features, int band, TreeSettings settings,
        CancellationToken cancellation)
    {
        DemandSeries[] usable = [.. series.Where(s => s.First + LeastSamples(grid) + 1 < end)];
        if (usable.Length == 0) throw InvalidInputException.Because("No series has a history of some hours to learn from.", "the other history is too short.");
        int each = (int)Math.Ceiling((double)settings.Rows / usable.Length);
        Sample[][] parts = new Sample[usable.Length][];
        Parallel.For(0, usable.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = settings.Threads }, s =>
            parts[s] = [.. Draw(usable[s], grid, end, features, band, each, new Random(unchecked((settings.Seed * 1_000_003) ^ ((band * 7919) + s))))]);
        Sample[] rows = [.. parts.SelectMany(p => p)];
        if (rows.Length == 0) throw InvalidInputException.Because("No target lies as far ahead as is asked for.", "the history is shorter than the horizon.");
        float usual = Math.Max(1e-6f, rows.Average(r => r.Scale));
        bool isFar = band == Bands.Count - 1;
        TreeSettings own = settings with
        {
            Trees = isFar ? TreesFar : Trees,
            Leaves = isFar ? Math.Min(settings.Leaves, LeavesFar) : settings.Leaves,
            LearningRate = LearningRate,
            LeafRows = Math.Clamp(rows.Length / 40, 20, 400),
        };
        return QuantileTrainer.TrainEach([.. rows.SelectMany(r => r.Row)],
            [.. Enumerable.Range(0, QuantileLevels.Count).Select(q => rows.Select(r => r.Labels[q]).ToArray())], [.. rows.Select(r => r.Scale / usual)], own,
            cancellation);
    }

    private static IEnumerable<Sample> Draw(DemandSeries one, TimeGrid grid, int end, OwnFeatures features, int band, int count, Random random)
    {
        // Where there are weeks to learn from, origins with days of history are what forecasts will be asked for.
        int first = one.First + Math.Max(LeastSamples(grid), end > 3 * grid.Day ? Math.Min(7 * grid.Day, (end - one.First) / 3) : 0);
        for (int i = 0; i < count && first < end; i++)
        {
            int origin = random.Next(first, end);
            int target = origin - 1 + Bands.Draw(band, grid, end - origin, random);
            if (target >= end || !one.IsObserved(target)) continue;
            OwnState state = features.At(one, origin);
            float[] row = new float[OwnFeatures.Width];
            features.Fill(one, origin, target + 1 - origin, state, row);
            float[] labels = [.. state.Starts.Select(s => Math.Clamp((one.Values[target] - s) / state.Scale, -MostLabel, MostLabel))];
            yield return new Sample(row, labels, state.Scale);
        }
    }

    private sealed record Sample(float[] Row, float[] Labels, float Scale);
}
