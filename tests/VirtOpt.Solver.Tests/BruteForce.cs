using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Tests;

/// <summary>The best placement of a small problem, found by looking at all of them.</summary>
internal static class BruteForce
{
    public static (Score? Best, Placement? Placement) Best(PlacementProblem problem)
    {
        Scoring scoring = new(problem.Compile());
        Score? best = null;
        Placement? bestPlacement = null;
        foreach (Placement placement in RandomProblems.AllPlacements(problem.Cluster))
        {
            Score score = scoring.StateAt(placement.Places).Score();
            if (best is { } known && score.CompareTo(known) >= 0) continue;
            CheckReport report = PlacementChecker.Check(problem, placement);
            if (report.IsValid) Assert.Equal(0, score.Broken);
            if (report.IsValid) (best, bestPlacement) = (score, placement);
        }

        return (best, bestPlacement);
    }
}
