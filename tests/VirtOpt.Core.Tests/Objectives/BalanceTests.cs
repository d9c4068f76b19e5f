namespace VirtOpt.Core.Tests;

/// <summary>
/// How even loads are: <see cref="LoadDeviation"/>, <see cref="LoadVariance"/>, <see cref="PeakLoad"/>, <see cref="Overload"/>. A unit of a host of 10
/// cores is 100,000 parts, of 20 cores 50,000.
/// </summary>
public sealed class BalanceTests
{
    /// <summary>6 of 10 cores and 15 of 20 GiB, 3 of 20 cores and 5 of 20 GiB.</summary>
    private static readonly ClusterSnapshot Cluster = Small.Cluster([Small.Host(0), Small.Host(1, cpu: 20)], Small.Vm(0, 0, 6, 15), Small.Vm(1, 1, 3, 5));

    [Fact]
    public void DeviationIsTheDistanceFromTheFairShare()
    {
        // 9 cores over 30: the fair shares are 3 and 6. 20 GiB over 40: 10 and 10.
        Judge.IsWorth((3 * 100_000) + (3 * 50_000), new LoadDeviation("cpu"), Cluster.AtStart());
        Judge.IsWorth((5 + 5) * 50_000, new LoadDeviation("memory"), Cluster.AtStart());
        Judge.IsWorth(450_000 + 500_000, new LoadDeviation(), Cluster.AtStart());
        Judge.IsWorth(0, new LoadDeviation("cpu"), Cluster.At(1, 0));
    }

    [Fact]
    public void AHostInMaintenanceHasNoFairShare()
    {
        ClusterSnapshot cluster = Small.Cluster([Small.Host(0), Small.Host(1) with { State = HostState.Maintenance }], Small.Vm(0, 0, 2), Small.Vm(1, 1, 4));
        Judge.IsWorth((4 + 4) * 100_000, new LoadDeviation("cpu"), cluster.AtStart());
    }

    [Fact]
    public void VarianceIsTheSquareOfTheDistanceFromTheEvenFill()
    {
        // 9 cores over 30: the even loads are 3 and 6. 20 GiB over 40: 10 and 10.
        Judge.IsWorth(1_000_000 + 250_000, new LoadVariance("cpu"), Cluster.AtStart());
        Judge.IsWorth(250_000 + 250_000, new LoadVariance("memory"), Cluster.AtStart());
        Judge.IsWorth(1_250_000 + 500_000, new LoadVariance(), Cluster.AtStart());
        Judge.IsWorth(0, new LoadVariance("cpu"), Cluster.At(1, 0));
    }

    [Fact]
    public void ReserveCountsAsFillAndHostsThatAreOffDoNot()
    {
        // 2 + 6 of 10 and 0 + 2 of 10 cores: 5 and 5 are even.
        Host[] hosts = [Small.Host(0) with { Reserve = [2, 0], OvercommitPercent = [300, 100] }, Small.Host(1), Small.Host(2) with { State = HostState.Off }];
        ClusterSnapshot cluster = Small.Cluster(hosts, Small.Vm(0, 0, 6), Small.Vm(1, 1, 2));
        Judge.IsWorth(360_000 + 360_000, new LoadVariance("cpu"), cluster.AtStart());
    }

    [Fact]
    public void TheStraightPiecesOfVarianceAreFewAndStayCloseToTheSquare()
    {
        ClusterSnapshot cluster = Small.Cluster([Small.Host(0, 8_000), Small.Host(1, 8_000)], [.. Enumerable.Range(0, 80).Select(v => Small.Vm(v, 0, 100))]);
        PlacementModel model = new PlacementProblem(cluster) { Objectives = [new LoadVariance("cpu")] }.Compile();
        SumTerm term = Assert.IsType<SumTerm>(model.Goals.Single(g => g.Level == 1).Term);
        Assert.All(term.Functions, f => Assert.InRange(f.Hinges.Count, 10, 23));
        for (long load = 0; load <= 8_000; load += 100)
        {
            double square = 2e6 * Math.Pow((load - 4_000) / 4_000.0, 2);
            long value = term.Functions[0].At(load) + term.Functions[1].At(8_000 - load) + term.Offset;
            Assert.InRange(value, square - 1_000, (square * 1.07) + 1_000);
        }
    }

    [Fact]
    public void ThePeakIsThatOfTheFullestHost()
    {
        Judge.IsWorth(600_000, new PeakLoad("cpu"), Cluster.AtStart());
        Judge.IsWorth(750_000, new PeakLoad(), Cluster.AtStart());
        Judge.IsWorth(900_000, new PeakLoad("cpu"), Cluster.At(0, 0));
    }

    [Fact]
    public void OverloadIsWhatLiesAboveTheThreshold()
    {
        Judge.IsWorth(0, new Overload("cpu", 60), Cluster.AtStart());
        Judge.IsWorth(100_000, new Overload("cpu", 50), Cluster.AtStart());
        Judge.IsWorth(100_000 + (5 * 50_000), new Overload(null, 50), Cluster.AtStart());
        Judge.IsWorth((9 * 100_000) - 800_000, new Overload("cpu"), Cluster.At(0, 0));
    }

    [Fact]
    public void ReserveAndOvercommitChangeWhatAUnitIsWorth()
    {
        ClusterSnapshot cluster = Small.Cluster([Small.Host(0) with { Reserve = [2, 0], OvercommitPercent = [250, 100] }], Small.Vm(0, 0, 10));
        Judge.IsWorth(500_000, new PeakLoad("cpu"), cluster.AtStart());
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(new LoadDeviation("disk"), Cluster, "no dimension (disk)", "(cpu), (memory)");
        Judge.Refuses(new LoadVariance("disk"), Cluster, "no dimension (disk)");
        Judge.Refuses(new PeakLoad("disk"), Cluster, "no dimension (disk)");
        Judge.Refuses(new Overload("disk"), Cluster, "no dimension (disk)");
        Judge.Refuses(new Overload(null, 101), Cluster, "threshold (101)", "0 .. 100");
        Judge.Refuses(new Overload(null, -1), Cluster, "threshold (-1)");
    }
}
