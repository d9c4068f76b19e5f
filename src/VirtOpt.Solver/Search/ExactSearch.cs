using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Search;

/// <summary>Solves the exact model over all hosts, level by level, with proof where time allows.</summary>
/// <param name="session">The solve.</param>
/// <param name="formulation">The model over all hosts.</param>
internal sealed class ExactSearch(SolveSession session, PlacementFormulation formulation)
{
    private const int MostFailureRounds = 1000;

    /// <summary>Goes through the levels; true if the problem was proven infeasible.</summary>
    public bool Run()
    {
        session.TakePart("exact class-counting model");
        session.Count("exact.variables", formulation.Rows.Variables.Count);
        session.Count("exact.rows", formulation.Rows.Rows.Count);
        session.Count("exact.classes", formulation.ClassCount);
        for (int level = 0; level < formulation.Levels.Count; level++)
        {
            if (session.IsOver) return false;
            LinearExpression objective = formulation.Levels[level];
            if (session.BestScore is { } best && session.BoundOf(level) >= best[level])
            {
                formulation.Rows.AtMost(objective, best[level]);
                continue;
            }

            LinearOutcome outcome = MinimiseLevel(level, objective);
            if (outcome.Status == LinearStatus.Infeasible) return session.Best is null;
            if (outcome.Status != LinearStatus.Optimal) return false;
            formulation.Rows.AtMost(objective, objective.ValueAt(outcome.Values));
        }

        return false;
    }

    private LinearOutcome MinimiseLevel(int level, LinearExpression objective)
    {
        for (int round = 0; round < MostFailureRounds; round++)
        {
            LinearOutcome outcome = MinimiseOnce(level, objective);
            if (outcome.Values is null || session.IsOver || !AddUnsurvivedFailures(outcome.Values)) return outcome;
        }

        return new LinearOutcome(LinearStatus.Unknown, null, double.NegativeInfinity);
    }

    private LinearOutcome MinimiseOnce(int level, LinearExpression objective)
    {
        LinearJob job = new()
        {
            Model = formulation.Rows,
            Objective = objective,
            Limit = session.Left - Reserve(session.Left),
            Work = (session.Stop as MaxWork)?.Units,
            Threads = session.Threads,
            Seed = session.Seed,
            Hint = session.Best is { } best ? formulation.CountsOf(best) : null,
            OnValues = (values, _) => session.Offer(formulation.PlacesOf(values), "exact model"),
            OnBound = bound => OfferBound(level, bound),
            CancellationToken = session.Token,
        };
        (LinearOutcome outcome, string winner) = new Race(Racers()).Run(job);
        session.TakePart(winner);
        if (outcome.Values is { } found) session.Offer(formulation.PlacesOf(found), winner);
        OfferBound(level, outcome.Status == LinearStatus.Optimal ? objective.ValueAt(outcome.Values) : outcome.Bound);
        return outcome;
    }

    /// <summary>Amounts are whole, so a fractional bound can be rounded up.</summary>
    private void OfferBound(int level, double bound) => session.OfferBound(level, Math.Ceiling(bound - (1e-6 * Math.Max(1, Math.Abs(bound)))), "exact model");

    private IReadOnlyList<ILinearSolver> Racers() => session.Threads == 1 || session.Stop is MaxWork ? [new CpSatSolver()] : [MipSolver.Scip, new CpSatSolver()];

    /// <summary>Failures are asked for one by one, when a placement does not survive them: most never matter.</summary>
    private bool AddUnsurvivedFailures(long[] values)
    {
        PlacementState state = session.Scoring.StateAt(formulation.PlacesOf(values));
        bool added = false;
        foreach (Requirement requirement in session.Model.Requirements)
            if (requirement.Term is FailoverTerm term && state.Excess(requirement) > 0)
                foreach (int failure in FailoverPacking.Unsurvived(term, state, session.Problem.Cluster))
                {
                    formulation.AddFailure(term, failure);
                    added = true;
                }

        return added;
    }

    /// <summary>Solvers overshoot their limits; what comes after them needs time as well.</summary>
    private static TimeSpan Reserve(TimeSpan left) => TimeSpan.FromSeconds(Math.Min(1, 0.05 * left.TotalSeconds));
}
