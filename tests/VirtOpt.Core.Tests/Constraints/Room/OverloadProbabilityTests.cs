namespace VirtOpt.Core.Tests;

/// <summary>Hosts over a threshold in at most a share of forecast slots.</summary>
public sealed class OverloadProbabilityTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(2, 0, 0);
    private static readonly DemandForecast Forecast = new("cpu", TimeSpan.FromHours(1), [[5, 5], [9, 2], [6, 6], [0, 10]]);

    [Fact]
    public void SlotsBeyondTheShareCount()
    {
        // Together 10, 11, 12 and 10 of 10 cores: over in two of four slots.
        Judge.Keeps(new OverloadProbability(Forecast, 500), Cluster.At(0, 0));
        IReadOnlyList<Violation> found = Judge.Breaks(new OverloadProbability(Forecast, 499), Cluster.At(0, 0), ("host h0", 1));
        Assert.Equal("Host h0 is over 10 of cpu in 2 of 4 slots; 1 are allowed.", found[0].Message);
        Judge.Breaks(new OverloadProbability(Forecast), Cluster.At(0, 0), ("host h0", 2));
        Judge.Keeps(new OverloadProbability(Forecast), Cluster.At(0, 1));
    }

    [Fact]
    public void TheThresholdIsAShareOfTheHost() =>
        Judge.Breaks(new OverloadProbability(Forecast, 0, 80), Cluster.At(0, 1), ("host h0", 1), ("host h1", 1));

    [Fact]
    public void PeaksInDifferentSlotsShareAHost() =>
        Judge.Keeps(new OverloadProbability(new DemandForecast("cpu", TimeSpan.FromHours(12), [[8, 2], [2, 8]]), 0), Cluster.At(0, 0));

    [Fact]
    public void VmsThatAreShutDownOrNotPlacedDoNotCount()
    {
        Judge.Keeps(new OverloadProbability(Forecast, 0), Cluster.At(0, -1));
        VirtualMachine leaving = Small.Vm(1, 0, 0, 0) with { IsLeaving = true, Movable = false };
        Judge.Keeps(new OverloadProbability(Forecast, 0), Small.Cluster(Small.Hosts(2), Small.Vm(0, 0), leaving).At(0, 0));
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new OverloadProbability(new DemandForecast("cpu", TimeSpan.FromHours(1), [[5]])), Cluster, "forecast is for 1 VMs", "has 2");
        Judge.Refuses(new OverloadProbability(new DemandForecast("disk", TimeSpan.FromHours(1), [[5, 5]])), Cluster, "no dimension (disk)");
        Judge.Refuses(new OverloadProbability(Forecast, 1001), Cluster, "share of slots (1001)", "0 .. 1000");
        Judge.Refuses(new OverloadProbability(Forecast, -1), Cluster, "share of slots (-1)");
        Judge.Refuses(new OverloadProbability(Forecast, 10, 101), Cluster, "threshold (101)", "0 .. 100");
    }
}
