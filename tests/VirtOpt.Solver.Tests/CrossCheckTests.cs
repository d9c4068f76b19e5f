using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Tests;

/// <summary>For every entry of the catalogues: naive checker = incremental state = exact model = brute force.</summary>
public sealed class CrossCheckTests
{
    private const int Seeds = 40;

    public static TheoryData<string> Constraints => [.. ConstraintCatalogue.Entries.Select(e => e.Name)];

    public static TheoryData<string> Objectives => [.. ObjectiveCatalogue.Entries.Select(e => e.Name)];

    [Theory, MemberData(nameof(Constraints))]
    public void CheckerAndIncrementalStateAgreeOnConstraints(string name)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            ClusterSnapshot cluster = RandomProblems.Cluster(random, mostVms: 8);
            if (Example(name, cluster, random) is { } rule)
                AssertMovesAgree(
                    new PlacementProblem(cluster) { Constraints = [rule] },
                    random,
                    view => rule.Check(view).Sum(v => v.Amount),
                    model => model.Requirements.Where(r => r.Source == rule).Select(r => r.Term));
        }
    }

    [Theory, MemberData(nameof(Objectives))]
    public void CheckerAndIncrementalStateAgreeOnObjectives(string name)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            ClusterSnapshot cluster = RandomProblems.Cluster(random, mostVms: 8);
            Objective objective = ObjectiveCatalogue.Named(name)!.Example(cluster, random);
            AssertMovesAgree(
                new PlacementProblem(cluster) { Objectives = [objective] },
                random,
                objective.Value,
                model => model.Goals.Where(g => g.Level == 1).Select(g => g.Term));
        }
    }

    [Theory, MemberData(nameof(Constraints))]
    public void HardConstraintsReachTheOptimumOfBruteForce(string name) => AssertOptimal(name, (cluster, random) =>
        Example(name, cluster, random) is { } rule
            ? new PlacementProblem(cluster) { Constraints = [rule], Objectives = [new HostPrice(), new Overload(null, 50, 1, 2)] }
            : null);

    [Theory, MemberData(nameof(Constraints))]
    public void SoftConstraintsReachTheOptimumOfBruteForce(string name) => AssertOptimal(name, (cluster, random) =>
        Example(name, cluster, random) is { } rule
            ? new PlacementProblem(cluster) { Constraints = [rule with { Soft = new Soft(3) }], Objectives = [new ActiveHosts(2)] }
            : null);

    [Theory, MemberData(nameof(Objectives))]
    public void ObjectivesReachTheOptimumOfBruteForce(string name) => AssertOptimal(name, (cluster, random) =>
        new PlacementProblem(cluster) { Objectives = [ObjectiveCatalogue.Named(name)!.Example(cluster, random)] });

    [Fact]
    public void EveryConstraintAndObjectiveIsInItsCatalogue()
    {
        Type[] types = typeof(Constraint).Assembly.GetTypes();
        Assert.Equal(
            types.Where(t => t.IsSubclassOf(typeof(Constraint))).OrderBy(t => t.Name), ConstraintCatalogue.Entries.Select(e => e.Type).OrderBy(t => t.Name));
        Assert.Equal(
            types.Where(t => t.IsSubclassOf(typeof(Objective))).OrderBy(t => t.Name), ObjectiveCatalogue.Entries.Select(e => e.Type).OrderBy(t => t.Name));
    }

    private static Constraint? Example(string name, ClusterSnapshot cluster, Random random)
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

    private static void AssertMovesAgree(
        PlacementProblem problem, Random random, Func<PlacementView, long> naive, Func<PlacementModel, IEnumerable<Term>> termsOf)
    {
        PlacementModel model = problem.Compile();
        Term[] terms = [.. termsOf(model)];
        Assert.NotEmpty(terms);
        PlacementState state = new(model, RandomProblems.Placement(problem.Cluster, random).Places);
        for (int step = 0; step < 25; step++)
        {
            PlacementState fresh = new(model, state.Places);
            long expected = naive(new PlacementView(problem.Cluster, new Placement(state.Places)));
            Assert.Equal(expected, terms.Sum(fresh.Amount));
            Assert.Equal(expected, terms.Sum(state.Amount));
            int vm = random.Next(problem.Cluster.Vms.Count);
            if (problem.Cluster.Vms[vm].Movable) state.Move(vm, RandomProblems.Placement(problem.Cluster, random)[new VmId(vm)]);
        }
    }

    private static void AssertOptimal(string name, Func<ClusterSnapshot, Random, PlacementProblem?> make)
    {
        int feasible = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(1000 + seed);
            ClusterSnapshot cluster = RandomProblems.Cluster(random, mostHosts: 3, mostVms: 4);
            if (make(cluster, random) is not { } problem) continue;
            PlacementSolution solution = new PlacementSolver()
                .Solve(problem, new MaxWork(10), new SolveOptions { ExplainConflict = false }, TestContext.Current.CancellationToken);
            (Score? best, Placement? placement) = BruteForce.Best(problem);
            string where = $"{name}, seed {seed}";
            Assert.True(
                (best is null ? SolveStatus.Infeasible : SolveStatus.Optimal) == solution.Status,
                $"{where}: {solution.Status} {string.Join(" ", solution.Levels)}, brute force {(best is null ? "infeasible" : "feasible")}");
            if (best is not { } optimum) continue;
            feasible++;
            Score reached = new Scoring(problem.Compile()).StateAt(solution.Placement!.Places).Score();
            Assert.True(
                reached.CompareTo(optimum) == 0,
                $"{where}: {string.Join(" ", solution.Levels)} but brute force has {string.Join(" ", PlacementChecker.Check(problem, placement!).Levels)}");
        }

        Assert.True(feasible > 0, $"{name}: no example was feasible, so nothing was compared.");
    }
}
