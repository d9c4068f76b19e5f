namespace VirtOpt.Forecasting;

/// <summary>
/// Forecasts VMs with hours of history, by what other VMs, and the same VMs on other days, did: trees that correct the VM's own quantiles.
/// </summary>
internal sealed class ShortHistoryForecaster(string name, IReadOnlyDictionary<string, OwnQuantileTrees> trees) : IDemandForecaster
{
    private const double RowsOfBand = 2.5;
    private const int Leaves = 4;

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>Learns from a history of a day or two, or of several such days side by side.</summary>
    public static ShortHistoryForecaster Learn(string name, DemandHistory other, TreeSettings settings, CancellationToken cancellation)
    {
        EarlierSamples earlier = new(other);
        TreeSettings own = settings with { Rows = (int)(RowsOfBand * settings.Rows), Leaves = Leaves };
        return new(name, other.Series.GroupBy(s => s.Dimension.Name).ToDictionary(
            g => g.Key, g => new OwnQuantileTrees([.. g], other.Grid, other.Grid.Slots, earlier, own, cancellation)));
    }

    /// <inheritdoc/>
    public IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default) =>
        new OwnQuantileForecaster(name, trees, history.Grid, origin, false);
}
