namespace VirtOpt.Solver.Tests.Sequencing;

/// <summary>
/// Timed plans: every one passes the checker, in any course of events; none exists where the planner says so; none is shorter than its bound.
/// </summary>
public sealed class TimedPlanTests
{
    private static readonly PlanOptions Quick = new() { TimeLimit = TimeSpan.Zero };

    [Fact]
    public void Plans_of_random_problems_pass_the_checker_as_planned_and_with_other_durations()
    {
        (int moves, int hops, int whole) = (0, 0, 0);
        for (int seed = 0; seed < 400; seed++)
        {
            Random random = new(seed);
            PlacementProblem problem = Problem(random);
            if (Target(problem, random) is not { } target) continue;
            TimedPlan plan = new MigrationPlanner().Schedule(problem, target, Settings(random), Quick, TestContext.Current.CancellationToken);
            Assert.Empty(TimedPlanChecker.Check(problem, plan));
            PlanSimulator simulator = new(problem, plan, 0.5, seed);
            for (int run = 0; run < 5; run++) Assert.Empty(simulator.Run().Faults);
            if (plan.IsComplete) Assert.True(plan.Reached.Places.SequenceEqual(target.Places));
            if (plan.IsComplete) Assert.InRange(plan.Bound!.Value, 0, plan.Makespan);
            Assert.All(plan.Unreached, vm => Assert.NotEqual(target[vm.Vm], plan.Reached[vm.Vm]));
            moves += plan.Moves.Count();
            hops += plan.Hops;
            whole += plan.IsComplete ? 1 : 0;
        }

        Assert.True(moves > 400 && hops > 1 && whole > 100, $"{moves} moves, {hops} hops, {whole} whole plans");
    }

    [Fact]
    public void A_plan_exists_exactly_where_exhaustive_search_finds_one_and_its_bound_is_true()
    {
        (int none, int withHops, int best, int direct) = (0, 0, 0, 0);
        for (int seed = 0; seed < 160; seed++)
        {
            Random random = new(seed);
            (PlacementProblem problem, Placement target, PlanSettings settings, long[] seconds) = Tiny(random);
            int? shortest = new AllPlans(problem.Cluster, target, seconds, 2, hops: true).Shortest();
            int? shortestDirect = new AllPlans(problem.Cluster, target, seconds, 2, hops: false).Shortest();
            TimedPlan plan = new MigrationPlanner().Schedule(
                problem, target, settings, Quick with { Work = 0.2 }, TestContext.Current.CancellationToken);
            Assert.Equal(shortest is not null, plan.IsComplete);
            if (shortest is null)
            {
                none++;
                Assert.Contains(plan.Unreached, vm => vm.Reason.StartsWith("No order of moves of the blocked VMs exists", StringComparison.Ordinal));
                continue;
            }

            int? comparable = plan.Hops == 0 ? shortestDirect : shortest; // Fewest moves count before a short plan.
            Assert.True(plan.Bound <= comparable && comparable <= plan.Makespan, $"Seed {seed}: bound {plan.Bound}, best {comparable}, plan {plan.Makespan}");
            Assert.InRange(plan.BoundOfAll!.Value, 0, Math.Min(shortest.Value, plan.Bound!.Value));
            Assert.True(shortestDirect is null || plan.Hops == 0, $"Seed {seed}: {plan.Hops} hops");
            if (shortestDirect is null) withHops++;
            if (shortestDirect is null) continue;
            direct++;
            if (plan.Makespan <= shortestDirect) best++;
        }

        Assert.True(none > 3 && withHops > 3 && direct > 80 && best >= direct - (direct / 50), $"{none} none, {withHops} with hops, {best} of {direct} best");
    }

    internal static (PlacementProblem, Placement, PlanSettings, long[]) Tiny(Random random)
    {
        while (true)
        {
            int hosts = random.Next(2, 4);
            int vms = random.Next(3, 5);
            ClusterSnapshot cluster = new(
                [new("memory", "GiB")], [.. Enumerable.Range(0, hosts).Select(h => new Host { Name = $"h{h}", Capacity = [random.Next(6, 11)] })],
                [.. Enumerable.Range(0, vms).Select(v => new VirtualMachine
                {
                    Name = $"v{v}",
                    Demand = [random.Next(2, 7)],
                    Start = new Place(new HostId(random.Next(hosts))),
                })]);
            if (5 * cluster.Vms.Sum(vm => vm.Demand[0]) < 3 * cluster.Hosts.Sum(host => host.Capacity[0])) continue;
            PlacementProblem problem = new(cluster);
            Placement target = new([.. cluster.Vms.Select(_ => new Place(new HostId(random.Next(hosts))))]);
            Placement start = Placement.StartOf(cluster);
            if (problem.Constraints.Any(c => c.Check(new PlacementView(cluster, start)).Any() || c.Check(new PlacementView(cluster, target)).Any())) continue;
            if (Enumerable.Range(0, vms).Count(v => start[new VmId(v)] != target[new VmId(v)]) < 2) continue;
            long[] seconds = [.. cluster.Vms.Select(_ => (long)random.Next(1, 4))];
            Dictionary<VmId, VmTransfer> known = seconds.Select((s, vm) => (vm, s)).ToDictionary(x => new VmId(x.vm), x => new VmTransfer { Seconds = x.s });
            return (problem, target, new PlanSettings { Vms = known }, seconds);
        }
    }

    private static PlacementProblem Problem(Random random)
    {
        ClusterSnapshot cluster = RandomProblems.Cluster(random, 4, 9, newVms: 0.1);
        List<Constraint> rules = [new Capacity()];
        for (int i = random.Next(3); i > 0; i--)
        {
            Constraint rule = ConstraintCatalogue.Entries[random.Next(2, 9)].Example(cluster, random);
            if (rule is not Spread { Group.Members.Count: < 2 }) rules.Add(rule with { Continuous = random.Next(2) == 0 });
        }

        return new PlacementProblem(cluster) { Constraints = rules };
    }

    /// <summary>A valid placement found by chance, or by the solver.</summary>
    private static Placement? Target(PlacementProblem problem, Random random)
    {
        for (int i = 0; i < 300; i++)
        {
            Placement target = RandomProblems.Placement(problem.Cluster, random);
            if (PlacementChecker.Check(problem, target).IsValid) return target;
        }

        return null;
    }

    private static PlanSettings Settings(Random random) => new()
    {
        Transfer = new() { Bandwidth = random.Next(500, 5000), DirtyRate = random.Next(0, 900) },
        Limits = new()
        {
            PerHost = random.Next(3) is > 0 and int perHost ? perHost : null,
            PerHostIn = random.Next(3) == 0 ? 1 : null,
            InCluster = random.Next(3) == 0 ? 2 : null,
            LinkScope = random.Next(3) == 0 ? "rack" : null,
            PerLink = 1,
            Windows = random.Next(3) == 0 ? [new(5, 60), new(80, 200)] : [],
            Deadline = random.Next(3) == 0 ? 150 : null,
        },
    };
}
