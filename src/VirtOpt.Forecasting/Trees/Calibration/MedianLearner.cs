namespace VirtOpt.Forecasting;

/// <summary>
/// Learns, forecast by forecast, what serves as the median of one series and band of leads: exponential weights by absolute errors, in two stages as
/// <see cref="MedianMix"/> describes. The second stage is sharp: where the best simple forecast serves a VM clearly better than any mix, it alone is left.
/// </summary>
internal sealed class MedianLearner
{
    private const double LossDays = 20;
    private const double SimpleSharpness = 40;
    private const double Sharpness = 80;
    private const double SharpnessWithoutSingles = 20;
    private readonly double[] simple;
    private readonly double[] options;
    private readonly double decay;
    private readonly double treesAhead;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="band">Band of leads: a day ahead, where fewer days tell, the trees have more credit.</param>
    /// <param name="perDay">Forecasts a day, at least 1.</param>
    /// <param name="singles">Number of simple forecasts that stand behind the candidates.</param>
    public MedianLearner(int band, double perDay, int singles)
    {
        (simple, options) = (new double[singles], new double[MedianMix.CountOf(singles)]);
        treesAhead = singles > 0 && band == Bands.Count - 1 ? 20 : 3;
        decay = Math.Exp(-1 / (LossDays * perDay));
    }

    /// <summary>Takes notice of what a forecast turned out to be.</summary>
    /// <param name="actual">What was used.</param>
    /// <param name="candidates">The candidates that there were.</param>
    /// <param name="made">The options that were made of them.</param>
    public void Learn(float actual, ReadOnlySpan<float> candidates, ReadOnlySpan<float> made)
    {
        for (int k = 0; k < simple.Length; k++) simple[k] = (simple[k] * decay) + Math.Abs(actual - candidates[Experts.Width + k]);
        for (int k = 0; k < options.Length; k++) options[k] = (options[k] * decay) + Math.Abs(actual - made[k]);
    }

    /// <summary>The weights for the next forecasts.</summary>
    /// <param name="trust">How far losses count, 0 to 1.</param>
    public MedianMix Now(double trust)
    {
        MedianMix mix = new(new float[simple.Length], new float[options.Length]);
        if (simple.Length > 0) ExponentialWeights.Fill(simple, trust * SimpleSharpness, 1, mix.Simple);
        ExponentialWeights.Fill(options, trust * (simple.Length > 0 ? Sharpness : SharpnessWithoutSingles), treesAhead, mix.Weights);
        return mix;
    }
}

/// <summary>Weights that fall exponentially with what a loss is above the least one, as a share of the least (Littlestone and Warmuth 1994).</summary>
internal static class ExponentialWeights
{
    /// <summary>Writes the weights, 1 in sum.</summary>
    /// <param name="losses">The losses, 0 or more.</param>
    /// <param name="sharpness">Fall per share; 0 gives all the same weight.</param>
    /// <param name="firstAhead">By how much the first has more weight at equal losses.</param>
    /// <param name="weights">Receives the weights.</param>
    public static void Fill(ReadOnlySpan<double> losses, double sharpness, double firstAhead, Span<float> weights)
    {
        double least = double.MaxValue;
        foreach (double loss in losses) least = Math.Min(least, loss);
        double sum = 0;
        Span<double> raw = stackalloc double[losses.Length];
        for (int k = 0; k < raw.Length; k++)
        {
            raw[k] = Math.Exp(-sharpness * (losses[k] - least) / (least + 1e-9)) * (k == 0 ? firstAhead : 1);
            sum += raw[k];
        }

        for (int k = 0; k < raw.Length; k++) weights[k] = (float)(raw[k] / sum);
    }
}
