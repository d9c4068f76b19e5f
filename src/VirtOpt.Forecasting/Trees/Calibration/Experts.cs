namespace VirtOpt.Forecasting;

/// <summary>
/// What may stand for each quantile of one target: the trees, the VM's own quantile of the last week, medians and the best simple forecast, and mixes and
/// stretched forms of them. How much each counts for a VM is learnt from how it did there.
/// </summary>
internal static class Experts
{
    /// <summary>Candidates for each quantile; the first is the trees' own answer.</summary>
    public const int Count = 7;

    /// <summary>Position of the mean of the trees' median and the VM's own of the last week.</summary>
    public const int TreesAndWeek = 5;

    /// <summary>Position of the mean of the trees' median and the VM's own of the last day.</summary>
    public const int TreesAndDay = 6;

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
