using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Bounds;

/// <summary>A level to bound.</summary>
/// <param name="Session">The solve.</param>
/// <param name="Ranges">What is known of the loads.</param>
/// <param name="Level">Position of the level.</param>
/// <param name="Until">Time since the start of the solve at which to end.</param>
/// <param name="CancellationToken">Ends the work at once.</param>
internal sealed record BoundTask(SolveSession Session, RangeTable Ranges, int Level, TimeSpan Until, CancellationToken CancellationToken)
{
    /// <summary>Share of a work limit that goes into one linear program.</summary>
    private const double WorkShare = 0.1;

    /// <summary>Time left; none if the work is to end at once.</summary>
    public TimeSpan Left => CancellationToken.IsCancellationRequested ? TimeSpan.Zero : Until - Session.Elapsed;

    /// <summary>Work that one linear program may take, where work is counted; else null.</summary>
    public double? Work => Session.Stop is MaxWork work ? WorkShare * work.Units : null;

    /// <summary>The terms whose weighted amounts add up to the level.</summary>
    public IEnumerable<(Term Term, long Weight)> Terms =>
        Session.Scoring.Uses().Where(use => use.Level == Level && use.Weight > 0).Select(use => (use.Term, use.Weight));

    /// <summary>A number that a weighted sum of terms is never below, by the bounds of single terms; no amount is below 0.</summary>
    public long LeastOf(IEnumerable<(Term Term, long Weight)> terms) => terms.Sum(t => t.Weight * LeastOf(t.Term));

    private long LeastOf(Term term) => BoundCatalogue.OfTerms.Max(bound => Math.Max(0, bound.Of(term, Ranges) ?? 0));
}
