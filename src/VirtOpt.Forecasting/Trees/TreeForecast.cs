namespace VirtOpt.Forecasting;

/// <summary>Raw forecasts of the trees of one dimension.</summary>
internal sealed class TreeForecast(DimensionTrees trees, TimeGrid grid) : ICandidates
{
    private readonly FeatureBuilder features = new(grid, trees.Floor);

    /// <summary>The grid.</summary>
    public TimeGrid Grid => grid;

    /// <inheritdoc/>
    public int Singles => NaiveTrack.Names.Length + 1;

    private int Width => Experts.Width + Singles;

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
            FillSimple(series, origin, leads[i], state, candidates.Slice((i * Width) + Experts.Width, Singles));
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
                int place = (o * leads.Length) + i;
                BlockOf(Bands.Of(leads[i], grid), blocks, series).Add(row, state, reference, place, candidates);
                FillSimple(series, origins[o], leads[i], state, candidates.Slice((place * Width) + Experts.Width, Singles));
            }
        }

        foreach (RowBlock? block in blocks) block?.Flush(candidates);
    }

    private void FillSimple(DemandSeries series, int origin, int lead, OriginState state, Span<float> simple)
    {
        (float day, float week) = (Quantiles.OfSorted(state.Sorted[1], 0.5), Quantiles.OfSorted(state.Sorted[2], 0.5));
        NaiveTrack.Points(series, grid, origin, lead, day, week, simple);
        simple[^1] = series.Mean(origin - Math.Max(2, grid.Day / 4), origin);
        // All that looks back further than three hours, and is no median, is still moved by an outlier that is long past.
        for (int k = NaiveTrack.Average1d; k < simple.Length; k++) simple[k] = Math.Abs(simple[k]) > state.Limit ? day : Math.Max(0, simple[k]);
    }

    private RowBlock BlockOf(int band, RowBlock?[] blocks, DemandSeries series) => blocks[band] ??= new RowBlock(
        new ArraySegment<TreeEnsemble>(trees.Ensembles, band * QuantileLevels.Count, QuantileLevels.Count), series.Capacity, Width);
}
