using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Bounds;
using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Tests.Bounds;

/// <summary>Whatever the duals, the safe bound is no more than the best value; with good duals it is the bound of the relaxation.</summary>
public sealed class SafeBoundTests
{
    [Fact]
    public void NoDualsMakeTheBoundWrong()
    {
        int tight = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            (LinearModel model, LinearExpression objective) = RandomProgram(random);
            LinearJob job = Job(model, objective);
            LinearOutcome optimum = new CpSatSolver().Minimise(job);
            if (optimum.Status != LinearStatus.Optimal) continue;
            long best = objective.ValueAt(optimum.Values);
            double[] duals = [.. model.Rows.Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7)))];
            Assert.True(SafeBound.Of(model, objective, duals) <= best);
            Assert.True(SafeBound.Of(DualSolver.Pdlp, job) <= best);
            long? simplex = SafeBound.Of(DualSolver.Glop, job);
            Assert.True(simplex <= best);
            Assert.True(simplex >= MipSolver.Glop.Minimise(job).Bound - 1e-3 - (1e-6 * Math.Abs((double)best)));
            if (simplex == best) tight++;
        }

        Assert.True(tight > 50, $"The bound was tight {tight} times only.");
    }

    [Fact]
    public void DualsThatAreNoNumbersCountAsZero()
    {
        LinearModel model = new();
        LinearExpression objective = new LinearExpression(7).Add(model.AddVariable(2, 5), 3);
        model.AddRow(new LinearExpression().Add(0, 1), 4, long.MaxValue);
        Assert.Equal(7 + 6, SafeBound.Of(model, objective, [double.NaN]));
        Assert.Equal(7 + 6, SafeBound.Of(model, objective, [double.PositiveInfinity]));
        Assert.Equal(7 + 6, SafeBound.Of(model, objective, [-1.0])); // The row has no upper side, so a negative dual says nothing.
        Assert.Equal(7 + 12, SafeBound.Of(model, objective, [3.0]));
    }

    [Fact]
    public void TheBoundIsRoundedUpToAWholeNumber()
    {
        LinearModel model = new();
        LinearExpression objective = new LinearExpression().Add(model.AddVariable(0, 9), 1);
        model.AddRow(new LinearExpression().Add(0, 2), 7, long.MaxValue);
        Assert.Equal(4, SafeBound.Of(DualSolver.Glop, Job(model, objective)));
    }

    [Fact]
    public void TheBoundIsRoundedUpToAValueThatTheObjectiveCanHave()
    {
        LinearModel model = new();
        LinearExpression objective = new LinearExpression(-5).Add(model.AddVariable(0, 9), 180).Add(model.AddVariable(0, 9), 300);
        model.AddRow(new LinearExpression().Add(0, 2).Add(1, 3), 7, long.MaxValue);
        Assert.Equal(-5 + 660, SafeBound.Of(DualSolver.Glop, Job(model, objective)));
    }

    private static LinearJob Job(LinearModel model, LinearExpression objective) =>
        new() { Model = model, Objective = objective, Limit = TimeSpan.FromSeconds(60), CancellationToken = TestContext.Current.CancellationToken };

    private static (LinearModel Model, LinearExpression Objective) RandomProgram(Random random)
    {
        LinearModel model = new();
        int variables = random.Next(1, 6);
        long size = (long)Math.Pow(10, random.Next(1, 5));
        for (int v = 0; v < variables; v++) model.AddVariable(random.Next(-5, 1), random.Next(1, 10));
        LinearExpression Random(int constant) => Enumerable.Range(0, variables)
            .Aggregate(new LinearExpression(constant), (sum, v) => sum.Add(v, random.NextInt64(-size, size + 1)));
        for (int r = random.Next(4); r > 0; r--)
        {
            long lower = random.NextInt64(-5 * size, size);
            model.AddRow(Random(random.Next(-3, 4)), random.Next(3) == 0 ? long.MinValue : lower, random.Next(2) == 0 ? long.MaxValue : lower + (4 * size));
        }

        return (model, Random(random.Next(-9, 10)));
    }
}
