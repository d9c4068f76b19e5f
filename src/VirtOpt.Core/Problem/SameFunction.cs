using System.Collections;

namespace VirtOpt;

/// <summary>One function for every cell of a family, without a list as long as the family: thousands of groups over thousands of hosts stay small.</summary>
/// <param name="function">The function.</param>
/// <param name="cells">Number of cells.</param>
public sealed class SameFunction(CellFunction function, int cells) : IReadOnlyList<CellFunction>
{
    /// <inheritdoc/>
    public int Count => cells;

    /// <summary>True if cells without load count nothing, so that only those with load have to be looked at.</summary>
    public bool IsZeroAtZero { get; } = function.At(0) == 0;

    /// <inheritdoc/>
    public CellFunction this[int index] => function;

    /// <inheritdoc/>
    public IEnumerator<CellFunction> GetEnumerator() => Enumerable.Repeat(function, cells).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
