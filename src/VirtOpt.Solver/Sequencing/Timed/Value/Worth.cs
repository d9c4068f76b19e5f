using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Sequencing.Timed.Value;

/// <summary>What a state on the way is worth: VMs that should have a place and have none, then the score. Smaller is better.</summary>
/// <param name="Unplaced">VMs without a place.</param>
/// <param name="Score">Score of the placement.</param>
internal readonly record struct Worth(long Unplaced, Score Score) : IComparable<Worth>
{
    /// <summary>What a placement is worth.</summary>
    public static Worth Of(LegMaker maker, Placement placement) =>
        new(placement.Places.ToArray().Count(p => p.Host.Index < 0), maker.Scoring.StateAt(placement.Places).Score());

    public int CompareTo(Worth other) => Unplaced != other.Unplaced ? Unplaced.CompareTo(other.Unplaced) : Score.CompareTo(other.Score);
}
