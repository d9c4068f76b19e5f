namespace VirtOpt.Forecasting;

/// <summary>
/// Forecasts a host by adding up the quantiles of its VMs: as if all peaked at once. What capacity planning often does, and what joint forecasts are measured
/// against.
/// </summary>
/// <param name="inner">Forecaster of the VMs.</param>
/// <param name="hosts">The hosts.</param>
/// <param name="vms">The VMs' history.</param>
public sealed class SumOfQuantiles(IDemandForecaster inner, HostSums hosts, DemandHistory vms) : IDemandForecaster
{
    /// <inheritdoc/>
    public string Name => $"sum-of-{inner.Name}";

    /// <inheritdoc/>
    public IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default) =>
        new Fitted(inner.Fit(vms, origin, cancellation), hosts, Name);

    private sealed class Fitted(IFittedForecaster inner, HostSums hosts, string name) : IFittedForecaster
    {
        public SlotRange Training => inner.Training;

        public string MethodFor(DemandSeries series, int lead) => name;

        public void Forecast(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> quantiles)
        {
            float[] one = new float[quantiles.Length];
            quantiles.Clear();
            foreach (DemandSeries member in hosts.MembersOf(series))
            {
                if (member.First >= origin) continue;
                inner.Forecast(member, origin, leads, one);
                for (int i = 0; i < one.Length; i++) quantiles[i] += one[i];
            }
        }
    }
}
