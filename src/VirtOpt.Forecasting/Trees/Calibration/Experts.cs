namespace VirtOpt.Forecasting;

/// <summary>
/// What may stand for each quantile of one target: the trees, the VM's own quantile of the last week, medians and the best simple forecast, and mixes and
/// stretched forms of them. How much each counts for a VM is learnt from how it did there.
/// </summary>
internal static class Experts
{
    /// <summary>Candidates for each quantile; the first is the trees' own answer.</summary>
    public const int Count = 7;

    /// <summary>Numbers of all quantiles together.</summary>
    public static int Width => Count * QuantileLevels.Count;

    /// <summary>Writes the candidates, quantile by quantile.</summary>
    /// <param name="state">What is known at the origin.</param>
    /// <param name="trees">The trees' quantiles.</param>
    /// <param name="reference">The best simple forecast.</param>
    /// <param name="candidates">Receives <see cref="Width"/> numbers.</param>
    public static void Fill(OriginState state, ReadOnlySpan<float> trees, float reference, Span<float> candidates)
    {
        float median = trees[0];
        float day = Quantiles.OfSorted(state.Sorted[1], 0.5);
        float week = Quantiles.OfSorted(state.Sorted[2], 0.5);
        ReadOnlySpan<float> middle = [median, reference, (median + reference) / 2, day, week, (median + week) / 2, (median + day) / 2];
        middle.CopyTo(candidates);
        for (int q = 1; q < trees.Length; q++)
        {
            float own = Quantiles.OfSorted(state.Sorted[2], QuantileLevels.All[q]);
            float high = trees[q];
            float spread = high - median;
            ReadOnlySpan<float> one =
            [
                high, (high + own) / 2, own, median + (1.3f * spread), median + (1.7f * spread), median + (0.7f * spread),
                high + (0.3f * Math.Max(0, own - high)),
            ];
            one.CopyTo(candidates[(q * Count)..]);
        }
    }
}

/// <summary>
/// What has been learnt of one series and band of leads: how much each candidate counts, and how far each quantile is to be moved. Immutable.
/// </summary>
/// <param name="Weights">Quantile by quantile the weights of <see cref="Experts"/>, 1 in sum.</param>
/// <param name="Shifts">By quantile the move, in units of its distance from the median.</param>
internal sealed record Calibration(float[] Weights, float[] Shifts)
{
    private const float LeastSpread = 0.2f;

    /// <summary>The weight of forecasts that no tree has a part in, in the median.</summary>
    public float SimpleShare => Weights[1] + Weights[3] + Weights[4];

    /// <summary>Turns candidates into quantiles.</summary>
    /// <param name="candidates">What <see cref="Experts.Fill"/> wrote.</param>
    /// <param name="scale">The series' unit of change.</param>
    /// <param name="capacity">The most that the VM can use, if known.</param>
    /// <param name="quantiles">Receives the quantiles.</param>
    public void Apply(ReadOnlySpan<float> candidates, float scale, double? capacity, Span<float> quantiles)
    {
        for (int q = 0; q < quantiles.Length; q++)
        {
            float mixed = 0;
            for (int k = 0; k < Experts.Count; k++) mixed += Weights[(q * Experts.Count) + k] * candidates[(q * Experts.Count) + k];
            quantiles[q] = q == 0 ? mixed : mixed + (Shifts[q] * Math.Max(LeastSpread * scale, mixed - quantiles[0]));
        }

        QuantileLevels.Order(quantiles, capacity);
    }
}
