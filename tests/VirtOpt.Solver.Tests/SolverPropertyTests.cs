namespace VirtOpt.Solver.Tests;

/// <summary>
/// What must hold for every solve, whatever the problem: nothing moves without a reason, plans are safe, conflicts are minimal,
/// same seed same answer.
/// </summary>
public sealed class SolverPropertyTests
{
    private static readonly SolveOptions Quick = new() { ExplainConflict = false };

    [Fact]
    public void SolvingAResultAgainMovesNothing()
    {
        int solved = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            PlacementProblem problem = RandomProblem(new Random(seed), newVms: 0.1);
            PlacementSolution first = Solve(problem);
            if (first.Placement is not { } placement) continue;
            solved++;
            PlacementProblem again = Restart(problem, placement);
            PlacementSolution second = Solve(again);
            Assert.True(placement.Places.SequenceEqual(second.Placement!.Places), $"Seed {seed}: {string.Join(" ", second.Levels)}");
        }

        Assert.True(solved > 20);
    }

    [Fact]
    public void PlansNeverBreakARuleOnTheWay()
    {
        int migrations = 0;
        for (int seed = 0; seed < 150; seed++)
        {
            PlacementProblem problem = RandomProblem(new Random(seed), newVms: 0.1);
            PlacementSolution solution = Solve(problem);
            if (solution.Placement is null) continue;
            MigrationPlan plan = new MigrationPlanner().Plan(problem, solution);
            Assert.Empty(MigrationPlanChecker.Check(problem, plan));
            if (plan.IsComplete) Assert.Equal(solution.Report!.Levels, PlacementChecker.Check(problem, plan.Reached).Levels);
            migrations += plan.Migrations.Count;
        }

        Assert.True(migrations > 50);
    }

    [Fact]
    public void TwoFullHostsExchangeTheirVmsByAHop()
    {
        Host Host(string name) => new() { Name = name, Capacity = [10] };
        VirtualMachine Vm(string name, long size, int host) => new() { Name = name, Demand = [size], Start = new Place(new HostId(host)) };
        ClusterSnapshot cluster = new([new("memory", "GiB")], [Host("a"), Host("b"), Host("spare")], [Vm("v", 8, 0), Vm("w", 7, 1), Vm("x", 3, 2)]);
        PlacementProblem problem = new(cluster);
        MigrationPlan plan = new MigrationPlanner().Plan(problem, new Placement([new(new HostId(1)), new(new HostId(0)), new(new HostId(2))]));
        Assert.True(plan.IsComplete);
        Assert.Equal(1, plan.Hops);
        Assert.Equal(3, plan.Migrations.Count);
        Assert.Empty(MigrationPlanChecker.Check(problem, plan));
    }

    [Fact]
    public void AnExchangeWithoutSpareRoomIsReportedAsUnreached()
    {
        Host Host(string name) => new() { Name = name, Capacity = [10] };
        VirtualMachine Vm(string name, long size, int host) => new() { Name = name, Demand = [size], Start = new Place(new HostId(host)) };
        ClusterSnapshot cluster = new([new("memory", "GiB")], [Host("a"), Host("b")], [Vm("v", 8, 0), Vm("w", 7, 1)]);
        MigrationPlan plan = new MigrationPlanner().Plan(new PlacementProblem(cluster), new Placement([new(new HostId(1)), new(new HostId(0))]));
        Assert.Empty(plan.Migrations);
        Assert.Equal(2, plan.Unreached.Count);
    }

    /// <summary>A failure that the start does not survive is tolerated; another one in its stead is not.</summary>
    [Fact]
    public void ABrokenFailureCannotBeTradedForAnother()
    {
        Host Host(string name) => new() { Name = name, Capacity = [10] };
        ClusterSnapshot cluster = new(
            [new("memory", "GiB")],
            [Host("a"), Host("b"), Host("c")],
            [
                new() { Name = "v", Demand = [9], Start = new Place(new HostId(0)) },
                new() { Name = "w", Demand = [3], Start = new Place(new HostId(1)), Movable = false },
                new() { Name = "x", Demand = [3], Start = new Place(new HostId(2)) },
            ]);
        VmGroup Only(int vm) => new($"only {vm}", [new VmId(vm)]);
        PlacementProblem problem = new(cluster)
        {
            Constraints =
            [
                new Failover(),
                new Fence(Only(2), new HostGroup("a and c", [new HostId(0), new HostId(2)])),
                new Fence(Only(0), new HostGroup("c", [new HostId(2)])) { Soft = new Soft() },
            ],
        };
        PlacementSolution solution = Solve(problem);
        Assert.Equal(SolveStatus.Optimal, solution.Status);
        Assert.True(solution.Report!.IsValid);
    }

    [Fact]
    public void SameSeedAndWorkGiveTheSamePlacement()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            PlacementProblem problem = RandomProblem(new Random(seed), newVms: 0.2, mostHosts: 10, mostVms: 25);
            PlacementSolution first = Solve(problem, work: 2);
            PlacementSolution second = Solve(RandomProblem(new Random(seed), newVms: 0.2, mostHosts: 10, mostVms: 25), work: 2);
            Assert.Equal(first.Status, second.Status);
            if (first.Placement is { } placement) Assert.True(placement.Places.SequenceEqual(second.Placement!.Places));
        }
    }

    [Fact]
    public void SeveralThreadsAndMipReachTheSameOptimum()
    {
        for (int seed = 0; seed < 25; seed++)
        {
            PlacementProblem problem = RandomProblem(new Random(seed), newVms: 0.2);
            PlacementSolution one = Solve(problem);
            PlacementSolution raced = new PlacementSolver()
                .Solve(problem, new MaxRuntime(TimeSpan.FromSeconds(20)), Quick with { Threads = 2 }, TestContext.Current.CancellationToken);
            Assert.Equal(one.Status, raced.Status);
            Assert.Equal(one.Levels.Select(l => l.Value), raced.Levels.Select(l => l.Value));
        }
    }

    [Fact]
    public void ConflictsAreMinimal()
    {
        int explained = 0;
        for (int seed = 0; seed < 200 && explained < 12; seed++)
        {
            PlacementProblem problem = RandomProblem(new Random(seed), newVms: 0.8);
            PlacementSolution solution = new PlacementSolver().Solve(problem, new MaxWork(5), new SolveOptions(), TestContext.Current.CancellationToken);
            if (solution.Conflict is not { IsMinimal: true } conflict) continue;
            explained++;
            Assert.NotEmpty(conflict.Vms);
            Assert.NotEmpty(conflict.Relaxations);
            Assert.False(IsFeasible(problem, conflict.Rules, conflict.Vms), $"Seed {seed}: the conflict is none: {conflict.Message}");
            foreach (string rule in conflict.Rules)
                Assert.True(IsFeasible(problem, [.. conflict.Rules.Except([rule])], conflict.Vms), $"Seed {seed}: {rule} is not needed: {conflict.Message}");
            foreach (VmId vm in conflict.Vms)
                Assert.True(IsFeasible(problem, conflict.Rules, [.. conflict.Vms.Except([vm])]), $"Seed {seed}: {vm} is not needed: {conflict.Message}");
        }

        Assert.Equal(12, explained);
    }

    [Fact]
    public void ACancelledSolveReturnsWhatItHas()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        PlacementSolution solution = new PlacementSolver()
            .Solve(RandomProblem(new Random(1), newVms: 0), new MaxRuntime(TimeSpan.FromMinutes(5)), Quick, cancelled.Token);
        Assert.Equal(SolveStatus.Feasible, solution.Status);
        Assert.NotNull(solution.Placement);
        Assert.True(solution.Duration < TimeSpan.FromSeconds(30));
    }

    /// <summary>
    /// By brute force: whether the cluster with only some new VMs has a placement that keeps the named rules (a start that breaks them may stay so).
    /// </summary>
    private static bool IsFeasible(PlacementProblem problem, IReadOnlyList<string> rules, IReadOnlyList<VmId> vms)
    {
        ClusterSnapshot cluster = problem.Cluster;
        Constraint[] kept = [.. problem.Constraints.Where(c => rules.Contains(c.Describe()))];
        PlacementView start = new(cluster, Placement.StartOf(cluster));
        Dictionary<(Constraint, string), long> atStart = kept
            .SelectMany(c => c.Check(start).Select(v => ((c, v.Item), v.Amount))).ToDictionary(x => x.Item1, x => x.Amount);
        foreach (Placement full in RandomProblems.AllPlacements(cluster))
        {
            Place[] places = full.Places.ToArray();
            for (int vm = 0; vm < places.Length; vm++)
                if (cluster.Vms[vm].Start is null && !vms.Contains(new VmId(vm))) places[vm] = Placement.Nowhere;
            PlacementView view = new(cluster, new Placement(places));
            if (kept.All(c => c.Check(view).All(v => v.Amount <= atStart.GetValueOrDefault((c, v.Item))))) return true;
        }

        return false;
    }

    private static PlacementProblem RandomProblem(Random random, double newVms, int mostHosts = 4, int mostVms = 5)
    {
        ClusterSnapshot cluster = RandomProblems.Cluster(random, mostHosts, mostVms, newVms);
        List<Constraint> rules = [new Capacity()];
        for (int i = random.Next(4); i > 0; i--)
        {
            Constraint rule = ConstraintCatalogue.Entries[random.Next(2, 9)].Example(cluster, random);
            if (rule is Spread spread && spread.Group.Members.Count < 2) continue;
            rules.Add(rule with { Continuous = random.Next(2) == 0, Soft = random.Next(4) == 0 ? new Soft(2) : null });
        }

        Objective[] objectives =
        [
            .. Enumerable.Range(1, 2)
                .Select(level => ObjectiveCatalogue.Entries[random.Next(ObjectiveCatalogue.Entries.Count)].Example(cluster, random) with { Level = level }),
        ];
        return new PlacementProblem(cluster) { Constraints = rules, Objectives = objectives };
    }

    private static PlacementProblem Restart(PlacementProblem problem, Placement placement)
    {
        ClusterSnapshot cluster = problem.Cluster;
        VirtualMachine[] vms = [.. cluster.Vms.Select((vm, i) => vm with { Start = placement[new VmId(i)] })];
        return new PlacementProblem(new ClusterSnapshot(cluster.Dimensions, cluster.Hosts, vms))
        {
            Constraints = problem.Constraints,
            Objectives = problem.Objectives,
        };
    }

    private static PlacementSolution Solve(PlacementProblem problem, double work = 10) =>
        new PlacementSolver().Solve(problem, new MaxWork(work), Quick, TestContext.Current.CancellationToken);
}
