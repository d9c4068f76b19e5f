namespace VirtOpt.Forecasting;

/// <summary>
/// What has been learnt of one series and band of leads: how much each candidate counts, and how far each quantile is to be moved. Immutable.
/// </summary>
/// <param name="Median">How much each forecast counts in the median.</param>
/// <param name="Weights">Quantile by quantile above the median the weights of <see cref="Experts"/>, 1 in sum.</param>
/// <param name="Shifts">By quantile the move, in units of its distance from the median.</param>
internal sealed record Calibration(MedianMix Median, float[] Weights, float[] Shifts)
{
    private const float LeastSpread = 0.2f;

    /// <summary>Turns candidates into quantiles.</summary>
    /// <param name="candidates">What <see cref="ICandidates.Fill"/> wrote for one lead.</param>
    /// <param name="scale">The series' unit of change.</param>
    /// <param name="capacity">The most that the VM can use, if known.</param>
    /// <param name="quantiles">Receives the quantiles.</param>
    /// <returns>The options that the median was made of.</returns>
    public float[] Apply(ReadOnlySpan<float> candidates, float scale, double? capacity, Span<float> quantiles)
    {
        float[] medians = Median.OptionsOf(candidates);
        quantiles[0] = Median.Of(medians);
        for (int q = 1; q < quantiles.Length; q++)
        {
            float mixed = 0;
            for (int k = 0; k < Experts.Count; k++) mixed += Weights[(q * Experts.Count) + k] * candidates[(q * Experts.Count) + k];
            quantiles[q] = mixed + (Shifts[q] * Math.Max(LeastSpread * scale, mixed - quantiles[0]));
        }

        QuantileLevels.Order(quantiles, capacity);
        return medians;
    }
}
