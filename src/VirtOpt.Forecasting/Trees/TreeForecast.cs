namespace VirtOpt.Forecasting;

/// <summary>Raw forecasts of the trees of one dimension.</summary>
internal sealed class TreeForecast(DimensionTrees trees, TimeGrid grid) : ICandidates
{
    private readonly FeatureBuilder features = new(grid, trees.Floor);

    /// <summary>The grid.</summary>
    public TimeGrid Grid => grid;

    /// <inheritdoc/>
    public float Fill(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> candidates)
    {
        OriginState state = features.At(series, origin);
        Span<float> row = stackalloc float[FeatureBuilder.Width];
        RowBlock?[] blocks = new RowBlock?[Bands.Count];
        for (int i = 0; i < leads.Length; i++)
        {
            float reference = features.Fill(series, origin, leads[i], state, row);
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
                float reference = features.Fill(series, origins[o], leads[i], state, row);
                BlockOf(Bands.Of(leads[i], grid), blocks, series).Add(row, state, reference, (o * leads.Length) + i, candidates);
            }
        }

        foreach (RowBlock? block in blocks) block?.Flush(candidates);
    }

    /// <summary>Keeps for a series with later samples what is known of the earlier one.</summary>
    public void GoOnWith(DemandSeries longer, DemandSeries series) => features.GoOnWith(longer, series);

    private RowBlock BlockOf(int band, RowBlock?[] blocks, DemandSeries series) => blocks[band] ??= new RowBlock(
        new ArraySegment<TreeEnsemble>(trees.Ensembles, band * QuantileLevels.Count, QuantileLevels.Count), series.Capacity);
}
