namespace VirtOpt.Core.Tests;

/// <summary>Hosts that are to be empty.</summary>
public sealed class HostAvailabilityTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(
        [Small.Host(0), Small.Host(1) with { State = HostState.Maintenance }, Small.Host(2) with { State = HostState.Off }], Small.Vm(0, 0), Small.Vm(1, 0));

    [Fact]
    public void AvailableHostsKeepIt() => Judge.Keeps(new HostAvailability(), Cluster.At(0, 0));

    [Fact]
    public void EveryVmOnAHostInMaintenanceOrOffCounts()
    {
        IReadOnlyList<Violation> found = Judge.Breaks(new HostAvailability(), Cluster.At(2, 1), ("VM v1", 1), ("VM v0", 1));
        Assert.Equal("VM v1 is on host h1, which is in state Maintenance.", found[0].Message);
    }
}
