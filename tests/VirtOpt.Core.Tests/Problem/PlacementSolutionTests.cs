namespace VirtOpt.Core.Tests;

/// <summary>What a result says of its quality.</summary>
public sealed class PlacementSolutionTests
{
    private static PlacementSolution With(params LevelResult[] levels) => new() { Status = SolveStatus.Feasible, Levels = levels };

    [Fact]
    public void TheGapIsTheShareOfTheValueThatIsNotProven()
    {
        Assert.Equal(0.25, With(new LevelResult(1, 80, 60, false)).Gap);
        Assert.Equal(0.5, With(new LevelResult(1, -10, -15, false)).Gap);
        Assert.Equal(0, With(new LevelResult(1, 80, 80, true)).Gap);
        Assert.Equal(double.PositiveInfinity, With(new LevelResult(1, 0, -1, false)).Gap);
    }

    [Fact]
    public void WithoutABoundThereIsNoGap()
    {
        Assert.Null(With(new LevelResult(1, 80, null, false)).Gap);
        Assert.Null(With().Gap);
        Assert.Null(With().Objective);
    }

    [Fact]
    public void RepairAndTiesAreNotTheMainLevel()
    {
        (LevelResult repair, LevelResult ties) = (new(0, 500, 500, true), new(PlacementProblem.TieBreakLevel, 3, 3, true));
        PlacementSolution solution = With(repair, new LevelResult(2, 80, 60, false), ties);
        Assert.Equal((2, 80L, 60.0), (solution.MainLevel!.Level, solution.Objective, solution.Bound));
        Assert.Equal(0, With(repair, ties).MainLevel!.Level);
    }
}
