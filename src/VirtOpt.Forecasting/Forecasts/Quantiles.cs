namespace VirtOpt.Forecasting;

/// <summary>Empirical quantiles.</summary>
internal static class Quantiles
{
    /// <summary>The quantile of sorted values: the smallest value with at least this share of the values at or below it; 0.5 of two values is the
    /// first.</summary>
    public static double OfSorted(ReadOnlySpan<double> sorted, double level) => sorted[Rank(sorted.Length, level)];

    /// <inheritdoc cref="OfSorted(ReadOnlySpan{double}, double)"/>
    public static float OfSorted(ReadOnlySpan<float> sorted, double level) => sorted[Rank(sorted.Length, level)];

    /// <summary>
    /// Position of the value that a new one of the same kind stays within with this chance, given the others in order: one above the plain quantile (split
    /// conformal).
    /// </summary>
    public static int ConformalRank(int count, double level) => Math.Clamp((int)Math.Ceiling(((count + 1) * level) - 1e-9) - 1, 0, count - 1);

    /// <summary>Position of a quantile among so many values in order.</summary>
    public static int Rank(int count, double level) => Math.Clamp((int)Math.Ceiling((count * level) - 1e-9) - 1, 0, count - 1);
}
