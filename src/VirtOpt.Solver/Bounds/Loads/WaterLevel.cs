namespace VirtOpt.Solver.Bounds.Loads;

/// <summary>
/// The least largest value over cells: the lowest level at which the cells together hold the whole load, where no cell rises above the level. For
/// functions that never fall; of several families the highest level counts.
/// </summary>
internal sealed class WaterLevel : ITermBound
{
    /// <inheritdoc/>
    public string Name => "water-level";

    /// <inheritdoc/>
    public long? Of(Term term, RangeTable ranges)
    {
        if (term is not MaxTerm max) return null;
        long? highest = null;
        foreach (TermPart part in max.Parts)
            if (ranges.Of(part.Family) is { } loads && loads.Low.All(low => low >= 0) && part.Functions.All(f => f.IsNonDecreasing)
                && Level(part.Functions, loads) is { } level && !(level <= highest)) highest = level;
        return highest;
    }

    private static long? Level(IReadOnlyList<CellFunction> functions, CellRanges loads)
    {
        if (loads.Low.Length == 0) return null;
        int[] cells = [.. Enumerable.Range(0, loads.Low.Length)];
        (long low, long high) = (cells.Max(c => functions[c].At(loads.Low[c])), cells.Max(c => functions[c].At(loads.High[c])));
        if (Held(functions, loads, high) < loads.Total) return null;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (Held(functions, loads, middle) >= loads.Total) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    /// <summary>The largest load that the cells hold, each at a value of at most the level.</summary>
    private static Int128 Held(IReadOnlyList<CellFunction> functions, CellRanges loads, long level)
    {
        Int128 held = 0;
        for (int cell = 0; cell < loads.Low.Length; cell++)
        {
            (long low, long high) = (loads.Low[cell], loads.High[cell]);
            while (low < high)
            {
                long middle = low + ((high - low + 1) / 2);
                if (functions[cell].At(middle) <= level) low = middle;
                else high = middle - 1;
            }

            held += low;
        }

        return held;
    }
}
