using System.Numerics;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Patterns;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Tests.Patterns;

/// <summary>The pattern model against the plain exact model and against brute force.</summary>
public sealed class PatternSearchTests
{
    private static readonly StoppingCriterion Stop = new MaxRuntime(TimeSpan.FromSeconds(20));

    [Fact]
    public void OptimaOverNumaNodesAreThoseOfTheExactModel() => AssertExact(seed => PatternInstances.OnNodes(seed), 40);

    [Fact]
    public void OptimaOverHostsAreThoseOfTheExactModel() => AssertExact(PatternInstances.OnHosts, 30);

    [Fact]
    public void BoundsHoldAndPlacementsKeepTheRulesOnSets() => AssertExact(seed => PatternInstances.OnNodes(seed, withSets: true), 30, leastProven: 0.5);

    [Fact]
    public void BoundsHoldWhereASecondLoadBinds() => AssertExact(PatternInstances.WithScarceMemory, 30, leastProven: 0.5);

    [Fact]
    public void OptimaOfTinyProblemsAreThoseOfBruteForce()
    {
        for (int seed = 0; seed < 25; seed++)
        {
            PlacementProblem problem = PatternInstances.OnNodes(seed, mostHosts: 3, mostVms: 5);
            SolveSession session = SolveByPatterns(problem, Stop);
            (long Value, long Migrations) best = AllPlacements(problem.Cluster).Select(p => Judge(problem, p)).Where(j => j.HasValue).Min()!.Value;
            if (session.BestScore is not { } score || session.BoundOf(0) is null) continue;
            Assert.True(session.BoundOf(0) <= best.Value, $"Seed {seed}: bound {session.BoundOf(0)} above {best.Value}.");
            if (session.IsProven) Assert.Equal(best, (score[0], score[1]));
        }
    }

    [Fact]
    public void WorkLimitsGiveTheSameAnswerEveryTime()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            PlacementProblem problem = PatternInstances.OnNodes(seed, mostHosts: 8, mostVms: 40, withSets: true);
            Assert.Equal(SolveByPatterns(problem, new MaxWork(1)).Best, SolveByPatterns(problem, new MaxWork(1)).Best);
        }
    }

    [Fact]
    public void PlansOfProvenPlacementsAreComplete()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            PlacementProblem problem = PatternInstances.OnNodes(seed, mostHosts: 12, mostVms: 60);
            PlacementSolution solution = new PlacementSolver().Solve(problem, Stop, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Empty(new MigrationPlanner().Plan(problem, solution).Unreached);
        }
    }

    [Fact]
    public void NothingIsOfferedOnceTimeIsOver()
    {
        using CancellationTokenSource over = new();
        over.Cancel();
        SolveSession session = new(PatternInstances.OnNodes(1), Stop, new SolveOptions(), over.Token);
        PatternSearch.TryCreate(session)?.Run();
        Assert.Null(session.Best);
        Assert.Equal(0, session.BoundOf(0));
    }

    [Fact]
    public void RefusesWhatItCannotKeepAndSaysWhy()
    {
        PlacementProblem problem = PatternInstances.OnNodes(0);
        Objective objective = problem.Objectives[0];
        AssertRefused("a rule that patterns cannot keep", new PlacementProblem(problem.Cluster) { Constraints = [new Failover()], Objectives = [objective] });
        AssertRefused("a rule that patterns cannot keep",
            new PlacementProblem(problem.Cluster) { Constraints = [new MigrationLimit(2, "memory")], Objectives = [objective] });
        AssertRefused("the first level is not one measure of fit", new PlacementProblem(problem.Cluster) { Objectives = [new ActiveHosts()] });
        AssertRefused("the first level is not one measure of fit", new PlacementProblem(problem.Cluster) { Objectives = [objective, new ActiveHosts()] });
        AssertRefused(
            "a second load may decide what fits", new PlacementProblem(problem.Cluster) { Objectives = [new Fragmentation([4, 9], Fragmentation.Numa)] });
        AssertRefused("a host has more than two NUMA nodes",
            Rebuild(problem, host => host with { NumaNodes = [.. host.NumaNodes, host.NumaNodes[0], host.NumaNodes[0]] }, vm => vm));
        AssertRefused("a VM is not placed", Rebuild(problem, host => host, vm => vm with { Start = null, Movable = true }));
        AssertRefused("the start breaks a rule", Rebuild(problem, host => host with { State = HostState.Maintenance }, vm => vm));
    }

    private static void AssertExact(Func<int, PlacementProblem> make, int seeds, double leastProven = 0.9)
    {
        int applied = 0;
        int proven = 0;
        for (int seed = 0; seed < seeds; seed++)
        {
            PlacementProblem problem = make(seed);
            SolveSession patterns = SolveByPatterns(problem, Stop);
            if (patterns.BoundOf(0) is not { } bound) continue;
            Score best = SolveExactly(problem);
            Score found = patterns.BestScore!.Value;
            applied++;
            Assert.True(bound <= best[0], $"Seed {seed}: bound {bound} above {best[0]}.");
            Assert.True(found.CompareTo(best) >= 0, $"Seed {seed}: better than the optimum.");
            if (patterns.BoundOf(0) >= found[0] && patterns.BoundOf(1) is { } fewest)
                Assert.True(fewest <= best[1], $"Seed {seed}: bound {fewest} of migrations above {best[1]}.");
            if (!patterns.IsProven) continue;
            proven++;
            Assert.Equal(0, found.CompareTo(best));
        }

        Assert.True(applied >= 0.7 * seeds, $"Patterns applied to {applied} of {seeds}.");
        Assert.True(proven >= leastProven * applied, $"Proven {proven} of {applied}.");
    }

    private static SolveSession SolveByPatterns(PlacementProblem problem, StoppingCriterion stop)
    {
        SolveSession session = new(problem, stop, new SolveOptions(), CancellationToken.None);
        session.Offer(Placement.StartOf(problem.Cluster).Places, "start");
        PatternSearch.TryCreate(session)?.Run();
        return session;
    }

    private static Score SolveExactly(PlacementProblem problem)
    {
        SolveSession session = new(problem, Stop, new SolveOptions { Threads = 1 }, CancellationToken.None);
        Place[] start = [.. Placement.StartOf(problem.Cluster).Places];
        session.Offer(start, "start");
        new ExactSearch(session, new PlacementFormulation(session.Model, session.Scoring, session.Table, session.Filter, start)).Run(session.Left);
        Assert.True(session.IsProven);
        return session.BestScore!.Value;
    }

    private static (long Value, long Migrations)? Judge(PlacementProblem problem, Placement placement)
    {
        if (!PlacementChecker.Check(problem, placement).IsValid) return null;
        PlacementView view = new(problem.Cluster, placement);
        return (problem.Objectives[0].Value(view), problem.Cluster.AllVms.Members.Count(view.HasMoved));
    }

    private static IEnumerable<Placement> AllPlacements(ClusterSnapshot cluster)
    {
        IEnumerable<Place[]> all = [[]];
        foreach (VirtualMachine vm in cluster.Vms)
        {
            Place[] choices = vm.Movable
                ? [.. cluster.Hosts.SelectMany((host, h) => Masks(host.NumaNodes.Count, vm.NumaNodes).Select(mask => new Place(new HostId(h), mask)))]
                : [vm.Start!.Value];
            all = all.SelectMany(places => choices.Select(choice => (Place[])[.. places, choice]));
        }

        return all.Select(places => new Placement(places));
    }

    private static IEnumerable<uint> Masks(int nodes, int span) =>
        Enumerable.Range(1, (1 << nodes) - 1).Select(m => (uint)m).Where(m => BitOperations.PopCount(m) == span);

    private static PlacementProblem Rebuild(PlacementProblem problem, Func<Host, Host> host, Func<VirtualMachine, VirtualMachine> vm) =>
        new(new ClusterSnapshot(problem.Cluster.Dimensions, [.. problem.Cluster.Hosts.Select(host)], [.. problem.Cluster.Vms.Select(vm)]))
        {
            Objectives = problem.Objectives,
        };

    private static void AssertRefused(string reason, PlacementProblem problem)
    {
        SolveSession session = new(problem, Stop, new SolveOptions(), CancellationToken.None);
        Assert.Null(PatternSearch.TryCreate(session));
        Assert.StartsWith($"patterns.refused: {reason}", Assert.Single(session.Statistics.Keys), StringComparison.Ordinal);
    }
}
