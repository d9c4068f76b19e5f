using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Search;

/// <summary>Solves the exact model over all hosts, level by level, with proof where time allows.</summary>
/// <param name="session">The solve.</param>
/// <param name="formulation">The model over all hosts.</param>
internal sealed class ExactSearch(SolveSession session, PlacementFormulation formulation)
{
    private const int MostFailureRounds = 1000;
    private static readonly TimeSpan LeastForTies = TimeSpan.FromSeconds(2);

    /// <summary>Goes through the levels; true if the problem was proven infeasible.</summary>
    /// <param name="until">Time since the start of the solve at which to end; ties get no more than was needed before them.</param>
    public bool Run(TimeSpan until)
    {
        session.TakePart("exact class-counting model");
        session.Count("exact.variables", formulation.Rows.Variables.Count);
        session.Count("exact.rows", formulation.Rows.Rows.Count);
        session.Count("exact.classes", formulation.ClassCount);
        for (int level = 0; level < formulation.Levels.Count; level++)
        {
            if (session.IsOver || session.Elapsed > until) return false;
            LinearExpression objective = formulation.Levels[level];
            if (session.BestScore is { } best && session.BoundOf(level) >= best[level])
            {
                formulation.Rows.AtMost(objective, best[level]);
                continue;
            }

            bool breaksTies = session.Scoring.Levels[level] >= PlacementProblem.TieBreakLevel;
            TimeSpan limit = until - session.Elapsed;
            TimeSpan forTies = session.Elapsed < LeastForTies ? LeastForTies : session.Elapsed;
            LinearOutcome outcome = MinimiseLevel(level, objective, breaksTies && forTies < limit ? forTies : limit);
            if (outcome.Status == LinearStatus.Infeasible) return session.Best is null;
            if (outcome.Status != LinearStatus.Optimal) return false;
            formulation.Rows.AtMost(objective, objective.ValueAt(outcome.Values));
        }

        return false;
    }

    private LinearOutcome MinimiseLevel(int level, LinearExpression objective, TimeSpan limit)
    {
        for (int round = 0; round < MostFailureRounds; round++)
        {
            LinearOutcome outcome = MinimiseOnce(level, objective, limit);
            if (outcome.Values is null || session.IsOver || !AddUnsurvivedFailures(outcome.Values)) return outcome;
        }

        return LinearOutcome.Nothing;
    }

    private LinearOutcome MinimiseOnce(int level, LinearExpression objective, TimeSpan limit)
    {
        IReadOnlyList<ILinearSolver> racers = Racers(level);
        LinearJob job = new()
        {
            Model = formulation.Rows,
            Objective = objective,
            Limit = limit - Reserve(limit),
            Work = (session.Stop as MaxWork)?.Units,
            Threads = Math.Max(1, session.Threads + 1 - racers.Count),
            Seed = session.Seed,
            Hint = session.Best is { } best ? formulation.CountsOf(best) : null,
            OnValues = (values, _) => session.Offer(formulation.PlacesOf(values), "exact model"),
            OnBound = bound => session.OfferBound(level, Rounded(objective, bound), "exact model"),
            CancellationToken = session.Token,
        };
        (LinearOutcome outcome, string winner) = new Race(racers).Run(job);
        session.TakePart(winner);
        if (outcome.IsGivenUp) session.Count("exact.given up", 1);
        if (outcome.Values is { } found) session.Offer(formulation.PlacesOf(found), winner);
        session.OfferBound(
            level, outcome.Status == LinearStatus.Optimal ? objective.ValueAt(outcome.Values) : Rounded(objective, outcome.Bound), "exact model");
        return outcome;
    }

    /// <summary>Rounds a bound up to a value that the objective can have.</summary>
    private static double Rounded(LinearExpression objective, double bound)
    {
        long divisor = objective.Divisor;
        return divisor == 0 || double.IsInfinity(bound) ? bound : objective.Constant + (divisor * Math.Ceiling((bound - objective.Constant - 1e-6) / divisor));
    }

    /// <summary>
    /// By evidence (benchmarks/quality): SCIP proves consolidation and fragmentation, CP-SAT with all threads proves balance. Only CP-SAT counts work.
    /// </summary>
    private IReadOnlyList<ILinearSolver> Racers(int level)
    {
        if (session.Threads == 1 || session.Stop is MaxWork) return [new CpSatSolver()];
        IEnumerable<Goal> goals = session.Model.Goals.Where(g => g.Level == session.Scoring.Levels[level]);
        return goals.Any(GoalKinds.IsBalance) ? [new CpSatSolver()] : [MipSolver.Scip, new CpSatSolver()];
    }

    /// <summary>Failures are asked for one by one, when a placement does not survive them: most never matter.</summary>
    private bool AddUnsurvivedFailures(long[] values)
    {
        PlacementState state = session.Scoring.StateAt(formulation.PlacesOf(values));
        bool added = false;
        for (int r = 0; r < session.Model.Requirements.Count; r++)
            if (session.Model.Requirements[r].Term is FailoverTerm term && state.Excess(session.Model.Requirements[r]) > 0)
                foreach (int failure in FailoverPacking.Unsurvived(term, state, session.Problem.Cluster).Where(f => session.Scoring.Tolerances.Of(r)[f] == 0))
                {
                    formulation.AddFailure(term, failure);
                    added = true;
                }

        return added;
    }

    /// <summary>Solvers overshoot their limits; what comes after them needs time as well.</summary>
    private static TimeSpan Reserve(TimeSpan left) => TimeSpan.FromSeconds(Math.Min(1, 0.05 * left.TotalSeconds));
}
