using System.Numerics;
using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Bounds;

/// <summary>
/// A lower bound of a program that no tolerance of a solver can make wrong. All variables are bounded, so any row duals y give a bound,
/// <c>Σ yᵢ·sideᵢ + Σⱼ min over the bounds of xⱼ of (cⱼ - Σᵢ yᵢ·aᵢⱼ)·xⱼ</c> (Lagrangian relaxation; Neumaier and Shcherbina, Mathematical
/// Programming 99, 2004, sec. 3). Duals are rounded to fractions of a power of two, so the sum is worked out without an error; it is rounded up to a
/// value that the objective can have, because the variables are whole.
/// </summary>
internal static class SafeBound
{
    private const int MostFractionBits = 40;
    private const double MostScaled = 1L << 61;

    /// <summary>The best bound that a solver finds of the linear relaxation; null if it finds none in time.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="job">The program; its integers count as continuous.</param>
    /// <param name="divisor">What all values of the objective are multiples of, above its constant; null to ask the objective, whose variables are
    /// whole.</param>
    public static long? Of(DualSolver solver, LinearJob job, long? divisor = null) =>
        solver.Duals(job) is { } duals ? Of(job.Model, job.Objective, duals, divisor) : null;

    /// <summary>The bound that row duals give; null if it is outside the range of numbers.</summary>
    public static long? Of(LinearModel model, LinearExpression objective, ReadOnlySpan<double> duals, long? divisor = null)
    {
        long whole = divisor ?? Math.Max(1, objective.Divisor);
        int bits = FractionBits(duals);
        Int128[] reduced = new Int128[model.Variables.Count];
        Int128 scale = Int128.One << bits;
        BigInteger sum = (BigInteger)scale * objective.Constant;
        foreach ((int variable, long coefficient) in objective.Terms) reduced[variable] += scale * coefficient;
        for (int i = 0; i < duals.Length; i++)
        {
            long dual = double.IsFinite(duals[i]) ? (long)Math.Round(Math.ScaleB(duals[i], bits)) : 0;
            LinearRow row = model.Rows[i];
            long side = dual > 0 ? row.Lower : row.Upper;
            if (dual == 0 || side is long.MinValue or long.MaxValue) continue;
            sum += (BigInteger)dual * ((BigInteger)side - row.Expression.Constant);
            foreach ((int variable, long coefficient) in row.Expression.Terms) reduced[variable] -= (Int128)dual * coefficient;
        }

        for (int j = 0; j < reduced.Length; j++)
            if (reduced[j] != 0) sum += (BigInteger)reduced[j] * (reduced[j] > 0 ? model.Variables[j].Lower : model.Variables[j].Upper);
        BigInteger step = (BigInteger)scale * whole;
        BigInteger steps = BigInteger.DivRem(sum - ((BigInteger)scale * objective.Constant), step, out BigInteger rest) + (rest > 0 ? 1 : 0);
        BigInteger bound = objective.Constant + (steps * whole);
        return bound < long.MinValue || bound > long.MaxValue ? null : (long)bound;
    }

    private static int FractionBits(ReadOnlySpan<double> duals)
    {
        double largest = 1;
        foreach (double dual in duals)
            if (double.IsFinite(dual)) largest = Math.Max(largest, Math.Abs(dual));
        return Math.Clamp((int)Math.Floor(Math.Log2(MostScaled / largest)), 0, MostFractionBits);
    }
}
