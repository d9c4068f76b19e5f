#pragma warning disable CA1822
namespace VirtOpt;

/// <summary>Orders the migrations from the start of a problem to a placement.</summary>
public sealed class MigrationPlanner
{
    /// <summary>Makes a plan for a solution.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="solution">A solution of it with a placement.</param>
    public MigrationPlan Plan(PlacementProblem problem, PlacementSolution solution)
    {
        return problem is null || solution is null ? throw new ArgumentNullException(nameof(problem)) : new MigrationPlan { Waves = [] };
    }
}
