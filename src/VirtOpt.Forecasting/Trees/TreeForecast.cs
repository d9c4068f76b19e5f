namespace VirtOpt.Forecasting;

/// <summary>Raw forecasts of the trees of one dimension.</summary>
internal sealed class TreeForecast(DimensionTrees trees, TimeGrid grid)
{
    private readonly FeatureBuilder features = new(grid, trees.Floor);

    /// <summary>The grid.</summary>
    public TimeGrid Grid => grid;

    /// <summary>Looks at a series from an origin.</summary>
    public OriginState At(DemandSeries series, int origin) => features.At(series, origin);

    /// <summary>Forecasts for the typical lead of every band.</summary>
    public Prediction[] Typical(DemandSeries series, int origin)
    {
        OriginState state = At(series, origin);
        float[] row = new float[FeatureBuilder.Width];
        Prediction[] made = new Prediction[Bands.Count];
        for (int band = 0; band < made.Length; band++)
        {
            float[] quantiles = new float[QuantileLevels.Count];
            float reference = Raw(series, origin, Bands.Typical(band, grid), state, row, quantiles);
            made[band] = new Prediction(quantiles, reference, state.Scale);
        }

        return made;
    }

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
