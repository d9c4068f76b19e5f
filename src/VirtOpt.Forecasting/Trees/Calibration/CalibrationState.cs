namespace VirtOpt.Forecasting;

/// <summary>
/// Learns, forecast by forecast, which candidates serve one series and band of leads, and how often its quantiles are exceeded. Candidates are weighted by
/// their losses of the last days (exponential weights); a quantile that is exceeded too often or too rarely is moved, in proportion to the share of the last
/// days and by a small step each time, so that each VM is covered as promised (adaptive conformal inference, Gibbs and Candès 2021).
/// </summary>
internal sealed class CalibrationState
{
    private const double LossDays = 8;
    private const double TrustDays = 2;
    private const double PriorDays = 0.4;
    private const double MostShift = 5;
    private const double LeastShift = -1.5;
    private readonly double[] losses = new double[Experts.Width];
    private readonly MedianLearner median;
    private readonly double[] misses = new double[QuantileLevels.Count];
    private readonly double lossDecay;
    private readonly double missDecay;
    private readonly double sharpness;
    private readonly double treesAhead;
    private readonly double upGain;
    private readonly double downGain;
    private readonly double[] steps = new double[QuantileLevels.Count];
    private readonly double step;
    private readonly double perDay;
    private double counted;
    private double seen;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="band">Band of leads: a day ahead what is seen is a day old, so that all reactions are slower.</param>
    /// <param name="perDay">Forecasts a day, at least 1.</param>
    /// <param name="singles">Number of simple forecasts that stand behind the candidates.</param>
    public CalibrationState(int band, double perDay, int singles = 0)
    {
        median = new MedianLearner(band, perDay, singles);
        bool isFar = band == Bands.Count - 1;
        this.perDay = perDay;
        (sharpness, treesAhead) = isFar ? (4, 3) : (10, 10);
        (upGain, downGain, step) = isFar ? (2, 1, 0.1 / perDay) : (5, 12, 0.48 / perDay);
        lossDecay = Math.Exp(-1 / (LossDays * perDay));
        missDecay = Math.Exp(-1 / ((isFar ? 6 : 3) * perDay));
    }

    /// <summary>Takes notice of what a forecast turned out to be.</summary>
    /// <param name="actual">What was used.</param>
    /// <param name="candidates">The candidates that there were.</param>
    /// <param name="medians">The options for the median that were made of them.</param>
    /// <param name="quantiles">The quantiles that were forecast.</param>
    public void Learn(float actual, ReadOnlySpan<float> candidates, ReadOnlySpan<float> medians, ReadOnlySpan<float> quantiles)
    {
        median.Learn(actual, candidates, medians);
        counted = (counted * lossDecay) + 1;
        seen = (seen * missDecay) + 1;
        for (int q = 1; q < quantiles.Length; q++)
        {
            double level = QuantileLevels.All[q];
            int miss = actual > quantiles[q] + 1e-6f ? 1 : 0;
            misses[q] = (misses[q] * missDecay) + miss;
            steps[q] = Math.Clamp(steps[q] + (step * (miss - (1 - level))), -1, MostShift);
            for (int k = 0; k < Experts.Count; k++)
            {
                int at = (q * Experts.Count) + k;
                double over = actual - candidates[at];
                losses[at] = (losses[at] * lossDecay) + (over > 0 ? level * over : (level - 1) * over);
            }
        }
    }

    /// <summary>What is to be done with the next forecasts.</summary>
    public Calibration Now()
    {
        float[] weights = new float[Experts.Width];
        float[] shifts = new float[QuantileLevels.Count];
        double trust = Math.Min(1, counted / (TrustDays * perDay));
        for (int q = 1; q < shifts.Length; q++)
        {
            ExponentialWeights.Fill(
                losses.AsSpan(q * Experts.Count, Experts.Count), trust * sharpness, treesAhead, weights.AsSpan(q * Experts.Count, Experts.Count));
            shifts[q] = Shift(q);
        }

        return new Calibration(median.Now(trust), weights, shifts);
    }

    private float Shift(int q)
    {
        double wanted = 1 - QuantileLevels.All[q];
        double prior = Math.Max(10, PriorDays * perDay);
        double rate = (misses[q] + (prior * wanted)) / (seen + prior);
        double excess = 0.05 * (rate - wanted) / wanted;
        return (float)Math.Clamp(steps[q] + (excess * (excess > 0 ? upGain : downGain)), LeastShift, MostShift);
    }
}
