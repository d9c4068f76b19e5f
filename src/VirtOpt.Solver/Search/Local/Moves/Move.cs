namespace VirtOpt.Solver.Search.Local.Moves;

/// <summary>A way to change a placement a little. A new one is a class like this and a line in <see cref="MoveCatalogue"/>.</summary>
internal abstract class Move
{
    /// <summary>Name in statistics.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the move can gain anything in a problem.</summary>
    public virtual bool Suits(PlacementModel model) => true;

    /// <summary>Makes one random change of its kind, if that is valid and raises the energy by no more than a limit.</summary>
    /// <returns>True if it was made.</returns>
    public abstract bool Try(SearchField field, double limit);
}
