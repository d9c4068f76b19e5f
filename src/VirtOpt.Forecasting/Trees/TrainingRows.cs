namespace VirtOpt.Forecasting;

/// <summary>Rows to train on, drawn from a history by a seed.</summary>
internal static class TrainingRows
{
    private const float MostLabel = 200;

    /// <summary>The least scale that series of a dimension get: a two-thousandth of the median of their maxima.</summary>
    public static float FloorOf(IReadOnlyList<DemandSeries> series, int origin)
    {
        float[] most = [.. series.Where(s => s.First < origin).Select(s => s.Filled[s.First..Math.Min(origin,
            s.Length)].ToArray().Max()).Where(m => m > 0).Order()];
        return most.Length == 0 ? 1e-3f : Math.Max(1e-6f, most[most.Length / 2] / 2000);
    }

    /// <summary>Draws rows: one for each band from each origin.</summary>
    public static Rows[] Draw(IReadOnlyList<DemandSeries> series, TimeGrid grid, int origin, FeatureBuilder features, TreeSettings settings,
        CancellationToken cancellation)
    {
        DemandSeries[] usable = [.. series.Where(s => s.First + Math.Max(12, grid.Day / 24) + 1 < origin)];
        if (usable.Length == 0)
            throw InvalidInputException.Because("No VM has a history of some hours before the origin to train on.",
                "the history is too short: forecast with a shipped model.");
        int each = (int)Math.Ceiling((double)settings.Rows / usable.Length);
        Rows[][] parts = new Rows[usable.Length][];
        Parallel.For(0, usable.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = settings.Threads }, s =>
            parts[s] = DrawFrom(usable[s], grid, origin, features, each, new Random(unchecked((settings.Seed * 1_000_003) ^ s))));
        return [.. Enumerable.Range(0, Bands.Count).Select(band => Rows.Join([.. parts.Select(p => p[band])]))];
    }

    private static Rows[] DrawFrom(DemandSeries series, TimeGrid grid, int end, FeatureBuilder features, int count, Random random)
    {
        Rows[] rows = [.. Enumerable.Range(0, Bands.Count).Select(_ => new Rows())];
        float usual = features.UsualChange(series, end);
        int first = series.First + Math.Max(12, grid.Day / 24);
        float[] row = new float[FeatureBuilder.Width];
        for (int i = 0; i < count; i++)
        {
            int origin = random.Next(first, end);
            OriginState state = features.At(series, origin);
            for (int band = 0; band < Bands.Count; band++)
            {
                int most = end - origin;
                int lead = Bands.Draw(band, grid, most, random);
                int target = origin - 1 + lead;
                if (target >= end || !series.IsObserved(target)) continue;
                float reference = features.Fill(series, origin, lead, state, row);
                float label = Math.Clamp((series.Values[target] - reference) / state.Scale, -MostLabel, MostLabel);
                rows[band].Add(row, label, Math.Clamp(state.Scale / usual, 0.05f, 5));
            }
        }

        return rows;
    }
}
