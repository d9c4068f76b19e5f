using VirtOpt.Solver.Bounds;
using VirtOpt.Solver.Bounds.Loads;
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;

namespace VirtOpt.Solver.Tests.Bounds;

/// <summary>No bound of the catalogue is ever above what brute force finds, whatever the objective, the rules and the start.</summary>
public sealed class BoundPropertyTests
{
    private const int Seeds = 40;

    public static TheoryData<string> Constraints => [.. ConstraintCatalogue.Entries.Select(e => e.Name)];

    public static TheoryData<string> Objectives => [.. ObjectiveCatalogue.Entries.Select(e => e.Name)];

    [Theory, MemberData(nameof(Objectives))]
    public void BoundsOfObjectivesAreTrue(string name)
    {
        Tally tally = AssertTrue(name, (cluster, random) => new PlacementProblem(cluster)
        {
            Objectives = [Example(name, cluster, random), new Overload(null, 40, 3), new HostPrice(2, 2), Example(name, cluster, random) with { Level = 2 }],
        });
        Assert.True(tally.Above > 0, $"{name}: no bound was above 0, so nothing was compared.");
    }

    [Theory, MemberData(nameof(Constraints))]
    public void BoundsUnderHardRulesAreTrue(string name) => AssertTrue(name, (cluster, random) => Rule(name, cluster, random) is { } rule
        ? new PlacementProblem(cluster) { Constraints = [rule], Objectives = [new LoadDeviation(), new HostPrice(Level: 2), new Overload(null, 50, 1, 2)] }
        : null);

    [Theory, MemberData(nameof(Constraints))]
    public void BoundsOfSoftRulesAreTrue(string name) => AssertTrue(name, (cluster, random) => Rule(name, cluster, random) is { } rule
        ? new PlacementProblem(cluster) { Constraints = [rule with { Soft = new Soft(3) }], Objectives = [new ActiveHosts(2), new PeakLoad(Level: 2)] }
        : null);

    [Fact]
    public void SolvesWithOneThreadAndWithTwoKeepTheirBoundsTrue()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            ClusterSnapshot cluster = RandomProblems.Cluster(new Random(seed), newVms: 0);
            PlacementProblem problem = new(cluster) { Objectives = [new LoadDeviation(), new PeakLoad(Level: 2)] };
            if (BruteForce.Best(problem).Best is not { } best) continue;
            foreach (int threads in (int[])[1, 2])
            {
                SolveSession session = Session(problem, new SolveOptions { Threads = threads }, TestContext.Current.CancellationToken);
                using BoundSearch search = new(session, new CandidateTable(session.Model, session.Filter, session.Table));
                search.RunFast();
                search.StartSlow();
                search.Stop();
                Assert.Equal(threads, session.Threads);
                for (int level = 0; level < session.Scoring.Levels.Count; level++) Assert.True(session.BoundOf(level) <= best[level]);
            }
        }
    }

    [Fact]
    public void AnEndedSolveStopsTheSlowBounds()
    {
        using CancellationTokenSource ended = new();
        PlacementProblem problem = new(RandomProblems.Cluster(new Random(1), newVms: 0)) { Objectives = [new LoadDeviation()] };
        SolveSession session = Session(problem, new SolveOptions(), ended.Token);
        RangeTable ranges = new(session, new CandidateTable(session.Model, session.Filter, session.Table));
        ended.Cancel();
        foreach (ILevelBound bound in BoundCatalogue.Slow) Assert.Empty(bound.Of(new BoundTask(session, ranges, 0, TimeSpan.MaxValue, ended.Token)));
    }

    private static Tally AssertTrue(string name, Func<ClusterSnapshot, Random, PlacementProblem?> make)
    {
        Tally tally = new();
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(3000 + seed);
            ClusterSnapshot cluster = RandomProblems.Cluster(random, mostHosts: 3, mostVms: 4);
            if (make(cluster, random) is not { } problem) continue;
            (Score? best, Placement? placement) = BruteForce.Best(problem);
            if (best is not { } optimum) continue;
            SolveSession session = Session(problem, new SolveOptions(), TestContext.Current.CancellationToken);
            RangeTable ranges = new(session, new CandidateTable(session.Model, session.Filter, session.Table));
            if (seed % 2 == 0) session.Offer(placement!.Places, "brute force");
            for (int level = 0; level < session.Scoring.Levels.Count; level++)
            {
                foreach (ILevelBound bound in BoundCatalogue.Fast.Concat(BoundCatalogue.Slow).Append(new LoadProgram(leastHostsToCount: 0)))
                    foreach (long found in bound.Of(new BoundTask(session, ranges, level, TimeSpan.FromDays(1), session.Token)))
                    {
                        Assert.True(found <= optimum[level], $"{name}, seed {seed}, level {level}: {bound.Name} is {found}, the best {optimum[level]}.");
                        if (found > 0) tally.Above++;
                    }

                session.OfferBound(level, optimum[level], "brute force");
            }
        }

        return tally;
    }

    private static SolveSession Session(PlacementProblem problem, SolveOptions options, CancellationToken token) =>
        new(problem, new MaxRuntime(TimeSpan.FromDays(1)), options, token);

    private static Objective Example(string name, ClusterSnapshot cluster, Random random) => ObjectiveCatalogue.Named(name)!.Example(cluster, random);

    private static Constraint? Rule(string name, ClusterSnapshot cluster, Random random)
    {
        Constraint rule = ConstraintCatalogue.Named(name)!.Example(cluster, random);
        try
        {
            rule.Validate(cluster);
            return rule;
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    private sealed class Tally
    {
        public int Above { get; set; }
    }
}
