namespace VirtOpt.Core.Tests;

/// <summary>Capacity of hosts, NUMA nodes and GPUs.</summary>
public sealed class CapacityTests
{
    private static readonly Capacity Rule = new();

    [Fact]
    public void AHostMayBeFullToTheLastUnit() =>
        Judge.Keeps(Rule, Small.Cluster(Small.Hosts(1), Small.Vm(0, 0, 4, 8), Small.Vm(1, 0, 6, 12)).AtStart());

    [Fact]
    public void ExcessIsCountedByDimensionAndHost()
    {
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0, 7), Small.Vm(1, 0, 6, 21), Small.Vm(2, 1, 11));
        IReadOnlyList<Violation> found = Judge.Breaks(Rule, cluster.AtStart(), ("cpu of host h0", 3), ("cpu of host h1", 1), ("memory of host h0", 2));
        Assert.Equal("host h0 holds 13 core of cpu; its limit is 10.", found[0].Message);
    }

    [Fact]
    public void TheReserveIsNotForVms()
    {
        Host host = Small.Host(0) with { Reserve = [2, 0] };
        Judge.Keeps(Rule, Small.Cluster([host], Small.Vm(0, 0, 8)).AtStart());
        Judge.Breaks(Rule, Small.Cluster([host], Small.Vm(0, 0, 9)).AtStart(), ("cpu of host h0", 1));
    }

    [Fact]
    public void OvercommitMultipliesWhatTheReserveLeavesAndIsRoundedDown()
    {
        Host host = Small.Host(0, cpu: 5) with { Reserve = [2, 0], OvercommitPercent = [150, 100] };
        Assert.Equal(4, host.Usable(0));
        Judge.Keeps(Rule, Small.Cluster([host], Small.Vm(0, 0, 4, 20)).AtStart());
        Judge.Breaks(Rule, Small.Cluster([host], Small.Vm(0, 0, 5, 21)).AtStart(), ("cpu of host h0", 1), ("memory of host h0", 1));
    }

    [Fact]
    public void ReservationsAreNeverOvercommitted()
    {
        Host host = Small.Host(0) with { Reserve = [1, 0], OvercommitPercent = [400, 100] };
        VirtualMachine[] vms = [Small.Vm(0, 0, 10) with { Reservation = [6, 0] }, Small.Vm(1, 0, 10) with { Reservation = [5, 1] }];
        IReadOnlyList<Violation> found = Judge.Breaks(Rule, Small.Cluster([host], vms).AtStart(), ("cpu of reservations on host h0", 2));
        Assert.Equal("reservations on host h0 holds 11 core of cpu; its limit is 9.", found[0].Message);
    }

    [Fact]
    public void AVmOnTwoNumaNodesLoadsEachWithHalfRoundedUp()
    {
        Host host = Small.Host(0) with { NumaNodes = [new([5, 0], [0]), new([5, 0], [0])] };
        VirtualMachine wide = Small.Vm(0, 0, cpu: 9) with { NumaNodes = 2, Start = new Place(new HostId(0), NumaMask: 0b11) };
        VirtualMachine narrow = Small.Vm(1, 0, cpu: 1) with { NumaNodes = 1, Start = new Place(new HostId(0), NumaMask: 0b10) };
        Judge.Keeps(Rule, Small.Cluster([host], wide).AtStart());
        IReadOnlyList<Violation> found = Judge.Breaks(Rule, Small.Cluster([host], wide, narrow).AtStart(), ("cpu of NUMA node 1 of host h0", 1));
        Assert.Equal("NUMA node 1 of host h0 holds 6 core of cpu; its limit is 5.", found[0].Message);
    }

    [Fact]
    public void APartLimitsOnlyItsOwnDimensions()
    {
        Host host = Small.Host(0) with { NumaNodes = [new([0, 4], [1])] };
        VirtualMachine vm = Small.Vm(0, 0, cpu: 9, memory: 5) with { NumaNodes = 1, Start = new Place(new HostId(0), NumaMask: 1) };
        Judge.Breaks(Rule, Small.Cluster([host], vm).AtStart(), ("memory of NUMA node 0 of host h0", 1));
    }

    [Fact]
    public void GpusHoldTheSharesOfTheirVms()
    {
        Host host = Small.Host(0) with { Gpus = [new([0, 4], [1]), new([0, 4], [1])] };
        VirtualMachine two = Small.Vm(0, 0, memory: 7) with { Gpus = 2, Start = new Place(new HostId(0), GpuMask: 0b11) };
        VirtualMachine one = Small.Vm(1, 0, memory: 3) with { Gpus = 1, Start = new Place(new HostId(0), GpuMask: 0b01) };
        Judge.Keeps(Rule, Small.Cluster([host], two).AtStart());
        Judge.Breaks(Rule, Small.Cluster([host], two, one).AtStart(), ("memory of GPU 0 of host h0", 3));
    }

    [Fact]
    public void CapacityHoldsDuringMigrationsToo() => Assert.True(Rule.Continuous);
}
