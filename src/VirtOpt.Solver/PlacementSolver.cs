#pragma warning disable CA1822 // An instance, so that users can pass it in and replace it.
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.HostSets;
using VirtOpt.Solver.Search;

namespace VirtOpt;

/// <summary>Finds placements.</summary>
public sealed class PlacementSolver
{
    /// <summary>Part of the time for choosing hosts first, where that applies: what comes after it gains little on such problems.</summary>
    private const double ShareOfHostSets = 0.7;

    /// <summary>Solves a problem. Infeasible, out of time and cancelled are results, not exceptions.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="stop">When to end at the latest.</param>
    /// <param name="options">How to solve; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the solve at once with the best placement found.</param>
    /// <exception cref="InvalidInputException">The problem makes no sense.</exception>
    public PlacementSolution Solve(PlacementProblem problem, StoppingCriterion stop, SolveOptions? options = null, CancellationToken cancellationToken = default)
    {
        SolveSession session = new(problem, stop, options ?? new SolveOptions(), cancellationToken);
        Place[] start = [.. Placement.StartOf(problem.Cluster).Places];
        if (start.All(place => place.Host.Index >= 0)) session.Offer(start, "start");
        HostSetSearch.TryCreate(session, out _)?.Run(session.Elapsed + (ShareOfHostSets * session.Left));
        PlacementFormulation formulation = new(session.Model, session.Scoring, session.Table, session.Filter, start);
        bool infeasible = new ExactSearch(session, formulation).Run();
        return Result(session, infeasible);
    }

    private static PlacementSolution Result(SolveSession session, bool infeasible)
    {
        Placement? placement = session.Best is { } best ? new Placement(best) : null;
        CheckReport? report = placement is null ? null : PlacementChecker.Check(session.Problem, placement);
        if (report is { IsValid: false })
            throw new InvalidOperationException($"The engine made a placement that the checker refuses: {report.Violations[0].Message}");
        LevelResult[] levels = session.BestScore is { } score ? [.. session.Scoring.Levels.Select((level, i) => Level(session, level, score[i], i))] : [];
        return new PlacementSolution
        {
            Status = placement is null ? infeasible ? SolveStatus.Infeasible : SolveStatus.Unknown : levels.All(l => l.IsProven || l.Level >= PlacementProblem.TieBreakLevel) ? SolveStatus.Optimal : SolveStatus.Feasible,
            Placement = placement,
            Report = report,
            Levels = levels,
            Incumbents = session.Incumbents,
            Engine = session.Engine,
            Seed = session.Seed,
            Duration = session.Elapsed,
            Statistics = session.Statistics,
        };
    }

    private static LevelResult Level(SolveSession session, int level, long value, int position)
    {
        double? bound = session.BoundOf(position);
        return new LevelResult(level, value, bound, bound >= value);
    }
}
