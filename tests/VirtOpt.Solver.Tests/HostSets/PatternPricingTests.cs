using VirtOpt.Solver.HostSets;
using VirtOpt.Solver.HostSets.Packing;

namespace VirtOpt.Solver.Tests.HostSets;

/// <summary>The knapsack table against all patterns written out.</summary>
public sealed class PatternPricingTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void PricingFindsTheBestPatternOfEveryType(int dimensions)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            PackingProblem problem = RandomPacking(random, dimensions);
            int[] duals = [.. problem.Demands.Select(_ => random.Next(0, 50))];
            PatternPricing pricing = PatternPricing.TryCreate(problem)!;
            for (int run = 0; run < 2; run++) pricing.Run(duals, problem.Demands);
            for (int type = 0; type < problem.Types; type++)
            {
                int[] pattern = pricing.Pattern(type);
                Assert.Equal(Best(problem, duals, type, 0, [.. problem.Rooms[type]]), pricing.Best(type));
                Assert.Equal(pricing.Best(type), pattern.Select((vms, k) => vms * duals[k]).Sum());
                Assert.True(Holds(problem, type, pattern), $"Seed {seed}, type {type}");
            }
        }
    }

    [Fact]
    public void ATableThatWouldBeTooLargeIsRefused() =>
        Assert.Null(PatternPricing.TryCreate(new PackingProblem([1], [[4001, 4001]], [3], [[1, 0], [0, 1]], [5000, 5000])));

    [Fact]
    public void FirstFitCoversAllVmsWithinTheHostsThatThereAre()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            PackingProblem problem = RandomPacking(new Random(seed), 2);
            if (FirstFit.Complete(problem, [], problem.Demands) is not { } bins) continue;
            Assert.All(bins, bin => Assert.True(Holds(problem, bin.Type, bin.Pattern)));
            for (int k = 0; k < problem.Classes; k++) Assert.Equal(problem.Demands[k], bins.Sum(bin => bin.Pattern[k]));
            for (int t = 0; t < problem.Types; t++) Assert.True(bins.Count(bin => bin.Type == t) <= problem.Counts[t]);
        }
    }

    private static PackingProblem RandomPacking(Random random, int dimensions)
    {
        int[] types = [.. Enumerable.Range(0, random.Next(1, 4))];
        int[] classes = [.. Enumerable.Range(0, random.Next(1, 5))];
        long[] Amounts(int least, int most) => [.. Enumerable.Range(0, dimensions).Select(_ => (long)random.Next(least, most))];
        return new PackingProblem(
            [.. types.Select(_ => (long)random.Next(1, 9))], [.. types.Select(_ => Amounts(1, 22))], [.. types.Select(_ => random.Next(1, 4))],
            [.. classes.Select(_ => Amounts(0, 8))], [.. classes.Select(_ => random.Next(1, 6))]);
    }

    private static int Best(PackingProblem problem, int[] duals, int type, int vmClass, int[] room)
    {
        if (vmClass == problem.Classes) return 0;
        int best = int.MinValue;
        for (int vms = problem.Fits(vmClass, room, problem.Demands[vmClass]); vms >= 0; vms--)
        {
            int[] left = [.. room.Select((r, d) => r - (vms * problem.Needs[vmClass][d]))];
            best = Math.Max(best, (vms * duals[vmClass]) + Best(problem, duals, type, vmClass + 1, left));
        }

        return best;
    }

    private static bool Holds(PackingProblem problem, int type, int[] pattern) =>
        Enumerable.Range(0, problem.Dimensions)
            .All(r => Enumerable.Range(0, problem.Classes).Sum(k => pattern[k] * problem.Needs[k][r]) <= problem.Rooms[type][r]);
}
