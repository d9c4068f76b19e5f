using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Bounds;

/// <summary>
/// The linear relaxation of the terms over <see cref="FreeLoads"/>: water-filling of all terms of a level at once, with what ties their loads
/// together, and a covering program where the use of hosts costs (used hosts hold the whole demand in every dimension). It does not grow with the
/// number of VMs. Terms that read other loads count by their own bounds.
/// </summary>
internal sealed class LoadProgram : ILevelBound
{
    private const int MostVariables = 200_000;

    /// <inheritdoc/>
    public string Name => "load-program";

    /// <inheritdoc/>
    public IEnumerable<long> Of(BoundTask task)
    {
        PlacementModel model = task.Session.Model;
        LinearModel rows = new();
        FreeLoads loads = new(model, task.Ranges, rows);
        bool IsSeen(Term term) => term is SumTerm or MaxTerm or FitTerm && term.FamiliesRead().All(loads.Sees);
        (Term Term, long Weight)[] seen = [.. task.Terms.Where(t => IsSeen(t.Term))];
        if (seen.Length == 0 || seen.Sum(t => t.Term.FamiliesRead().Sum(f => (long)f.CellCount)) > MostVariables) return [];
        TermEncoder encoder = new(rows, loads);
        LinearExpression level = new();
        foreach ((Term term, long weight) in seen) level.Add(encoder.Amount(term), weight);
        if (seen.Any(t => t.Term is SumTerm sum && sum.Functions.Any(f => f.Jump > 0))) HoldInUsed(task, encoder, IsSeen);
        long? bound = SafeBound.Of(DualSolver.Glop, new LinearJob
        {
            Model = rows,
            Objective = level,
            Limit = task.Left,
            Work = task.Work,
            CancellationToken = task.CancellationToken,
        });
        return bound is { } found ? [found + task.LeastOf(task.Terms.Where(t => !IsSeen(t.Term)))] : [];
    }

    /// <summary>Limits of hosts, which a host has only if it is used. Without a price of use the ranges say all that they say.</summary>
    private static void HoldInUsed(BoundTask task, TermEncoder encoder, Func<Term, bool> isSeen)
    {
        IReadOnlyList<Requirement> requirements = task.Session.Model.Requirements;
        for (int r = 0; r < requirements.Count; r++)
            if (requirements[r].Term is SumTerm { Outer: Outer.Sum, PerVm: false } term && isSeen(term))
                encoder.Limit(term, task.Session.Scoring.Tolerances.Of(r));
    }
}
