namespace VirtOpt.Core.Tests;

/// <summary>Overload of a forecast, slot by slot.</summary>
public sealed class ExpectedOverloadTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(2, 0, 0);
    private static readonly DemandForecast Forecast = new("cpu", TimeSpan.FromHours(1), [[5, 5], [9, 0]]);

    [Fact]
    public void EverySlotAboveTheThresholdCounts()
    {
        // Together 10 and 9 cores of 10, the threshold is 8; apart only the 9 of the second slot.
        Judge.IsWorth((2 + 1) * 100_000, new ExpectedOverload(Forecast), Cluster.At(0, 0));
        Judge.IsWorth(100_000, new ExpectedOverload(Forecast), Cluster.At(0, 1));
    }

    [Fact]
    public void PeaksInDifferentSlotsShareAHostWell() =>
        Judge.IsWorth(0, new ExpectedOverload(new DemandForecast("cpu", TimeSpan.FromHours(1), [[8, 0], [0, 8]])), Cluster.At(0, 0));

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new ExpectedOverload(new DemandForecast("cpu", TimeSpan.FromHours(1), [[5]])), Cluster, "forecast is for 1 VMs", "has 2");
        Judge.Refuses(new ExpectedOverload(new DemandForecast("disk", TimeSpan.FromHours(1), [[5, 5]])), Cluster, "no dimension (disk)");
        Judge.Refuses(new ExpectedOverload(Forecast, 101), Cluster, "threshold (101)", "0 .. 100");
    }
}
