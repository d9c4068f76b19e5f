namespace VirtOpt.Solver.Tests.Sequencing;

/// <summary>Where VMs block each other: nothing stands still unless it must, all comes to its target if VMs may, and else the largest part that can.</summary>
public sealed class CycleBreakTests
{
    private static readonly PlanOptions Quick = new() { TimeLimit = TimeSpan.Zero };

    [Fact]
    public void VMs_stand_still_exactly_where_no_other_plan_exists()
    {
        (int broken, int others) = (0, 0);
        for (int seed = 0; seed < 400; seed++)
        {
            Random random = new(seed);
            (PlacementProblem problem, Placement target, PlanSettings settings, long[] seconds) = TimedPlanTests.Tiny(random);
            bool exists = new AllPlans(problem.Cluster, target, seconds, 2, hops: true).Shortest() is not null;
            CycleBreak how = random.Next(2) == 0 ? CycleBreak.Suspend : CycleBreak.Cold;
            PlanOptions options = Quick with { Order = random.Next(3) == 0 ? PlanOrder.Value : PlanOrder.Fastest, WithCurve = true };
            TimedPlan plan = Schedule(problem, target, settings with { BreakCycles = how }, options);
            Assert.True(plan.IsComplete, $"Seed {seed}");
            Assert.Empty(TimedPlanChecker.Check(problem, plan));
            Assert.Equal(exists, plan.Interruptions == 0);
            PlanSimulator simulator = new(problem, plan, 0.5, seed);
            for (int run = 0; run < 3; run++) Assert.Empty(simulator.Run().Faults);
            (broken, others) = exists ? (broken, others + 1) : (broken + 1, others);
            if (exists) continue;
            Assert.Null(plan.Bound);
            ActionKind[] kinds = how == CycleBreak.Suspend ? [ActionKind.Suspend, ActionKind.Resume] : [ActionKind.Shutdown, ActionKind.Boot];
            Assert.Equal(plan.Interruptions, plan.Actions.Count(a => a.Kind == kinds[0]));
            Assert.Equal(plan.Interruptions, plan.Actions.Count(a => a.Kind == kinds[1]));
        }

        Assert.True(broken > 10 && others > 200, $"{broken} broken, {others} others");
    }

    [Fact]
    public void Where_no_plan_exists_the_largest_part_is_reached_and_the_rest_explained()
    {
        (int none, int parts) = (0, 0);
        for (int seed = 0; seed < 800; seed++)
        {
            (PlacementProblem problem, Placement target, PlanSettings settings, _) = TimedPlanTests.Tiny(new Random(seed));
            TimedPlan plan = Schedule(problem, target, settings, Quick);
            Assert.Empty(TimedPlanChecker.Check(problem, plan));
            if (plan.IsComplete) continue;
            none++;
            int most = MostReached(problem.Cluster, target);
            int moving = problem.Cluster.Vms.Where((vm, v) => vm.Start != target[new VmId(v)]).Count();
            Assert.Equal(most, moving - plan.Unreached.Count);
            parts += most > 0 ? 1 : 0;
            Assert.All(plan.Unreached, vm => Assert.Contains(problem.Cluster[target[vm.Vm].Host].Name, vm.Reason, StringComparison.Ordinal));
            Assert.Contains(plan.Unreached, vm => vm.Reason.Contains("leave to suspend one", StringComparison.Ordinal));
        }

        Assert.True(none > 20 && parts > 3, $"{none} without a plan, {parts} with a part");
    }

    private static TimedPlan Schedule(PlacementProblem problem, Placement target, PlanSettings settings, PlanOptions options) =>
        new MigrationPlanner().Schedule(problem, target, settings, options, TestContext.Current.CancellationToken);

    /// <summary>The most VMs that can be at their targets with all others at their starts, over all that single moves reach.</summary>
    private static int MostReached(ClusterSnapshot cluster, Placement target)
    {
        int[] start = [.. cluster.Vms.Select(vm => vm.Start!.Value.Host.Index)];
        int[] goal = [.. cluster.Vms.Select((_, vm) => target[new VmId(vm)].Host.Index)];
        int[] moving = [.. Enumerable.Range(0, start.Length).Where(vm => start[vm] != goal[vm])];
        HashSet<string> seen = [string.Join(',', start)];
        Queue<int[]> open = new([start]);
        int best = 0;
        while (open.TryDequeue(out int[]? at))
        {
            if (moving.All(vm => at[vm] == start[vm] || at[vm] == goal[vm])) best = Math.Max(best, moving.Count(vm => at[vm] == goal[vm]));
            foreach (int vm in moving)
                for (int host = 0; host < cluster.Hosts.Count; host++)
                {
                    int[] next = [.. at];
                    next[vm] = host;
                    long load = Enumerable.Range(0, next.Length).Where(v => next[v] == host).Sum(v => cluster.Vms[v].Demand[0]);
                    if (load <= cluster.Hosts[host].Capacity[0] && seen.Add(string.Join(',', next))) open.Enqueue(next);
                }
        }

        return best;
    }
}
