using VirtOpt.Solver.HostSets;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Tests.HostSets;

/// <summary>The consolidation engine by itself against all placements written out, and against the exact model.</summary>
public sealed class HostSetSearchTests
{
    private static readonly MaxWork Work = new(5);

    [Theory, InlineData(false), InlineData(true)]
    public void BoundAndValueEncloseTheOptimumOfBruteForce(bool withRules)
    {
        int met = 0, solved = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            PlacementProblem problem = RandomConsolidation(new Random(seed), hosts: 4, vms: 5, withRules);
            SolveSession session = new(problem, Work, new SolveOptions(), TestContext.Current.CancellationToken);
            if (HostSetSearch.TryCreate(session, canCount: true, out _) is not { } search) continue;
            search.Run(TimeSpan.MaxValue);
            long? optimum = RandomProblems.AllPlacements(problem.Cluster)
                .Select(p => session.Scoring.StateAt([.. p.Places]).Score())
                .Where(s => s.Broken == 0).Select(s => (long?)s[0]).Min();
            if (optimum is null)
            {
                Assert.Null(session.BestScore);
                continue;
            }

            solved++;
            Assert.True(session.BoundOf(0) <= optimum, $"Seed {seed}: bound {session.BoundOf(0)} above {optimum}");
            Assert.True(session.BestScore is null || session.BestScore.Value[0] >= optimum, $"Seed {seed}: value below {optimum}");
            if (session.BestScore?[0] == optimum) met++;
        }

        Assert.True(solved > 10 && met >= solved * 9 / 10, $"{met} of {solved} optima were met.");
    }

    [Fact]
    public void TheWholeSolverAgreesWithTheExactModelAlone()
    {
        for (int seed = 100; seed < 106; seed++)
        {
            PlacementProblem problem = RandomConsolidation(new Random(seed), hosts: 8, vms: 16, withRules: seed % 2 == 0);
            SolveSession session = new(problem, Work, new SolveOptions(), TestContext.Current.CancellationToken);
            Place[] start = [.. Placement.StartOf(problem.Cluster).Places];
            new ExactSearch(session, new(session.Model, session.Scoring, session.Table, session.Filter, start)).Run(TimeSpan.MaxValue);
            PlacementSolution solution = new PlacementSolver()
                .Solve(problem, Work, new SolveOptions { ExplainConflict = false }, TestContext.Current.CancellationToken);
            Assert.Equal(session.BestScore?[0], solution.Levels.Count == 0 ? null : solution.Levels[0].Value);
        }
    }

    [Fact]
    public void SameSeedGivesTheSameAnswer()
    {
        PlacementProblem problem = RandomConsolidation(new Random(7), hosts: 20, vms: 60, withRules: false);
        Place[] Run()
        {
            SolveSession session = new(problem, new MaxWork(2), new SolveOptions { Seed = 3 }, TestContext.Current.CancellationToken);
            HostSetSearch.TryCreate(session, canCount: true, out _)!.Run(TimeSpan.MaxValue);
            return session.Best!;
        }

        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void OtherFirstLevelsAreLeftToOthers()
    {
        ClusterSnapshot cluster = RandomConsolidation(new Random(1), hosts: 3, vms: 3, withRules: false).Cluster;
        PlacementProblem problem = new(cluster) { Objectives = [new ActiveHosts(), new Migrations(MigrationMeasure.Count, 1, 1)] };
        using SolveSession session = new(problem, Work, new SolveOptions(), TestContext.Current.CancellationToken);
        Assert.Null(HostSetSearch.TryCreate(session, canCount: true, out string why));
        Assert.NotEqual("", why);
    }

    private static PlacementProblem RandomConsolidation(Random random, int hosts, int vms, bool withRules)
    {
        Host[] all =
        [
            .. Enumerable.Range(0, hosts)
                .Select(h => new Host { Name = $"h{h}", Capacity = [random.Next(6, 14), random.Next(6, 20)], Price = random.Next(1, 10) * 5 }),
        ];
        VirtualMachine Vm(int v)
        {
            VirtualMachine vm = new() { Name = $"v{v}", Demand = [random.Next(1, 5), random.Next(1, 6)] };
            int host = random.Next(hosts);
            if (!withRules || random.Next(3) == 0) return vm;
            return vm with { Start = new Place(new HostId(host)), Movable = random.Next(4) > 0 };
        }

        VirtualMachine[] machines = [.. Enumerable.Range(0, vms).Select(Vm)];
        VmGroup group = new("apart", [.. Enumerable.Range(0, Math.Min(3, vms)).Select(v => new VmId(v))]);
        VmGroup fenced = new("fenced", [new VmId(vms - 1)]);
        HostGroup inside = new("inside", [new HostId(0), new HostId(1)]);
        ClusterSnapshot cluster = new([new("cpu", "core"), new("memory", "GiB")], all, machines, [group, fenced], [inside]);
        return new PlacementProblem(cluster)
        {
            Constraints = withRules ? [new AntiAffinity(group), new Fence(fenced, inside)] : [],
            Objectives = [new HostPrice(1, 1), new ActiveHosts(2, 1)],
        };
    }
}
