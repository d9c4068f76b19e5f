namespace VirtOpt.Simulation;

/// <summary>
/// MAD: the threshold is 1 - s x the median absolute deviation of the host's use over the last steps; 70 % while fewer than 12 steps are known (Beloglazov and
/// Buyya 2012, section 6.1.1).
/// </summary>
/// <param name="safety">s, at least 0: higher leaves more room.</param>
public sealed class MedianDeviationRule(double safety) : IOverloadRule
{
    /// <inheritdoc/>
    public bool IsOverloaded(HostDraft host, SimulatedVm? guest = null)
    {
        ReadOnlySpan<double> history = host.History(guest);
        return history.Length < InterquartileRule.LeastHistory
            ? ThresholdRule.Fallback.IsOverloaded(host, guest)
            : host.AskedShare(guest) > 1 - (safety * Deviation(history));
    }

    /// <summary>The median of the distances to the median.</summary>
    internal static double Deviation(ReadOnlySpan<double> values)
    {
        double[] distances = values.ToArray();
        double median = Median(distances);
        for (int i = 0; i < distances.Length; i++) distances[i] = Math.Abs(median - distances[i]);
        return Median(distances);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int half = values.Length / 2;
        return values.Length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }
}
