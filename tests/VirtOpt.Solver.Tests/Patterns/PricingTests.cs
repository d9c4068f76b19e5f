using VirtOpt.Solver.Patterns;
using VirtOpt.Solver.Patterns.Reading;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Tests.Patterns;

/// <summary>Pricing leaves no pattern out: its bound holds at any prices, and its columns are what they say.</summary>
public sealed class PricingTests
{
    [Fact]
    public void BoundsHoldAtAnyPrices()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            (SolveSession session, PatternProblem problem, HostGroups groups) = Read(seed);
            PatternSearch.TryCreate(session)!.Run();
            long best = session.Scoring.StateAt(Placement.StartOf(session.Problem.Cluster).Places).Score()[0] - session.BestScore!.Value[0];
            Random random = new(seed);
            for (int round = 0; round < 20; round++)
                Assert.True(
                    new Pricing(groups).Price(RandomPrices(problem, groups, random), isSafe: false).Bound >= best - 1e-6, $"Seed {seed}, round {round}.");
        }
    }

    [Fact]
    public void ColumnsGainWhatTheySayAndFit()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            (_, PatternProblem problem, HostGroups groups) = Read(seed);
            Random random = new(seed);
            foreach (Column column in new Pricing(groups).Price(RandomPrices(problem, groups, random), isSafe: random.Next(2) == 0).Columns)
            {
                long[] free =
                [
                    .. column.CellGroups.Zip(
                        column.OnCells, (group, change) => group.Free - Load(problem, change) - (column.Shared is { } shared ? Load(problem, shared) : 0)),
                ];
                Assert.All(free, amount => Assert.True(amount >= 0));
                Assert.Equal(column.Gain, free.Sum(f => f / problem.Need) - column.CellGroups.Sum(g => g.Free / problem.Need));
                Assert.All(column.CellGroups.Zip(column.OnCells),
                    x => Assert.All(x.Second.Out.Zip(x.First.Movable), counts => Assert.True(counts.First <= counts.Second)));
            }
        }
    }

    private static (SolveSession Session, PatternProblem Problem, HostGroups Groups) Read(int seed)
    {
        PlacementProblem problem = PatternInstances.OnNodes(seed);
        SolveSession session = new(problem, new MaxRuntime(TimeSpan.FromSeconds(20)), new SolveOptions(), CancellationToken.None);
        session.Offer(Placement.StartOf(problem.Cluster).Places, "start");
        PatternProblem patterns = PatternExtraction.Read(session, new PatternRules(session.Model), out _)!;
        return (session, patterns, new HostGroups(patterns));
    }

    private static Prices RandomPrices(PatternProblem problem, HostGroups groups, Random random)
    {
        double migration = random.NextDouble();
        return new Prices(1, migration, [.. problem.Types.Select(_ => (4 * random.NextDouble()) - 2)],
            new double[groups.Cells.Count], new double[groups.Hosts.Count], migration * problem.MigrationLimit);
    }

    private static long Load(PatternProblem problem, Change change) => problem.Types.Select((type, t) => type.Weight * change.Net(t)).Sum();
}
