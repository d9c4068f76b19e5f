namespace VirtOpt;

/// <summary>Something to be made small. Objectives of one level are added with their weights; a level is minimised after all levels before it.</summary>
/// <remarks>A new objective is one record and one line in <see cref="ObjectiveCatalogue"/>; see <see cref="Constraint"/>.</remarks>
/// <param name="Weight">Factor in its level, at least 0.</param>
/// <param name="Level">The level, 1 first.</param>
public abstract record Objective(long Weight, int Level)
{
    /// <summary>States the objective: terms whose amounts add up to its value.</summary>
    public abstract IEnumerable<Term> Compile(ModelBuilder model);

    /// <summary>The value of a placement, by simple means.</summary>
    public abstract long Value(PlacementView view);

    /// <summary>Refuses parameters that make no sense for a cluster.</summary>
    /// <exception cref="InvalidInputException">A parameter is out of its range or names something that does not exist.</exception>
    public virtual void Validate(ClusterSnapshot cluster) { }

    /// <summary>The objective in a few words.</summary>
    public virtual string Describe() => ToString();

    internal void ValidateAll(ClusterSnapshot cluster)
    {
        if (Weight is < 0 or > 1_000_000_000)
            throw InvalidInputException.Because(
                $"The weight ({Weight}) of the objective ({Describe()}) is not within 0 .. 1000000000.",
                "an objective that should come first belongs in a level before.");
        if (Level is < 1 or > 100)
            throw InvalidInputException.Because($"The level ({Level}) of the objective ({Describe()}) is not within 1 .. 100.", "1 is the first level.");
        Validate(cluster);
    }
}
