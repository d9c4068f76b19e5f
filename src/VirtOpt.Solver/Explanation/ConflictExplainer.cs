using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Explanation;

/// <summary>
/// Says why an infeasible problem is infeasible: a set of rules and new VMs of which nothing can be left out, and what each of those rules would
/// have to give.
/// </summary>
internal sealed class ConflictExplainer(SolveSession session, TimeSpan until)
{
    private const int MostRelaxations = 5;
    private static readonly TimeSpan PerQuestion = TimeSpan.FromSeconds(5);
    private readonly Place[] start = [.. Placement.StartOf(session.Problem.Cluster).Places];
    private bool isMinimal = true;

    /// <summary>Explains; within the time, else with a conflict that may be larger than need be.</summary>
    public Conflict Explain()
    {
        IReadOnlyList<Constraint> rules = [.. session.Problem.Constraints.Where(c => c.Soft is null)];
        IReadOnlyList<int> newVms = [.. Enumerable.Range(0, start.Length).Where(vm => start[vm].Host.Index < 0)];
        IReadOnlyList<Item> all = [.. rules.Select(rule => new Item(rule, -1)), .. newVms.Select(vm => new Item(null, vm))];
        IReadOnlyList<Item> conflict = QuickXplain.Minimise(all, IsInfeasible);
        if (conflict.Count == 0) (conflict, isMinimal) = (all, false);
        VmId[] vms = [.. conflict.Where(i => i.Rule is null).Select(i => new VmId(i.Vm))];
        Constraint[] broken = [.. conflict.Where(i => i.Rule is not null).Select(i => i.Rule!)];
        string[] relaxations = [.. Relaxations(broken, vms)];
        return new Conflict([.. broken.Select(rule => rule.Describe())], vms, isMinimal, relaxations, Message(broken, vms));
    }

    private bool IsInfeasible(IReadOnlyList<Item> kept)
    {
        if (session.Token.IsCancellationRequested || session.Elapsed > until)
        {
            isMinimal = false;
            return false;
        }

        HashSet<Constraint> rules = [.. kept.Where(i => i.Rule is not null).Select(i => i.Rule!)];
        HashSet<int> vms = [.. kept.Where(i => i.Rule is null).Select(i => i.Vm)];
        HashSet<Constraint> withoutRules = [.. session.Problem.Constraints.Where(c => !rules.Contains(c))];
        FormulationScope scope = new()
        {
            WithoutRules = withoutRules,
            WithoutVms = new HashSet<int>(Enumerable.Range(0, start.Length).Where(vm => start[vm].Host.Index < 0 && !vms.Contains(vm))),
        };
        PlaceFilter filter = new(session.Model, session.Scoring, withoutRules);
        PlacementFormulation formulation = new(session.Model, session.Scoring, session.Table, filter, start, scope);
        formulation.AddAllFailures(withoutRules);
        LinearStatus status = formulation.Homeless is not null ? LinearStatus.Infeasible : Solve(formulation);
        isMinimal &= status != LinearStatus.Unknown;
        return status == LinearStatus.Infeasible;
    }

    private LinearStatus Solve(PlacementFormulation formulation)
    {
        TimeSpan left = until - session.Elapsed;
        return new CpSatSolver().Minimise(new LinearJob
        {
            Model = formulation.Rows,
            Objective = new LinearExpression(),
            Limit = left < PerQuestion ? left : PerQuestion,
            Work = session.Stop is MaxWork ? PerQuestion.TotalSeconds : null,
            Seed = session.Seed,
            CancellationToken = session.Token,
        }).Status;
    }

    /// <summary>For each rule of the conflict the least violation that would be enough if it alone gave way; then the VMs that could stay out.</summary>
    private IEnumerable<string> Relaxations(Constraint[] rules, VmId[] vms)
    {
        List<(long Amount, string Text)> options = [];
        foreach (Constraint rule in rules)
        {
            TimeSpan left = until - session.Elapsed;
            if (left <= TimeSpan.Zero) break;
            PlacementProblem relaxed = new(session.Problem.Cluster)
            {
                Constraints = [.. session.Problem.Constraints.Select(c => ReferenceEquals(c, rule) ? c with { Soft = new Soft() } : c)],
            };
            MaxRuntime limit = new(left < PerQuestion ? left : PerQuestion);
            PlacementSolution solution = new PlacementSolver().Solve(
                relaxed,
                session.Stop is MaxWork work ? work : limit,
                new SolveOptions { Seed = session.Seed, Threads = session.Threads, ExplainConflict = false },
                session.Token);
            if (solution.Placement is not { } placement) continue;
            Violation[] violations = [.. rule.Check(new PlacementView(session.Problem.Cluster, placement))];
            string items = string.Join(" ", violations.Take(MostRelaxations).Select(v => v.Message));
            options.Add((violations.Sum(v => v.Amount), $"Allow that {rule.Describe()} is broken by {violations.Sum(v => v.Amount)}: {items}"));
        }

        foreach ((long _, string text) in options.OrderBy(o => o.Amount)) yield return text;
        if (vms.Length > 0) yield return $"Leave out {(vms.Length == 1 ? "" : "one of ")}{Names(vms)}.";
    }

    private string Message(Constraint[] rules, VmId[] vms) =>
        $"{(vms.Length == 0 ? "The VMs" : Names(vms))} cannot be placed under: {string.Join("; ", rules.Select(r => r.Describe()))}."
        + (isMinimal
            ? " Without any one of these there would be a placement of these VMs."
            : " This was not proven to be the smallest such set: time ran out.");

    private string Names(VmId[] vms) =>
        string.Join(", ", vms.Take(10).Select(vm => session.Problem.Cluster[vm].Name)) + (vms.Length > 10 ? $" and {vms.Length - 10} more" : "");

    private readonly record struct Item(Constraint? Rule, int Vm);
}
