namespace VirtOpt.Solver.Repair;

/// <summary>How much fits into a cell.</summary>
internal static class Room
{
    /// <summary>The largest load at which a function that never falls is within what is tolerated.</summary>
    public static long Most(CellFunction function, long tolerated = 0)
    {
        (long low, long high) = (0, long.MaxValue / 1_000_000);
        if (function.At(high) <= tolerated) return high;
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (function.At(middle) <= tolerated) low = middle;
            else high = middle;
        }

        return low;
    }
}
