namespace VirtOpt.Solver.Tests;

/// <summary>A solve ends early when it is good enough, or when it gets no better.</summary>
public sealed class StoppingTests
{
    private static readonly MaxRuntime Long = new(TimeSpan.FromMinutes(10));

    [Fact]
    public void AReachedTargetGapEndsTheSolve()
    {
        PlacementSolution solution = Solve(new SolveOptions { TargetGap = 0.9 }, new ActiveHosts());
        Assert.True(solution.Gap <= 0.9);
        Assert.DoesNotContain("model", solution.Engine, StringComparison.Ordinal);
        Assert.DoesNotContain("neighbourhood", solution.Engine, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingBetterForAWhileEndsTheSolve()
    {
        PlacementSolution solution = Solve(new SolveOptions { NoImprovement = TimeSpan.FromSeconds(0.5) });
        Assert.NotNull(solution.Placement);
        Assert.True(solution.Report!.IsValid);
        Assert.True(solution.Duration < Long.Limit / 2);
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        InvalidInputException refused = Assert.Throws<InvalidInputException>(() => Solve(new SolveOptions { TargetGap = -1 }));
        Assert.Contains("target gap (-1)", refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<InvalidInputException>(() => Solve(new SolveOptions { NoImprovement = TimeSpan.Zero }));
        Assert.Contains("without improvement (00:00:00)", refused.Message, StringComparison.Ordinal);
    }

    private static PlacementSolution Solve(SolveOptions options, Objective? objective = null)
    {
        Random random = new(5);
        Host[] hosts = [.. Enumerable.Range(0, 12).Select(h => new Host { Name = $"h{h}", Capacity = [100, 100] })];
        VirtualMachine[] vms =
        [
            .. Enumerable.Range(0, 60).Select(v => new VirtualMachine
            {
                Name = $"v{v}", Demand = [random.Next(3, 17), random.Next(3, 17)], Start = new Place(new HostId(v % 12)),
            }),
        ];
        ClusterSnapshot cluster = new([new("cpu", "core"), new("memory", "GiB")], hosts, vms);
        PlacementProblem problem = new(cluster) { Objectives = [objective ?? new LoadDeviation()] };
        return new PlacementSolver().Solve(problem, Long, options, TestContext.Current.CancellationToken);
    }
}
