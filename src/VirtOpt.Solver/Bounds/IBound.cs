namespace VirtOpt.Solver.Bounds;

/// <summary>A lower bound of the amount of single terms, found in moments from what is known of their loads.</summary>
internal interface ITermBound
{
    /// <summary>Name in results and statistics.</summary>
    string Name { get; }

    /// <summary>A number that the term's amount is never below, whatever valid placement is chosen; null if the bound does not apply.</summary>
    long? Of(Term term, RangeTable ranges);
}

/// <summary>A lower bound of the weighted sum of a level, which may take its time.</summary>
internal interface ILevelBound
{
    /// <summary>Name in results and statistics.</summary>
    string Name { get; }

    /// <summary>
    /// Numbers that the level is never below if the levels before it are at their best, as they are found; none if the bound does not apply, is too
    /// large to be worked out, or out of time.
    /// </summary>
    IEnumerable<long> Of(BoundTask task);
}
