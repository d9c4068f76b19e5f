namespace VirtOpt.Simulation;

/// <summary>The upper tail of the standard normal distribution.</summary>
internal static class NormalTail
{
    private const double Farthest = 8;
    private const int Halvings = 60;

    /// <summary>Standard deviations above the mean that are exceeded with a probability.</summary>
    /// <param name="probability">Above 0, below 1.</param>
    public static double DeviationsOf(double probability)
    {
        (double low, double high) = (-Farthest, Farthest);
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (Above(middle) > probability) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    /// <summary>Probability of more than z standard deviations; absolute error below 1e-7 (Abramowitz and Stegun 1964, 26.2.17).</summary>
    /// <param name="z">Standard deviations.</param>
    public static double Above(double z)
    {
        if (z < 0) return 1 - Above(-z);
        ReadOnlySpan<double> coefficients = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530];
        double t = 1 / (1 + (0.2316419 * z));
        double polynomial = 0;
        foreach (double coefficient in coefficients) polynomial = (polynomial + coefficient) * t;
        return polynomial * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
    }
}
