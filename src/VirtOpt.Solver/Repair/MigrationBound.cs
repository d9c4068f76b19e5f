using VirtOpt.Solver.Repair;
using VirtOpt.Solver.Search;

namespace VirtOpt;

/// <summary>How few migrations can do.</summary>
public static class MigrationBound
{
    /// <summary>
    /// A number of VMs that every placement moves at least, if it breaks no rule: VMs that are where they may not be, and on each host, and in each limited
    /// set of hosts, the fewest that take what it holds back to its limit.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <returns>The number, at least 0; 0 if the start breaks nothing. It says nothing about placements that leave rules broken.</returns>
    public static int Of(PlacementProblem problem)
    {
        PlacementModel model = problem.Compile();
        return new ForcedLeaves(model, new Tolerances(model)).Total;
    }
}
