using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Kernels;
using VirtOpt.Solver.Search.Local;
using VirtOpt.Solver.Search.Local.Moves;
using VirtOpt.Solver.Search.Neighbourhoods;

namespace VirtOpt.Solver.Tests.Search;

/// <summary>Every part of the search can be taken away, and every part finds something by itself.</summary>
public sealed class SearchPartTests
{
    private static readonly MaxWork Work = new(1);

    [Fact]
    public void LocalSearchImprovesWithoutAnyOneMove()
    {
        foreach ((Move removed, _) in MoveCatalogue.Entries) Assert.True(ValueAfter([.. MoveCatalogue.Entries.Where(e => e.Move != removed)]) < ValueAfter([]));
    }

    [Fact]
    public void EveryMoveIsMade()
    {
        PlacementProblem problem = new(Cluster(hosts: 10, vms: 60)) { Objectives = [new LoadDeviation(), new ActiveHosts(1_000_000), new Migrations(MigrationMeasure.Count, 1, 1)] };
        using SolveSession session = Session(problem);
        Search(session, MoveCatalogue.Entries);
        foreach ((Move move, _) in MoveCatalogue.Entries) Assert.True(session.Statistics[$"search.made.{move.Name}"] > 0, $"No {move.Name} was made.");
    }

    [Fact]
    public void VmsGoHomeOnlyWhereItMattersWhereTheyStarted()
    {
        PlacementProblem free = Spread();
        PlacementProblem charged = new(free.Cluster) { Objectives = [new LoadDeviation(), new Migrations(MigrationMeasure.Count, 1, 1)] };
        Assert.DoesNotContain(MoveCatalogue.Entries, e => e.Move is Return or ReturnBySwap && e.Move.Suits(free.Compile()));
        Assert.Equal(2, MoveCatalogue.Entries.Count(e => e.Move is Return or ReturnBySwap && e.Move.Suits(charged.Compile())));
    }

    [Fact]
    public void NeighbourhoodSearchImprovesWithoutAnyOneNeighbourhood()
    {
        using SolveSession probe = Session(Spread());
        int all = NeighbourhoodCatalogue.For(probe).Count();
        Assert.True(all > 1);
        for (int removed = 0; removed < all; removed++)
        {
            using SolveSession session = Session(Spread());
            long before = session.BestScore!.Value[0];
            Neighbourhood[] others = [.. NeighbourhoodCatalogue.For(session).Where((_, i) => i != removed)];
            new LargeNeighbourhoodSearch(session, others).Run(TimeSpan.MaxValue, 3);
            Assert.True(session.BestScore!.Value[0] < before);
        }
    }

    [Fact]
    public void TheSameSeedAndWorkGiveTheSamePlacement() =>
        Assert.Equal(PlacesAfter(MoveCatalogue.Entries), PlacesAfter(MoveCatalogue.Entries));

    [Theory, InlineData(10, 60), InlineData(400, 1200)]
    public void SeveralThreadsThatCountWorkGiveTheSamePlacementEveryTime(int hosts, int vms)
    {
        PlacementProblem problem = new(Cluster(hosts, vms)) { Objectives = [new LoadDeviation(), new Migrations(MigrationMeasure.Count, 1, 1)] };
        PlacementSolution[] solutions = [.. Enumerable.Range(0, 3).Select(_ => Solve(problem, new MaxWork(0.3) { Threads = 3 }, []))];
        Assert.All(solutions, s => Assert.Equal(solutions[0].Placement!.Places, s.Placement!.Places));
        Assert.Equal(solutions[0].Statistics["search.moves"], solutions[1].Statistics["search.moves"]);
        Assert.True(solutions[0].Statistics["search.moves"] > 1.5 * Solve(problem, new MaxWork(0.3), []).Statistics["search.moves"]);
    }

    [Fact]
    public void NoMoveLeavesTheHostsOfItsThread()
    {
        PlacementProblem problem = new(Cluster(hosts: 40, vms: 160)) { Objectives = [new LoadDeviation(), new ActiveHosts(), new Migrations(MigrationMeasure.Count, 1, 1)] };
        using SolveSession session = Session(problem);
        CandidateTable candidates = new(session.Model, session.Filter, session.Table);
        SizeOrder order = new(problem.Cluster, candidates);
        SearchModel model = new(session.Model, session.Scoring, session.BestScore!.Value, 0);
        SearchState state = new(model, session.Best!);
        SharedRules rules = new(session.Model);
        foreach ((Move move, _) in (IEnumerable<(Move, double)>)[.. MoveCatalogue.Entries, .. MoveCatalogue.Entries])
            for (int turn = 0; turn < 8; turn++)
            {
                Territory mine = Territory.Divide(rules, [.. Enumerable.Range(0, 40)], 2, turn, new Random(turn))[0];
                Place[] before = [.. state.Places];
                SearchField field = new(state, candidates, mine, order, new FastRandom(turn), 0.5);
                field.NextBlock();
                for (int i = 0; i < 500; i++) move.Try(field, double.MaxValue);
                for (int vm = 0; vm < before.Length; vm++)
                    Assert.True(before[vm] == state.PlaceOf(vm) || (mine.Contains(before[vm].Host.Index) && mine.Contains(state.PlaceOf(vm).Host.Index)), move.Name);
            }
    }

    [Fact]
    public void EveryPartByNameCanBeLeftOut()
    {
        PlacementProblem problem = new(Cluster(hosts: 12, vms: 60)) { Objectives = [new ActiveHosts(1), new LoadDeviation()] };
        long start = PlacementChecker.Check(problem, Placement.StartOf(problem.Cluster)).Levels[0];
        foreach (string part in SolverParts.All)
        {
            PlacementSolution solution = Solve(problem, new MaxWork(0.2), [part]);
            Assert.True(solution.Report!.IsValid && solution.Objective < start, part);
            Assert.DoesNotContain($"search.made.{part}", solution.Statistics.Keys);
            Assert.DoesNotContain($"lns.{part}", solution.Statistics.Keys);
        }

        PlacementSolution none = Solve(problem, new MaxWork(0.2), SolverParts.All);
        Assert.True(none.Report!.IsValid);
        Assert.DoesNotContain(none.Statistics.Keys, k => k.StartsWith("search.", StringComparison.Ordinal) || k.StartsWith("lns.", StringComparison.Ordinal));
        Assert.Contains("There is no part (sauce)", Assert.Throws<InvalidInputException>(() => Solve(problem, new MaxWork(0.2), ["sauce"])).Message, StringComparison.Ordinal);
    }

    private static PlacementSolution Solve(PlacementProblem problem, MaxWork work, IReadOnlyCollection<string> without) =>
        new PlacementSolver().Solve(problem, work, new SolveOptions { Without = without }, TestContext.Current.CancellationToken);

    [Fact]
    public void ThreadsOnHostsOfTheirOwnKeepTheRulesThatTieHostsTogether()
    {
        ClusterSnapshot cluster = Cluster(hosts: 16, vms: 160);
        VmGroup[] groups = [.. Enumerable.Range(0, 20).Select(g => new VmGroup($"g{g}", [.. Enumerable.Range(0, 8).Select(i => new VmId((8 * g) + i))]))];
        PlacementProblem problem = new(cluster)
        {
            Constraints = [.. groups.Select((g, i) => i % 2 == 0 ? new Spread(g, "rack", 1 + (i % 3)) : (Constraint)new Dependency(g, groups[i - 1], "rack"))],
            Objectives = [new LoadDeviation()],
        };
        PlacementSolution solution = new PlacementSolver().Solve(
            problem, new MaxRuntime(TimeSpan.FromSeconds(2)), new SolveOptions { Threads = 3 }, TestContext.Current.CancellationToken);
        Assert.True(solution.Report!.IsValid);
        Assert.True(solution.Objective < PlacementChecker.Check(problem, Placement.StartOf(cluster)).Levels[0]);
    }

    private static long ValueAfter(IReadOnlyList<(Move, double)> moves)
    {
        using SolveSession session = Session(Spread());
        Search(session, moves);
        return session.BestScore!.Value[0];
    }

    private static Place[] PlacesAfter(IReadOnlyList<(Move, double)> moves)
    {
        using SolveSession session = Session(Spread());
        Search(session, moves);
        return session.Best!;
    }

    private static void Search(SolveSession session, IReadOnlyList<(Move, double)> moves) =>
        new LocalSearch(session, new CandidateTable(session.Model, session.Filter, session.Table), 0, moves).Run(TimeSpan.MaxValue, 20_000);

    private static SolveSession Session(PlacementProblem problem)
    {
        SolveSession session = new(problem, Work, new SolveOptions(), TestContext.Current.CancellationToken);
        session.Offer(Placement.StartOf(problem.Cluster).Places, "start");
        return session;
    }

    private static PlacementProblem Spread() => new(Cluster(hosts: 10, vms: 60)) { Objectives = [new LoadDeviation()] };

    /// <summary>Hosts in three racks, VMs of many sizes, dealt out without a look at them.</summary>
    private static ClusterSnapshot Cluster(int hosts, int vms)
    {
        Random random = new(1);
        Host[] all =
        [
            .. Enumerable.Range(0, hosts).Select(h => new Host
            {
                Name = $"h{h}", Capacity = [400], Labels = new Dictionary<string, string> { ["rack"] = $"r{h % 3}" },
            }),
        ];
        VirtualMachine[] machines =
        [
            .. Enumerable.Range(0, vms).Select(v => new VirtualMachine
            {
                Name = $"v{v}", Demand = [random.Next(1, 30)], Start = new Place(new HostId(v % hosts)),
            }),
        ];
        VmGroup pair = new("pair", [new VmId(0), new VmId(1)]);
        return new ClusterSnapshot([new("cpu", "core")], all, machines, [pair]);
    }
}
