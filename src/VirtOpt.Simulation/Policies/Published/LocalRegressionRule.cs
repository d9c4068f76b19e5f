namespace VirtOpt.Simulation;

/// <summary>
/// LR: a line through the host's use over the last ten steps is prolonged to the end of its longest migration; the host is overloaded when the prediction,
/// times s, reaches 1 (Beloglazov and Buyya 2012, section 6.1.3). The reference runs compute tricube weights but apply them only if at least four in ten are
/// zero, which never happens with ten points, so the line is that of ordinary least squares. 70 % holds while fewer than ten steps are known.
/// </summary>
/// <param name="safety">s, above 0: higher leaves more room.</param>
public sealed class LocalRegressionRule(double safety) : IOverloadRule
{
    private const int Points = 10;
    private const double StepSeconds = 300;

    /// <inheritdoc/>
    public bool IsOverloaded(HostDraft host, SimulatedVm? guest = null)
    {
        ReadOnlySpan<double> history = host.History(guest);
        if (history.Length < Points) return ThresholdRule.Fallback.IsOverloaded(host, guest);
        int ram = Math.Max(guest?.Type.RamMiB ?? 0, host.Vms.Count == 0 ? 0 : host.Vms.Max(vm => vm.Type.RamMiB));
        double steps = Math.Ceiling(ram / host.Host.Type.MigrationMiBPerSecond / StepSeconds);
        return Predict(history[..Points], steps) * safety >= 1;
    }

    /// <summary>Least-squares line through values at 1 .. n, read at n + steps.</summary>
    /// <param name="newestFirst">The values, the newest first.</param>
    /// <param name="steps">How far to look ahead.</param>
    internal static double Predict(ReadOnlySpan<double> newestFirst, double steps)
    {
        int n = newestFirst.Length;
        double middle = (n + 1) / 2.0;
        double mean = 0;
        foreach (double value in newestFirst) mean += value / n;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            double distance = n - i - middle;
            products += distance * (newestFirst[i] - mean);
            squares += distance * distance;
        }

        return mean + (products / squares * (n + steps - middle));
    }
}
