using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Kernels;

namespace VirtOpt.Solver.Tests.Search;

/// <summary>What a chance constraint on a forecast makes of a cluster.</summary>
public sealed class OverloadProbabilityTests
{
    /// <summary>By their largest amounts no two VMs fit together; by slots every host holds one of the day and one of the night.</summary>
    [Theory, InlineData(6), InlineData(40)]
    public void VmsOfTheDayAndOfTheNightEndUpTogether(int vms)
    {
        DemandForecast forecast = Forecast(24, vms, (slot, vm) => slot < 12 == vm < vms / 2 ? 9 : 1);
        PlacementProblem problem = new(Cluster(vms, vms)) { Constraints = [new OverloadProbability(forecast, 0)], Objectives = [new ActiveHosts()] };
        PlacementSolution solution = Solve(problem);
        Assert.Equal(vms / 2, solution.Levels[0].Value);
        Assert.True(solution.Report!.IsValid);
        PlacementView view = new(problem.Cluster, solution.Placement!);
        foreach (HostId host in view.Hosts.Where(host => view.VmsOn(host).Count > 0))
            Assert.Single(view.VmsOn(host), vm => vm.Index < vms / 2);
    }

    /// <summary>A host may be over its limit in 2 of 200 slots, so the two VMs share one if they peak together no more often than that.</summary>
    [Theory, InlineData(2, 1), InlineData(3, 2)]
    public void RarePeaksMayFallTogether(int together, int hosts)
    {
        DemandForecast forecast = Forecast(200, 2, (slot, _) => slot < together ? 8 : 5);
        PlacementProblem problem = new(Cluster(2, 2)) { Constraints = [new OverloadProbability(forecast, 10)], Objectives = [new ActiveHosts()] };
        PlacementSolution solution = Solve(problem);
        Assert.Equal(hosts, solution.Levels[0].Value);
        Assert.Equal(SolveStatus.Optimal, solution.Status);
    }

    /// <summary>What the start breaks is repaired as far as that goes, and nothing else is broken for it.</summary>
    [Fact]
    public void AStartThatIsOverTooOftenIsRepaired()
    {
        DemandForecast forecast = Forecast(20, 4, (slot, vm) => slot % 4 == vm ? 9 : 4);
        ClusterSnapshot cluster = Cluster(3, 4, _ => 0);
        OverloadProbability rule = new(forecast, 500);
        PlacementProblem problem = new(cluster) { Constraints = [rule], Objectives = [new Migrations()] };
        Assert.Equal(10, rule.Check(new PlacementView(cluster, Placement.StartOf(cluster))).Sum(v => v.Amount));
        PlacementSolution solution = Solve(problem);
        Assert.Empty(rule.Check(new PlacementView(cluster, solution.Placement!)));
        Assert.Equal(2, solution.Placement!.Places.ToArray().Count(place => place.Host.Index != 0));
    }

    /// <summary>More slots than a vector holds, hard and soft, with amounts that reach the limits exactly.</summary>
    [Theory, InlineData(3), InlineData(17), InlineData(64)]
    public void TablesCountWhatTheGenericStateCounts(int slots)
    {
        int done = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            DemandForecast forecast = Forecast(slots, 12, (_, _) => random.Next(6));
            OverloadProbability rule = new(forecast, 1000 * random.Next(slots) / slots, 90);
            PlacementProblem problem = new(Cluster(4, 12, vm => vm % 4))
            {
                Constraints = [rule, new OverloadProbability(forecast, 0, 70) { Soft = new Soft(3) }],
                Objectives = [new ActiveHosts(2)],
            };
            PlacementModel compiled = problem.Compile();
            Scoring scoring = new(compiled);
            Place[] places = [.. Placement.StartOf(problem.Cluster).Places];
            SearchModel model = new(compiled, scoring, scoring.StateAt(places).Score(), scoring.Levels.Count - 1);
            Assert.Equal(rule.Allowed > 0 ? 1 : 0, model.Profiles.Count());
            SearchState state = new(model, places) { IsVerified = true };
            for (int i = 0; i < 60; i++)
            {
                double limit = state.Energy * random.NextDouble();
                if (random.Next(2) == 0) done += state.TryShift(random.Next(12), new Place(new HostId(random.Next(4))), limit) ? 1 : 0;
                else if (random.Next(6) is var vm) done += state.TrySwap(vm, vm + 6, limit) ? 1 : 0;
            }
        }

        Assert.True(done > 200, $"Only {done} moves were made.");
    }

    private static PlacementSolution Solve(PlacementProblem problem) =>
        new PlacementSolver().Solve(problem, new MaxWork(2), new SolveOptions(), TestContext.Current.CancellationToken);

    private static DemandForecast Forecast(int slots, int vms, Func<int, int, long> amount) => new("cpu", TimeSpan.FromHours(1),
        [.. Enumerable.Range(0, slots).Select(slot => (long[])[.. Enumerable.Range(0, vms).Select(vm => amount(slot, vm))])]);

    private static ClusterSnapshot Cluster(int hosts, int vms, Func<int, int>? start = null) => new(
        [new("cpu", "core")],
        [.. Enumerable.Range(0, hosts).Select(h => new Host { Name = $"h{h}", Capacity = [10] })],
        [
            .. Enumerable.Range(0, vms).Select(v =>
                new VirtualMachine { Name = $"v{v}", Demand = [1], Start = new Place(new HostId(start is null ? v : start(v))) }),
        ]);
}
