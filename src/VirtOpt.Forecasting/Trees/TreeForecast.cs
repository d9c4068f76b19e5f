namespace VirtOpt.Forecasting;

/// <summary>Raw forecasts of the trees of one dimension.</summary>
internal sealed class TreeForecast(DimensionTrees trees, TimeGrid grid) : ICandidates
{
    private readonly FeatureBuilder features = new(grid, trees.Floor);

    /// <summary>The grid.</summary>
    public TimeGrid Grid => grid;

    /// <inheritdoc/>
    public int Singles => NaiveTrack.Names.Length + 1;

    private int Width => ((ICandidates)this).Width;

    /// <inheritdoc/>
    public float Fill(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> candidates)
    {
        OriginState state = features.At(series, origin);
        Span<float> row = stackalloc float[FeatureBuilder.Width];
        RowBlock?[] blocks = new RowBlock?[Bands.Count];
        for (int i = 0; i < leads.Length; i++)
        {
            float reference = Fill(series, origin, leads[i], state, row, SimpleOf(candidates, i));
            BlockOf(Bands.Of(leads[i], grid), blocks, series).Add(row, state, reference, i, candidates);
        }

        foreach (RowBlock? block in blocks) block?.Flush(candidates);
        return state.Scale;
    }

    /// <inheritdoc/>
    public void FillAll(DemandSeries series, ReadOnlySpan<int> origins, ReadOnlySpan<int> leads, Span<float> candidates, Span<float> scales)
    {
        Span<float> row = stackalloc float[FeatureBuilder.Width];
        RowBlock?[] blocks = new RowBlock?[Bands.Count];
        for (int o = 0; o < origins.Length; o++)
        {
            OriginState state = features.At(series, origins[o]);
            scales[o] = state.Scale;
            for (int i = 0; i < leads.Length; i++)
            {
                if (origins[o] - 1 + leads[i] >= series.Length) continue;
                int place = (o * leads.Length) + i;
                float reference = Fill(series, origins[o], leads[i], state, row, SimpleOf(candidates, place));
                BlockOf(Bands.Of(leads[i], grid), blocks, series).Add(row, state, reference, place, candidates);
            }
        }

        foreach (RowBlock? block in blocks) block?.Flush(candidates);
    }

    /// <summary>Keeps for a series with later samples what is known of the earlier one.</summary>
    public void GoOnWith(DemandSeries longer, DemandSeries series) => features.GoOnWith(longer, series);

    private RowBlock BlockOf(int band, RowBlock?[] blocks, DemandSeries series) => blocks[band] ??= new RowBlock(
        new ArraySegment<TreeEnsemble>(trees.Ensembles, band * QuantileLevels.Count, QuantileLevels.Count), Width, series.Capacity);

    private Span<float> SimpleOf(Span<float> candidates, int place) => candidates.Slice((place * Width) + Experts.Width, Singles);

    /// <summary>Fills a row of features and the simple forecasts.</summary>
    private float Fill(DemandSeries series, int origin, int lead, OriginState state, Span<float> row, Span<float> simple)
    {
        float reference = features.Fill(series, origin, lead, state, row, simple[..^1]);
        simple[^1] = series.Mean(origin - Math.Max(2, grid.Day / 4), origin);
        // All that is not taken from the last three hours and is no median is still moved by an outlier that is long past.
        float median = simple[NaiveTrack.Median1d];
        for (int k = NaiveTrack.Average1d; k < simple.Length; k++)
            simple[k] = Math.Abs(simple[k]) > state.Limit ? median : Math.Max(0, simple[k]);
        return reference;
    }
}
