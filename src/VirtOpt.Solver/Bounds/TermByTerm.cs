namespace VirtOpt.Solver.Bounds;

/// <summary>The sum of the bounds of single terms: amounts add up, and each is at least its bound.</summary>
internal sealed class TermByTerm : ILevelBound
{
    /// <inheritdoc/>
    public string Name => "term-by-term";

    /// <inheritdoc/>
    public IEnumerable<long> Of(BoundTask task) => [task.LeastOf(task.Terms)];
}
