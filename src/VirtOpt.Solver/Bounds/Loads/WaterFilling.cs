namespace VirtOpt.Solver.Bounds.Loads;

/// <summary>
/// The least sum over cells of a function of their load, whoever is where: all that is known of the loads is their ranges and their sum. Functions are
/// replaced by the convex curves under them; then the sum is least if the load goes to the flattest stretches first (separable resource allocation:
/// Ibaraki and Katoh, Resource Allocation Problems, MIT Press 1988, ch. 4).
/// </summary>
internal sealed class WaterFilling : ITermBound
{
    /// <inheritdoc/>
    public string Name => "water-filling";

    /// <inheritdoc/>
    public long? Of(Term term, RangeTable ranges)
    {
        if (term is not SumTerm sum || ranges.Of(sum.Family) is not { } loads) return null;
        int sign = sum.Outer == Outer.ShortfallBelow ? -1 : 1;
        return Least(sum.Functions, loads, sign) is { } least && least < long.MaxValue ? sum.Amount((long)(sign * least)) : null;
    }

    /// <summary>The least sum of the functions times a sign, rounded up to a whole number as all sums are; null if no loads fulfil the ranges.</summary>
    private static Int128? Least(IReadOnlyList<CellFunction> functions, CellRanges loads, int sign)
    {
        Int128 sum = 0;
        Int128 left = loads.Total;
        List<Stretch> stretches = [];
        for (int cell = 0; cell < loads.Low.Length; cell++)
        {
            ConvexCurve curve = ConvexCurve.Under(functions[cell], loads.Low[cell], loads.High[cell], sign);
            (sum, left) = (sum + curve.AtLow, left - loads.Low[cell]);
            stretches.AddRange(curve.Stretches);
        }

        if (left < 0) return null;
        stretches.Sort();
        foreach (Stretch stretch in stretches)
        {
            if (left < stretch.Width) return sum + Ceiling(stretch.Rise * left, stretch.Width);
            (sum, left) = (sum + stretch.Rise, left - stretch.Width);
        }

        return left > 0 ? null : sum;
    }

    private static Int128 Ceiling(Int128 dividend, Int128 divisor)
    {
        Int128 quotient = dividend / divisor;
        return dividend > quotient * divisor ? quotient + 1 : quotient;
    }
}
