namespace VirtOpt;

/// <summary>Replays a migration plan naively, step by step and wave by wave. Calls no engine.</summary>
public static class MigrationPlanChecker
{
    /// <summary>
    /// What is wrong with a plan: a migration that starts where its VM is not, a continuous rule that is more broken after a step than at the
    /// start, a wave that overfills a host while its sources are still charged, a VM that is booted though it has a place, or an end that is not
    /// the placement that the plan names. Targets that do not suit their VMs are named alone: such a plan cannot be replayed.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="plan">A plan of it.</param>
    /// <returns>Faults in the order of the plan; none for a valid plan.</returns>
    public static IReadOnlyList<string> Check(PlacementProblem problem, MigrationPlan plan)
    {
        List<string> faults = [.. CheckTargets(problem.Cluster, plan)];
        if (faults.Count > 0) return faults;
        Place[] places = [.. Placement.StartOf(problem.Cluster).Places];
        Dictionary<(Constraint, string), long> atStart = Broken(problem, places);
        foreach (MigrationWave wave in plan.Waves)
        {
            faults.AddRange(CheckWave(problem.Cluster, wave, places));
            foreach (Migration migration in wave.Migrations)
            {
                if (places[migration.Vm.Index] != migration.From) faults.Add($"VM {problem.Cluster[migration.Vm]} is not where its migration starts.");
                if (!problem.Cluster[migration.Vm].Movable) faults.Add($"VM {problem.Cluster[migration.Vm]} migrates but cannot move.");
                places[migration.Vm.Index] = migration.To;
                faults.AddRange(BrokenAnew(problem, places, atStart).Select(fault => $"After the migration of VM {problem.Cluster[migration.Vm]}, {fault}"));
            }
        }

        foreach (Migration boot in plan.Boots)
        {
            if (places[boot.Vm.Index] != Placement.Nowhere) faults.Add($"VM {problem.Cluster[boot.Vm]} is placed already and cannot be booted elsewhere.");
            places[boot.Vm.Index] = boot.To;
        }

        if (plan.Boots.Count > 0) faults.AddRange(BrokenAnew(problem, places, atStart).Select(fault => $"After the boots, {fault}"));
        if (!places.AsSpan().SequenceEqual(plan.Reached.Places)) faults.Add("The plan does not end at the placement that it names.");
        return faults;
    }

    private static IEnumerable<string> CheckTargets(ClusterSnapshot cluster, MigrationPlan plan) =>
        from step in plan.Migrations.Concat(plan.Boots)
        where PlacementChecker.WrongPlace(cluster, cluster[step.Vm] with { Movable = true }, step.To) is not null
        select $"VM {cluster[step.Vm]} goes to a place that does not suit it.";

    private static IEnumerable<string> BrokenAnew(PlacementProblem problem, Place[] places, Dictionary<(Constraint, string), long> atStart)
    {
        foreach (((Constraint rule, string item), long amount) in Broken(problem, places))
            if (amount > atStart.GetValueOrDefault((rule, item))) yield return $"{rule.Describe()} is broken at {item} by {amount}.";
    }

    private static Dictionary<(Constraint, string), long> Broken(PlacementProblem problem, Place[] places)
    {
        PlacementView view = new(problem.Cluster, new Placement(places));
        return problem.Constraints.Where(c => c is { Soft: null, Continuous: true }).Distinct()
            .SelectMany(rule => rule.Check(view).Select(v => (Key: (rule, v.Item), v.Amount))).ToDictionary(b => b.Key, b => b.Amount);
    }

    private static IEnumerable<string> CheckWave(ClusterSnapshot cluster, MigrationWave wave, Place[] before)
    {
        PlacementView view = new(cluster, new Placement(before));
        Migration[] between = [.. wave.Migrations.Where(m => m.From.Host != m.To.Host)];
        foreach (HostId host in between.Select(m => m.To.Host).Distinct())
            for (int d = 0; d < cluster.Dimensions.Count; d++)
            {
                long load = view.DemandOn(host, d);
                long during = load + between.Where(m => m.To.Host == host).Sum(m => cluster[m.Vm].Demand[d]);
                if (during > Math.Max(load, cluster[host].Usable(d)) && during > load)
                    yield return $"During a wave host {cluster[host]} holds {during} of {cluster.Dimensions[d].Name}; its limit is {cluster[host].Usable(d)}.";
            }
    }
}
