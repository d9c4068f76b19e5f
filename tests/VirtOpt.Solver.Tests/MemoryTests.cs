using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Tests;

/// <summary>A model that would not fit into memory is not built; smaller ones are.</summary>
public sealed class MemoryTests
{
    private const string Exact = "exact";
    private const string ExactRefused = "memory.exact model refused, MiB";
    private const string SubModelsRefused = "memory.sub-models refused";

    [Fact]
    public void AModelThatFitsIsSolved()
    {
        PlacementSolution solution = Solve(new SolveOptions());
        Assert.Contains(Exact, solution.Engine, StringComparison.Ordinal);
        Assert.DoesNotContain(ExactRefused, solution.Statistics.Keys);
        Assert.DoesNotContain(SubModelsRefused, solution.Statistics.Keys);
    }

    [Fact]
    public void WithLittleMemorySubModelsTakeThePlaceOfTheExactModel()
    {
        PlacementSolution solution = Solve(new SolveOptions { MemoryLimit = 1_500_000 });
        Assert.DoesNotContain(Exact, solution.Engine, StringComparison.Ordinal);
        Assert.True(solution.Statistics[ExactRefused] >= 1);
        Assert.True(solution.Statistics["lns.iterations"] > solution.Statistics.GetValueOrDefault(SubModelsRefused));
        Assert.True(solution.Report!.IsValid);
    }

    [Fact]
    public void WithHardlyAnyMemoryTheHeuristicsAnswer()
    {
        PlacementSolution solution = Solve(new SolveOptions { MemoryLimit = 1000 });
        Assert.DoesNotContain(Exact, solution.Engine, StringComparison.Ordinal);
        Assert.Equal(solution.Statistics["lns.iterations"], solution.Statistics[SubModelsRefused]);
        Assert.Equal(SolveStatus.Feasible, solution.Status);
        Assert.True(solution.Report!.IsValid);
    }

    [Fact]
    public void WhatTheMachineHasFreeIsLeft() => Assert.InRange(new MemoryBudget(null).Left, 0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    [Fact]
    public void AMemoryLimitOfNothingIsRefused() => Assert.StartsWith(
        "The memory limit (0) is not above 0 bytes.",
        Assert.Throws<InvalidInputException>(() => Solve(new SolveOptions { MemoryLimit = 0 })).Message,
        StringComparison.Ordinal);

    private static PlacementSolution Solve(SolveOptions options)
    {
        Random random = new(3);
        Host[] hosts = [.. Enumerable.Range(0, 12).Select(h => new Host { Name = $"h{h}", Capacity = [100, 100], Price = 3 + (h % 5) })];
        VirtualMachine[] vms =
        [
            .. Enumerable.Range(0, 60).Select(v => new VirtualMachine
            {
                Name = $"v{v}", Demand = [random.Next(3, 17), random.Next(3, 17)], Start = new Place(new HostId(v % 12)),
            }),
        ];
        VmGroup[] apart = [.. Enumerable.Range(0, 10).Select(g => new VmGroup($"g{g}", [new(6 * g), new((6 * g) + 1), new((6 * g) + 2)]))];
        PlacementProblem problem = new(new ClusterSnapshot([new("cpu", "core"), new("memory", "GiB")], hosts, vms))
        {
            Constraints = [.. apart.Select(g => new AntiAffinity(g))],
            Objectives = [new HostPrice()],
        };
        return new PlacementSolver().Solve(problem, new MaxWork(3), options, TestContext.Current.CancellationToken);
    }
}
