namespace VirtOpt.Forecasting;

/// <summary>
/// How much each forecast counts in the median of one series and band of leads. The simple forecasts are mixed first; that mix, each of them, the trees and mixes
/// of the two then stand side by side. Immutable.
/// </summary>
/// <param name="Simple">Weights of the simple forecasts in their own mix, 1 in sum; empty where the source makes none.</param>
/// <param name="Weights">Weights of the options, 1 in sum.</param>
internal sealed record MedianMix(float[] Simple, float[] Weights)
{
    private const int Mixes = 7;

    /// <summary>Number of options.</summary>
    /// <param name="singles">Number of simple forecasts.</param>
    public static int CountOf(int singles) => singles == 0 ? Experts.Count : Mixes + singles;

    /// <summary>The weight of options that no tree has a part in.</summary>
    public float SimpleShare => Simple.Length == 0 ? Weights[1] + Weights[3] + Weights[4] : Weights[1] + Weights.Skip(Mixes).Sum();

    /// <summary>What may be the median; the first is the trees' own answer.</summary>
    /// <param name="candidates">What <see cref="ICandidates.Fill"/> wrote for one lead.</param>
    public float[] OptionsOf(ReadOnlySpan<float> candidates)
    {
        if (Simple.Length == 0) return candidates[..Experts.Count].ToArray();
        ReadOnlySpan<float> simple = candidates[Experts.Width..];
        float trees = candidates[0];
        float mixed = Dot(Simple, simple);
        return
        [
            trees, mixed, (trees + mixed) / 2, (0.75f * trees) + (0.25f * mixed), (0.25f * trees) + (0.75f * mixed),
            candidates[Experts.TreesAndWeek], candidates[Experts.TreesAndDay], .. simple,
        ];
    }

    /// <summary>The median.</summary>
    /// <param name="options">What <see cref="OptionsOf"/> made.</param>
    public float Of(ReadOnlySpan<float> options) => Dot(Weights, options);

    private static float Dot(float[] weights, ReadOnlySpan<float> values)
    {
        float sum = 0;
        for (int k = 0; k < weights.Length; k++) sum += weights[k] * values[k];
        return sum;
    }
}
