using VirtOpt.Solver.Bounds;
using VirtOpt.Solver.Bounds.Loads;
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;

namespace VirtOpt.Solver.Tests.Bounds;

/// <summary>One host may stand for its kind: the bound is the same where hosts are alike, and true where they are not.</summary>
public sealed class HostKindsTests
{
    /// <summary>Duals are rounded before they are believed.</summary>
    private const double Rounding = 1e-4;

    [Theory, InlineData("consolidate"), InlineData("balance")]
    public void CountingKindsGivesTheBoundOfAllHosts(string objective)
    {
        PlacementProblem problem = Problem(objective, pinned: false);
        long[] counted = Bounds(problem, leastHostsToCount: 0);
        long[] single = Bounds(problem, leastHostsToCount: int.MaxValue);
        Assert.True(single[^1] > 0);
        Assert.Single(counted);
        Assert.InRange(counted[0], single[^1] * (1 - Rounding), single[^1] * (1 + Rounding));
    }

    [Fact]
    public void HostsThatHoldPinnedVmsAreAKindOfTheirOwn()
    {
        PlacementProblem problem = Problem("consolidate", pinned: true);
        long[] counted = Bounds(problem, leastHostsToCount: 0);
        long single = Bounds(problem, leastHostsToCount: int.MaxValue).Max();
        Assert.True(counted[0] <= single);
        Assert.True(counted[0] >= 12 * 100, $"Twelve hosts hold pinned VMs and stay in use, but the bound is {counted[0]}.");
    }

    private static long[] Bounds(PlacementProblem problem, int leastHostsToCount)
    {
        SolveSession session = new(problem, new MaxRuntime(TimeSpan.FromDays(1)), new SolveOptions(), TestContext.Current.CancellationToken);
        RangeTable ranges = new(session, new CandidateTable(session.Model, session.Filter, session.Table));
        return [.. new LoadProgram(leastHostsToCount).Of(new BoundTask(session, ranges, 0, TimeSpan.FromDays(1), session.Token))];
    }

    private static PlacementProblem Problem(string objective, bool pinned)
    {
        Random random = new(7);
        Host[] hosts =
        [
            .. Enumerable.Range(0, 24).Select(h => new Host { Name = $"h{h}", Capacity = h % 2 == 0 ? [1000, 4000] : [2000, 3000], Price = h % 2 == 0 ? 100 : 150 }),
        ];
        VirtualMachine[] vms =
        [
            .. Enumerable.Range(0, 60).Select(v => new VirtualMachine
            {
                Name = $"v{v}",
                Demand = [random.Next(100, 300), random.Next(200, 700)],
                Start = new Place(new HostId(v % 24)),
                Movable = !(pinned && v < 12),
            }),
        ];
        ClusterSnapshot cluster = new([new("cpu", "core"), new("memory", "GiB")], hosts, vms);
        return new PlacementProblem(cluster)
        {
            Constraints = [new Capacity()],
            Objectives = objective == "consolidate" ? [new HostPrice()] : [new Overload(null, 10, 3), new LoadDeviation()],
        };
    }
}
