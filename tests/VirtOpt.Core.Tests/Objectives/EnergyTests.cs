namespace VirtOpt.Core.Tests;

/// <summary>Electric power from power curves, in microwatts.</summary>
public sealed class EnergyTests
{
    private const long Watt = 1_000_000;
    private static readonly PowerCurve Convex = new([new(0, 100), new(50, 150), new(100, 250)]);
    private static readonly PowerCurve Concave = new([new(0, 100), new(50, 200), new(100, 250)]);

    [Theory]
    [InlineData(0, 100)]
    [InlineData(3, 130)]
    [InlineData(5, 150)]
    [InlineData(7, 190)]
    [InlineData(10, 250)]
    [InlineData(12, 290)]
    public void PowerIsLinearBetweenThePointsAndGoesOnBeyondTheLast(long cores, long watts) =>
        Judge.IsWorth(watts * Watt, new Energy(), Small.Cluster([Small.Host(0) with { Power = Convex }], Small.Vm(0, 0, cores)).AtStart());

    [Fact]
    public void SlopesMayFall() =>
        Judge.IsWorth(220 * Watt, new Energy(), Small.Cluster([Small.Host(0) with { Power = Concave }], Small.Vm(0, 0, 7)).AtStart());

    [Fact]
    public void HostsWithoutVmsAreOffAndHostsWithoutACurveCountNothing()
    {
        ClusterSnapshot cluster = Small.Cluster([Small.Host(0) with { Power = Convex }, Small.Host(1)], Small.Vm(0, 0, 5));
        Judge.IsWorth(150 * Watt, new Energy(), cluster.At(0));
        Judge.IsWorth(0, new Energy(), cluster.At(1));
    }

    [Fact]
    public void ACurveMayFollowAnotherDimension()
    {
        PowerCurve byMemory = new([new(0, 50), new(100, 90)], "memory");
        Host[] hosts = [Small.Host(0) with { Power = byMemory }, Small.Host(1) with { Power = Convex }];
        ClusterSnapshot cluster = Small.Cluster(hosts, Small.Vm(0, 0, 9, 10), Small.Vm(1, 1, 5, 20));
        Judge.IsWorth((70 + 150) * Watt, new Energy(), cluster.AtStart());
    }
}
