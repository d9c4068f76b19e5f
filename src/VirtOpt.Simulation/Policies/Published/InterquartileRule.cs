namespace VirtOpt.Simulation;

/// <summary>
/// IQR: the threshold is 1 - s x the interquartile range of the host's use over the last steps; 70 % while fewer than 12 steps are known. Quartiles are the
/// values at the ranks round(0.25 (n + 1)) and round(0.75 (n + 1)) (Beloglazov and Buyya 2012, section 6.1.2).
/// </summary>
/// <param name="safety">s, at least 0: higher leaves more room.</param>
public sealed class InterquartileRule(double safety) : IOverloadRule
{
    /// <summary>Steps that must be known.</summary>
    internal const int LeastHistory = 12;

    /// <inheritdoc/>
    public bool IsOverloaded(HostDraft host, SimulatedVm? guest = null)
    {
        ReadOnlySpan<double> history = host.History(guest);
        return history.Length < LeastHistory
            ? ThresholdRule.Fallback.IsOverloaded(host, guest)
            : host.AskedShare(guest) > 1 - (safety * Range(history));
    }

    /// <summary>The interquartile range.</summary>
    internal static double Range(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        int Rank(double share) => (int)Math.Floor((share * (sorted.Length + 1)) + 0.5) - 1;
        return sorted[Rank(0.75)] - sorted[Rank(0.25)];
    }
}
