#pragma warning disable CA1822
namespace VirtOpt;

/// <summary>Finds placements.</summary>
public sealed class PlacementSolver
{
    /// <summary>Solves a problem. Infeasible, out of time and cancelled are results, not exceptions.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="stop">When to end at the latest.</param>
    /// <param name="options">How to solve; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the solve at once with the best placement found.</param>
    /// <exception cref="InvalidInputException">The problem makes no sense.</exception>
    public PlacementSolution Solve(PlacementProblem problem, StoppingCriterion stop, SolveOptions? options = null, CancellationToken cancellationToken = default)
    {
        return problem is null || stop is null ? throw new ArgumentNullException(nameof(problem)) : new PlacementSolution { Status = SolveStatus.Unknown };
    }
}
