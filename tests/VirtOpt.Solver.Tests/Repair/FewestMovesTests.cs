namespace VirtOpt.Solver.Tests.Repair;

/// <summary>Broken starts are repaired by as few migrations as there must be, and the number that there must be is true.</summary>
public sealed class FewestMovesTests
{
    private static readonly SolveOptions OneThread = new() { Threads = 1 };

    [Fact]
    public void The_bound_is_never_above_the_best_of_all_placements_and_often_it_is_the_best()
    {
        (int broken, int met) = (0, 0);
        for (int seed = 0; seed < 400; seed++)
        {
            Random random = new(seed);
            ClusterSnapshot cluster = RandomProblems.Cluster(random, 4, 6, newVms: 0);
            List<Constraint> rules = [new Capacity()];
            for (int i = random.Next(3); i > 0; i--)
            {
                int entry = random.Next(4) switch { 0 => 2, 1 => 4, 2 => 5, _ => ConstraintCatalogue.Entries.Count - 1 };
                rules.Add(ConstraintCatalogue.Entries[entry].Example(cluster, random));
            }

            PlacementProblem problem = new(cluster) { Constraints = rules, Objectives = [new Migrations()] };
            int bound = MigrationBound.Of(problem);
            if (bound == 0 || Fewest(problem) is not { } fewest) continue;
            broken++;
            Assert.True(bound <= fewest, $"Seed {seed}: the bound is {bound}, {fewest} migrations do");
            if (bound == fewest) met++;
        }

        Assert.True(broken > 80 && met > broken / 2, $"{broken} broken starts, {met} bounds met");
    }

    [Fact]
    public void The_fewest_and_then_the_smallest_VMs_leave_a_host_that_holds_too_much()
    {
        PlacementProblem problem = new(Overloaded(4)) { Objectives = [new Migrations()] };
        PlacementSolution solution = new PlacementSolver().Solve(
            problem, new MaxRuntime(TimeSpan.FromSeconds(20)), OneThread, TestContext.Current.CancellationToken);
        Assert.Equal((SolveStatus.Optimal, 4L), (solution.Status, solution.Objective));
        Assert.Equal("fewest moves", solution.Engine);
        Assert.Empty(solution.Report!.Unrepaired);
        VmId[] moved = [.. problem.Cluster.AllVms.Members.Where(vm => solution.Placement![vm] != problem.Cluster[vm].Start)];
        Assert.All(moved, vm => Assert.Equal(3, problem.Cluster[vm].Demand[0]));
    }

    [Fact]
    public void Where_a_host_must_lose_two_of_its_VMs_the_bound_says_so()
    {
        ClusterSnapshot cluster = new(
            [new("cpu", "core")], [.. Enumerable.Range(0, 3).Select(h => new Host { Name = $"h{h}", Capacity = [10] })],
            [.. Enumerable.Range(0, 6).Select(v => new VirtualMachine { Name = $"v{v}", Demand = [3], Start = new Place(new HostId(v < 5 ? 0 : 1)) })]);
        Assert.Equal(2, MigrationBound.Of(new PlacementProblem(cluster)));
        VmGroup group = new("web", [new VmId(0), new VmId(1), new VmId(2), new VmId(3)]);
        Assert.Equal(3, MigrationBound.Of(new PlacementProblem(cluster) { Constraints = [new AntiAffinity(group)] }));
    }

    /// <summary>The migrations of the best placement that repairs all that the start breaks; null if there is none.</summary>
    private static int? Fewest(PlacementProblem problem)
    {
        int? fewest = null;
        foreach (Placement placement in RandomProblems.AllPlacements(problem.Cluster))
        {
            int moved = Enumerable.Range(0, placement.Count).Count(vm => problem.Cluster.Vms[vm].Start != placement[new VmId(vm)]);
            if (moved >= fewest) continue;
            CheckReport report = PlacementChecker.Check(problem, placement);
            if (report.IsValid && report.Unrepaired.Count == 0) fewest = moved;
        }

        return fewest;
    }

    /// <summary>Hosts of 10 cores; the first ones hold VMs of 4, 4 and 3, the others one of 5.</summary>
    private static ClusterSnapshot Overloaded(int hosts) => new(
        [new("cpu", "core")], [.. Enumerable.Range(0, 2 * hosts).Select(h => new Host { Name = $"h{h}", Capacity = [10] })],
        [
            .. Enumerable.Range(0, 3 * hosts)
                .Select(v => new VirtualMachine { Name = $"v{v}", Demand = [v % 3 == 2 ? 3 : 4], Start = new Place(new HostId(v / 3)) }),
            .. Enumerable.Range(0, hosts).Select(v => new VirtualMachine { Name = $"w{v}", Demand = [5], Start = new Place(new HostId(hosts + v)) }),
        ]);
}
