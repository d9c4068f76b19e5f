namespace VirtOpt.Forecasting;

/// <summary>Raw forecasts of the trees of one dimension.</summary>
internal sealed class TreeForecast(DimensionTrees trees, TimeGrid grid) : ICandidates
{
    private readonly FeatureBuilder features = new(grid, trees.Floor);

    /// <summary>The grid.</summary>
    public TimeGrid Grid => grid;

    /// <inheritdoc/>
    public int Singles => NaiveTrack.Names.Length + 1;

    /// <inheritdoc/>
    public float Fill(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> candidates)
    {
        OriginState state = At(series, origin);
        float[] row = new float[FeatureBuilder.Width];
        Span<float> raw = stackalloc float[QuantileLevels.Count];
        int width = Experts.Width + Singles;
        float quarter = series.Mean(origin - Math.Max(2, grid.Day / 4), origin);
        for (int i = 0; i < leads.Length; i++)
        {
            float reference = Raw(series, origin, leads[i], state, row, raw);
            Span<float> own = candidates.Slice(i * width, width);
            Experts.Fill(state, raw, reference, own);
            Span<float> simple = own[Experts.Width..];
            NaiveTrack.Points(series, grid, origin, leads[i], state.Sorted[1], state.Sorted[2], simple);
            simple[^1] = quarter;
            // All that is not taken from the last three hours and is no median is still moved by an outlier that is long past.
            float median = simple[NaiveTrack.Median1d];
            for (int k = NaiveTrack.Average1d; k < simple.Length; k++)
                simple[k] = Math.Abs(simple[k]) > state.Limit ? median : Math.Max(0, simple[k]);
        }

        return state.Scale;
    }

    /// <summary>Looks at a series from an origin.</summary>
    public OriginState At(DemandSeries series, int origin) => features.At(series, origin);

    /// <summary>Forecasts one lead, without calibration; returns the best simple forecast.</summary>
    public float Raw(DemandSeries series, int origin, int lead, OriginState state, float[] row, Span<float> quantiles)
    {
        float reference = features.Fill(series, origin, lead, state, row);
        int band = Bands.Of(lead, grid);
        for (int q = 0; q < quantiles.Length; q++)
            quantiles[q] = reference + (state.Scale * trees.Ensembles[(band * QuantileLevels.Count) + q].Evaluate(row));
        QuantileLevels.Order(quantiles, series.Capacity);
        return reference;
    }
}
