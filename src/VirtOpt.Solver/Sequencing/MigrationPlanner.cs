#pragma warning disable CA1822 // An instance, so that users can pass it in and replace it.
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Sequencing;
using VirtOpt.Solver.Sequencing.Timed;

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

    /// <summary>Makes a timed plan for a placement: actions with times and with what each waits for, as short as the time limit lets it become.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="placement">A placement of it that keeps its rules.</param>
    /// <param name="settings">How long actions take, and what may run at the same time; null for the defaults.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the search with what it has.</param>
    /// <returns>
    /// The plan, which has passed <see cref="TimedPlanChecker"/>. Where no plan exists, was found, or has time, it brings as many VMs to their targets as it
    /// could and says why the others stay behind.
    /// </returns>
    /// <exception cref="InvalidInputException">The settings make no sense, or the placement is not one of the problem.</exception>
    public TimedPlan Schedule(
        PlacementProblem problem,
        Placement placement,
        PlanSettings? settings = null,
        PlanOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        (settings, options) = (settings ?? new PlanSettings(), options ?? new PlanOptions());
        settings.Validate(problem.Cluster);
        options.Validate();
        LegMaker maker = new(problem, settings);
        CheckReport report = PlacementChecker.Check(problem, placement);
        if (!report.IsValid)
            throw InvalidInputException.Because(
                $"The placement breaks {report.Violations.Count} rules, so no plan may lead to it; the first: {report.Violations[0].Message}",
                "it belongs to another input, or the cluster has changed since.");
        TimedPlan plan = new PlanMaker(maker, WithoutLeaving(problem.Cluster, placement), options, cancellationToken).Run();
        bool isRepaired = plan is { IsComplete: true, Interruptions: 0 } && report.Unrepaired.Count == 0;
        if (isRepaired) plan = plan with { MigrationsBound = MigrationBound.Of(problem) };
        IReadOnlyList<string> faults = TimedPlanChecker.Check(problem, plan);
        return faults.Count == 0 ? plan : throw new InvalidOperationException($"The plan has {faults.Count} faults; the first: {faults[0]}");
    }

    /// <summary>A placement says where VMs are that are to be shut down; a plan leads to their being nowhere.</summary>
    private static Placement WithoutLeaving(ClusterSnapshot cluster, Placement placement) =>
        new([.. Enumerable.Range(0, placement.Count).Select(vm => cluster.Vms[vm].IsLeaving ? Placement.Nowhere : placement[new VmId(vm)])]);

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
