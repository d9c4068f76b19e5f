namespace VirtOpt.Solver.Bounds.Loads;

/// <summary>A stretch of a convex curve over which it is straight.</summary>
/// <param name="Width">Its length in units of load, above 0.</param>
/// <param name="Rise">What the curve gains over it.</param>
internal readonly record struct Stretch(Int128 Width, Int128 Rise) : IComparable<Stretch>
{
    /// <summary>By slope, the least first; exact, because slopes are compared by their fractions.</summary>
    public int CompareTo(Stretch other) => (Rise * other.Width).CompareTo(other.Rise * Width);
}

/// <summary>
/// The largest convex curve that lies nowhere above a cell function, at whole loads within a range. A cell function is straight between its hinges, and
/// between 0 and 1 where it jumps, so its lower hull is that of a few points (Andrew's monotone chain, Information Processing Letters 9, 1979).
/// </summary>
internal sealed class ConvexCurve
{
    private ConvexCurve(Int128 atLow, IReadOnlyList<Stretch> stretches) => (AtLow, Stretches) = (atLow, stretches);

    /// <summary>The value at the low end.</summary>
    public Int128 AtLow { get; }

    /// <summary>The stretches from there to the high end, slopes ascending.</summary>
    public IReadOnlyList<Stretch> Stretches { get; }

    /// <summary>The curve under a function times a sign.</summary>
    /// <param name="function">The function.</param>
    /// <param name="low">Low end of the loads.</param>
    /// <param name="high">High end, at least the low end.</param>
    /// <param name="sign">1, or -1 for the curve under the negated function.</param>
    public static ConvexCurve Under(CellFunction function, long low, long high, int sign)
    {
        SortedSet<long> loads = [low, high];
        foreach (Hinge hinge in function.Hinges) AddWithin(loads, hinge.At, low, high);
        if (function.Jump != 0)
        {
            AddWithin(loads, 0, low, high);
            AddWithin(loads, 1, low, high);
        }

        List<(Int128 Load, Int128 Value)> hull = [];
        foreach (long load in loads)
        {
            (Int128 Load, Int128 Value) next = (load, sign * At(function, load));
            while (hull.Count > 1 && Between(hull[^2], hull[^1]).CompareTo(Between(hull[^1], next)) >= 0) hull.RemoveAt(hull.Count - 1);
            hull.Add(next);
        }

        return new ConvexCurve(hull[0].Value, [.. Enumerable.Range(1, hull.Count - 1).Select(i => Between(hull[i - 1], hull[i]))]);
    }

    private static void AddWithin(SortedSet<long> loads, long load, long low, long high)
    {
        if (load > low && load < high) loads.Add(load);
    }

    private static Stretch Between((Int128 Load, Int128 Value) from, (Int128 Load, Int128 Value) to) => new(to.Load - from.Load, to.Value - from.Value);

    /// <summary>The function in wide numbers: the high end of a range may be far above any load that a placement has.</summary>
    private static Int128 At(CellFunction function, long load)
    {
        Int128 value = (Int128)function.Slope * load;
        foreach (Hinge hinge in function.Hinges)
            if (load > hinge.At) value += hinge.Change * ((Int128)load - hinge.At);
        return load > 0 ? value + function.Jump : value;
    }
}
