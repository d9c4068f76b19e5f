namespace VirtOpt.Solver.Tests.Sequencing;

/// <summary>Parts of plans: every stop leaves a valid cluster that is worth what the curve says; the part within limits is the best one.</summary>
public sealed class PlanValueTests
{
    private static readonly PlanOptions ByValue = new() { TimeLimit = TimeSpan.Zero, Order = PlanOrder.Value, WithCurve = true };

    [Fact]
    public void Plans_by_value_may_end_after_any_stop()
    {
        (int stops, int early, int whole, int falls) = (0, 0, 0, 0);
        for (int seed = 0; seed < 600; seed++)
        {
            Random random = new(seed);
            if (Case(random) is not var (problem, target)) continue;
            PlanSettings settings = new() { Transfer = new() { Bandwidth = random.Next(500, 5000) }, Limits = new() { PerHost = random.Next(1, 3) } };
            TimedPlan plan = Schedule(problem, target, settings, ByValue);
            Assert.Empty(TimedPlanChecker.Check(problem, plan));
            Assert.Equal(plan.Moves.Count(), plan.Curve!.Stops[^1].Moves);
            CheckReport start = PlacementChecker.Check(problem, Placement.StartOf(problem.Cluster));
            foreach (PlanStop stop in plan.Curve.Stops)
            {
                TimedPlan part = plan.Until(problem.Cluster, stop.Wave!.Value);
                Assert.Empty(TimedPlanChecker.Check(problem, part));
                Assert.Equal((stop.Moves, stop.Seconds), (part.Moves.Count(), part.Makespan));
                CheckReport report = PlacementChecker.Check(problem, part.Reached);
                Assert.All(stop.Levels.Where(l => l.Level > 0 && report.Terms.Count > 0), level =>
                    Assert.Equal(report.Terms.Where(t => t.Level == level.Level).Sum(t => t.Weight * t.Value), level.Value));
                stops++;
            }

            whole += plan.IsComplete ? 1 : 0;
            if (plan.Curve.GainLevel is null || !plan.IsComplete) continue;
            Assert.Equal((0, 1), (plan.Curve.Stops[0].Gain, plan.Curve.Stops[^1].Gain));
            early += plan.Curve.Stops.SkipLast(1).Any(s => s.Gain >= 0.5) ? 1 : 0;
            falls += plan.Curve.Stops.Zip(plan.Curve.Stops.Skip(1)).Any(s => s.Second.Gain < s.First.Gain) ? 1 : 0;
        }

        Assert.True(stops > 500 && whole > 60 && early > 30 && falls < whole, $"{stops} stops, {whole} whole, {early} early gains, {falls} falls");
    }

    [Fact]
    public void The_part_of_a_plan_within_limits_is_the_best_of_all_parts()
    {
        (int compared, int some) = (0, 0);
        for (int seed = 0; seed < 600; seed++)
        {
            Random random = new(seed);
            if (Case(random, 6) is not var (problem, target)) continue;
            int[] moving = [.. Enumerable.Range(0, problem.Cluster.Vms.Count).Where(vm => problem.Cluster.Vms[vm].Start != target[new VmId(vm)])];
            int most = random.Next(1, 4);
            double? mostMiB = random.Next(2) == 0 ? 1024 * random.Next(4, 30) : null;
            PlanSettings settings = new() { Limits = new() { MaxMigrations = most, MaxMovedMiB = mostMiB }, Transfer = new() { DirtyRate = 0 } };
            TimedPlan plan = Schedule(problem, target, settings, ByValue with { Order = random.Next(2) == 0 ? PlanOrder.Value : PlanOrder.Fastest });
            Assert.Empty(TimedPlanChecker.Check(problem, plan));
            Assert.InRange(plan.Moves.Count(), 0, most);
            if (plan.IsComplete) continue;
            Assert.All(plan.Unreached, vm => Assert.True(vm.IsLeftOut, vm.Reason));
            long[]? best = null;
            for (int set = 0; set < 1 << moving.Length; set++)
            {
                int[] chosen = [.. moving.Where((_, i) => (set >> i & 1) == 1)];
                if (chosen.Length > most || chosen.Sum(vm => MiB(problem, vm, target)) > mostMiB) continue;
                Place[] places = [.. Placement.StartOf(problem.Cluster).Places];
                foreach (int vm in chosen) places[vm] = target[new VmId(vm)];
                CheckReport report = PlacementChecker.Check(problem, new Placement(places));
                if (!report.IsValid || !CanBeReached(problem, chosen, target)) continue;
                long[] levels = [.. report.Levels];
                if (best is null || levels.AsSpan().SequenceCompareTo(best) < 0) best = levels;
            }

            Assert.Equal(best, PlacementChecker.Check(problem, plan.Reached).Levels);
            compared++;
            some += plan.Unreached.Count > 0 && plan.Actions.Count > 0 ? 1 : 0;
        }

        Assert.True(compared > 80 && some > 30, $"{compared} compared, {some} of them with a part of the plan");
    }

    [Fact]
    public void A_plan_for_a_short_time_is_the_best_part_that_ends_in_time()
    {
        int parts = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            Random random = new(seed);
            if (Case(random) is not var (problem, target)) continue;
            PlanSettings settings = new() { Limits = new() { PerHost = 1, Deadline = random.Next(3, 9) } };
            TimedPlan plan = Schedule(problem, target, settings, ByValue with { Order = PlanOrder.Fastest });
            Assert.Empty(TimedPlanChecker.Check(problem, plan));
            if (plan.IsComplete || plan.Unreached.Any(u => !u.Reason.Contains("the time for actions", StringComparison.Ordinal))) continue;
            parts++;
            TimedPlan byValue = Schedule(problem, target, settings with { Limits = settings.Limits with { Deadline = null } }, ByValue);
            long[] reached = [.. PlacementChecker.Check(problem, plan.Reached).Levels.Take(2)];
            foreach (PlanStop stop in byValue.Curve!.Stops.Where(s => s.Seconds <= settings.Limits.Deadline))
                Assert.True(reached.AsSpan().SequenceCompareTo([.. stop.Levels.Select(l => l.Value)]) <= 0, $"Seed {seed}: a stop by value is better");
        }

        Assert.True(parts > 20, $"{parts} parts");
    }

    [Fact]
    public void Small_waves_follow_each_other_with_checks_between_them()
    {
        (int waves, int cut) = (0, 0);
        for (int seed = 0; seed < 400; seed++)
        {
            Random random = new(seed);
            if (Case(random) is not var (problem, target)) continue;
            int size = random.Next(1, 4);
            PlanSettings settings = new() { Limits = new() { WaveSize = size, WavePause = random.Next(0, 900) } };
            TimedPlan plan = Schedule(problem, target, settings, ByValue with { Order = PlanOrder.Fastest });
            Assert.Empty(TimedPlanChecker.Check(problem, plan));
            PlannedAction[] checks = [.. plan.Actions.Where(a => a.Kind == ActionKind.Check)];
            PlannedAction[] work = [.. plan.Actions.Where(a => a.Kind != ActionKind.Check)];
            if (work.Length > 0) Assert.Equal(work.Max(a => a.Wave) - 1, checks.Length);
            Assert.All(checks, c => Assert.Equal(settings.Limits.WavePause, c.Duration));
            foreach (PlannedAction action in work)
                Assert.All(checks, c => Assert.True(action.Wave <= c.Wave ? action.End <= c.Start : action.Start >= c.End));
            PlanSimulator simulator = new(problem, plan, 0.4, seed);
            for (int run = 0; run < 3; run++) Assert.Empty(simulator.Run().Faults);
            waves += checks.Length;
            cut += plan.Curve!.Stops.Any(s => s.Wave is null) ? 1 : 0;
        }

        Assert.True(waves > 100 && cut > 10, $"{waves} checks, {cut} plans with several bundles in a wave");
    }

    [Fact]
    public void A_plan_that_claims_too_much_is_found_out()
    {
        (PlacementProblem problem, Placement target) = Enumerable.Range(0, 100).Select(seed => Case(new Random(seed))).OfType<(PlacementProblem, Placement)>()
            .First(c => Schedule(c.Item1, c.Item2, new(), ByValue) is { IsComplete: true, Curve: { GainLevel: > 0, Stops.Count: > 2 } });
        TimedPlan plan = Schedule(problem, target, new(), ByValue);
        PlanStop last = plan.Curve!.Stops[^1];
        PlanStop wrong = last with { Levels = [.. last.Levels.Select(l => l with { Value = l.Value - 1 })] };
        Faulty("the curve says", plan with { Curve = plan.Curve with { Stops = [wrong] } });
        Faulty("its curve says", plan with { Curve = plan.Curve with { Stops = [last with { Moves = last.Moves + 1 }] } });
        Faulty("at most 1 may be", plan with { Settings = new() { Limits = new() { MaxMigrations = 1 } } });
        Faulty("MiB; at most 1 may be", plan with { Settings = new() { Limits = new() { MaxMovedMiB = 1 } } });
        Faulty("with the check, is over", plan with { Settings = new() { Limits = new() { WaveSize = 9, WavePause = 100 } } });

        void Faulty(string words, TimedPlan bad) => Assert.Contains(TimedPlanChecker.Check(problem, bad), f => f.Contains(words, StringComparison.Ordinal));
    }

    private static TimedPlan Schedule(PlacementProblem problem, Placement target, PlanSettings settings, PlanOptions options) =>
        new MigrationPlanner().Schedule(problem, target, settings, options, TestContext.Current.CancellationToken);

    private static long MiB(PlacementProblem problem, int vm, Placement target) =>
        problem.Cluster.Vms[vm].Start!.Value.Host == target[new VmId(vm)].Host ? 0 : 1024 * problem.Cluster.Vms[vm].Demand[1];

    /// <summary>Whether the moves can go one after another in some order, without hops.</summary>
    private static bool CanBeReached(PlacementProblem problem, int[] moving, Placement target)
    {
        Place[] places = [.. Placement.StartOf(problem.Cluster).Places];
        return Try(0);

        bool Try(int gone)
        {
            if (gone == (1 << moving.Length) - 1) return true;
            for (int i = 0; i < moving.Length; i++)
            {
                if ((gone >> i & 1) == 1) continue;
                Place from = places[moving[i]];
                places[moving[i]] = target[new VmId(moving[i])];
                bool leads = PlacementChecker.Check(problem, new Placement(places)).Violations.All(v => v.Constraint != new Capacity().Describe())
                    && Try(gone | 1 << i);
                places[moving[i]] = from;
                if (leads) return true;
            }

            return false;
        }
    }

    /// <summary>A cluster whose start keeps its rules, and a placement of it that is better on the first level.</summary>
    private static (PlacementProblem Problem, Placement Target)? Case(Random random, int mostMoves = 20)
    {
        int hosts = random.Next(3, 6);
        ClusterSnapshot cluster = new(
            [new("cpu", "core"), new("memory", "GiB")],
            [.. Enumerable.Range(0, hosts).Select(h => new Host { Name = $"h{h}", Capacity = [12, random.Next(14, 22)], Labels = Rack(random) })],
            [.. Enumerable.Range(0, random.Next(5, 10)).Select(v => new VirtualMachine
            {
                Name = $"v{v}", Demand = [random.Next(1, 6), random.Next(1, 9)], Start = new Place(new HostId(random.Next(hosts))),
            })]);
        List<Constraint> rules = [new Capacity()];
        if (random.Next(2) == 0)
            rules.Add(ConstraintCatalogue.Entries[random.Next(2, 6)].Example(cluster, random) with { Continuous = random.Next(3) == 0 });
        PlacementProblem problem = new(cluster)
        {
            Constraints = rules,
            Objectives = [random.Next(2) == 0 ? new ActiveHosts(Weight: 10) : new LoadDeviation(), new Migrations(Weight: 1, Level: 2)],
        };
        CheckReport now = PlacementChecker.Check(problem, Placement.StartOf(cluster));
        if (!now.IsValid || now.Unrepaired.Count > 0) return null;
        for (int i = 0; i < 100; i++)
        {
            Placement target = new(
                [.. cluster.Vms.Select(vm => random.Next(2) == 0 && vm.Movable ? new Place(new HostId(random.Next(hosts))) : vm.Start!.Value)]);
            int moves = cluster.Vms.Where((vm, v) => vm.Start != target[new VmId(v)]).Count();
            CheckReport report = PlacementChecker.Check(problem, target);
            if (report.IsValid && moves <= mostMoves && moves > 1 && report.Levels[0] < now.Levels[0]) return (problem, target);
        }

        return null;
    }

    private static Dictionary<string, string> Rack(Random random) => new() { ["rack"] = $"r{random.Next(2)}" };
}
