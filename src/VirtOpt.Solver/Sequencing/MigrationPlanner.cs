#pragma warning disable CA1822 // An instance, so that users can pass it in and replace it.
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Sequencing;

namespace VirtOpt;

/// <summary>
/// Orders the migrations from the start of a problem to a placement, so that every continuous rule holds after each of them and during each
/// wave. VMs that are alike may exchange their targets; where all are blocked, one hops to spare room and goes on later.
/// </summary>
public sealed class MigrationPlanner
{
    /// <summary>Makes a plan for a solution.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="solution">A solution of it with a placement.</param>
    /// <returns>The plan; incomplete where no order was found.</returns>
    /// <exception cref="ArgumentException">The solution has no placement.</exception>
    public MigrationPlan Plan(PlacementProblem problem, PlacementSolution solution) =>
        Plan(problem, solution.Placement ?? throw new ArgumentException("The solution has no placement to plan for.", nameof(solution)));

    /// <summary>Makes a plan for a placement.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="placement">A placement of it.</param>
    /// <returns>The plan; incomplete where no order was found.</returns>
    public MigrationPlan Plan(PlacementProblem problem, Placement placement)
    {
        PlacementModel model = problem.Compile();
        Scoring scoring = new(model);
        IReadOnlyList<Migration> order = new MigrationOrder(problem, model, scoring, placement.Places).Find(out IReadOnlyList<int> unreached);
        IReadOnlyList<Migration> boots = Boots(problem, model, scoring, placement, order, out IReadOnlyList<VmId> unbooted);
        return new MigrationPlan
        {
            Waves = [.. Waves(model, scoring, order)],
            Boots = boots,
            Reached = Reach(problem.Cluster, [.. order, .. boots]),
            Unreached = [.. unreached.Select(vm => new VmId(vm)), .. unbooted],
        };
    }

    /// <summary>First placements after all migrations, important VMs first; one that has no room because the plan is incomplete is left out.</summary>
    private static List<Migration> Boots(
        PlacementProblem problem, PlacementModel model, Scoring scoring, Placement placement, IReadOnlyList<Migration> order, out IReadOnlyList<VmId> unbooted)
    {
        List<Migration> boots = [];
        List<VmId> left = [];
        unbooted = left;
        if (problem.Cluster.Vms.All(vm => vm.Start is not null)) return boots;
        StepState state = new(model, scoring, Reach(problem.Cluster, order).Places);
        foreach (VmId vm in problem.Cluster.AllVms.Members.Where(vm => problem.Cluster[vm].Start is null).OrderByDescending(vm => problem.Cluster[vm].Priority))
            if (state.TryMove(vm.Index, placement[vm])) boots.Add(new Migration(vm, Placement.Nowhere, placement[vm]));
            else left.Add(vm);
        return boots;
    }

    private static Placement Reach(ClusterSnapshot cluster, IReadOnlyList<Migration> steps)
    {
        Place[] places = [.. Placement.StartOf(cluster).Places];
        foreach (Migration step in steps) places[step.Vm.Index] = step.To;
        return new Placement(places);
    }

    /// <summary>Cuts an order into waves: as many migrations, in order, as fit while all their sources are still charged.</summary>
    private static IEnumerable<MigrationWave> Waves(PlacementModel model, Scoring scoring, IReadOnlyList<Migration> order)
    {
        StepState state = new(model, scoring, Placement.StartOf(model.Cluster).Places);
        List<Migration> wave = [];
        HashSet<VmId> moving = [];
        foreach (Migration migration in order)
        {
            if (moving.Contains(migration.Vm) || !state.TryMove(migration.Vm.Index, migration.To))
            {
                yield return new MigrationWave([.. wave]);
                wave.Clear();
                moving.Clear();
                state.EndWave();
                if (!state.TryMove(migration.Vm.Index, migration.To))
                    throw new InvalidOperationException($"The order of migrations breaks a rule at {migration}.");
            }

            wave.Add(migration);
            moving.Add(migration.Vm);
            state.Hold(migration.Vm.Index, migration.From);
        }

        if (wave.Count > 0) yield return new MigrationWave([.. wave]);
    }
}
