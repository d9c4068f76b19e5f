using System.Globalization;

namespace VirtOpt.Forecasting;

/// <summary>The quantiles that every forecaster gives.</summary>
public static class QuantileLevels
{
    /// <summary>P50, P90, P95 and P99, in the order in which forecasts hold them.</summary>
    public static IReadOnlyList<double> All { get; } = [0.5, 0.9, 0.95, 0.99];

    /// <summary>Number of quantiles.</summary>
    public static int Count => All.Count;

    /// <summary>Name of a quantile, for example <c>p95</c>.</summary>
    public static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"p{All[index] * 100:0.##}");

    /// <summary>Position of a quantile in <see cref="All"/>.</summary>
    /// <exception cref="InvalidInputException">It is none of them.</exception>
    public static int IndexOf(double level)
    {
        for (int i = 0; i < All.Count; i++)
            if (Math.Abs(All[i] - level) < 1e-9)
                return i;
        throw InvalidInputException.Because(
            string.Create(CultureInfo.InvariantCulture, $"There is no quantile ({level})."), $"one of these was meant: {string.Join(", ", All)}.");
    }

    /// <summary>Puts quantiles in order and within 0 .. capacity, in place: models of single quantiles may cross.</summary>
    internal static void Order(Span<float> quantiles, double? capacity)
    {
        float most = capacity is { } c ? (float)c : float.MaxValue;
        for (int i = 0; i < quantiles.Length; i++)
        {
            quantiles[i] = Math.Clamp(quantiles[i], 0, most);
            if (i > 0 && quantiles[i] < quantiles[i - 1]) quantiles[i] = quantiles[i - 1];
        }
    }
}
