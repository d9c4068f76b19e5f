namespace VirtOpt;

/// <summary>A cluster with the rules that its placement must keep and what is to be made small. Immutable; validated when first used.</summary>
/// <param name="cluster">The cluster.</param>
public sealed class PlacementProblem(ClusterSnapshot cluster)
{
    private PlacementModel? model;

    /// <summary>The cluster.</summary>
    public ClusterSnapshot Cluster { get; } = cluster;

    /// <summary>The rules. <see cref="Capacity"/> and <see cref="HostAvailability"/> are added where they are missing.</summary>
    public IReadOnlyList<Constraint> Constraints { get; init => field = WithBasics(value); } = WithBasics([]);

    /// <summary>
    /// What is to be made small. After all levels the fewest migrations win, then the cheapest: nothing moves without a reason.
    /// </summary>
    public IReadOnlyList<Objective> Objectives { get; init; } = [];

    /// <summary>The problem as the engines read it.</summary>
    /// <exception cref="InvalidInputException">A rule or objective makes no sense for the cluster.</exception>
    public PlacementModel Compile()
    {
        if (model is not null) return model;
        Validate();
        ModelBuilder builder = new(Cluster);
        List<Requirement> requirements = [];
        List<Goal> goals = [];
        foreach (Constraint constraint in Constraints)
            foreach (Term term in constraint.Compile(builder))
                if (constraint.Soft is { } soft) goals.Add(new Goal($"soft {constraint.Describe()}", soft.Level, soft.Weight, term));
                else requirements.Add(new Requirement(constraint, term));
        foreach (Objective objective in Objectives)
            goals.AddRange(objective.Compile(builder).Select(term => new Goal(objective.Describe(), objective.Level, objective.Weight, term)));
        goals.AddRange(StayPut().SelectMany(o => o.Compile(builder).Select(term => new Goal(o.Describe(), o.Level, o.Weight, term))));
        return model = new PlacementModel(Cluster, builder, requirements, goals);
    }

    /// <summary>Refuses rules and objectives that make no sense for the cluster; <see cref="Compile"/> does it first.</summary>
    /// <exception cref="InvalidInputException">A parameter is out of its range or names something that does not exist.</exception>
    public void Validate()
    {
        foreach (Constraint constraint in Constraints) Validate(constraint);
        foreach (Objective objective in Objectives) objective.ValidateAll(Cluster);
    }

    /// <summary>The objectives that break ties: the number of migrations, then their cost.</summary>
    public IEnumerable<Objective> StayPut()
    {
        if (Cluster.Vms.All(vm => vm.Start is null)) yield break;
        yield return new Migrations(MigrationMeasure.Count, 1, TieBreakLevel);
        if (Cluster.Vms.Select(vm => vm.MigrationCost).Distinct().Count() > 1) yield return new Migrations(MigrationMeasure.Cost, 1, TieBreakLevel + 1);
    }

    /// <summary>The first level that only breaks ties.</summary>
    public const int TieBreakLevel = 1000;

    private void Validate(Constraint constraint)
    {
        constraint.Validate(Cluster);
        if (constraint.Soft is not { } soft) return;
        if (soft.Weight is < 0 or > 1_000_000_000 || soft.Level is < 1 or > 100)
            throw InvalidInputException.Because(
                $"The soft rule ({constraint.Describe()}) has weight ({soft.Weight}) and level ({soft.Level}); expected 0 .. 1000000000 and 1 .. 100.",
                "a hard rule was meant: leave soft out.");
    }

    private static List<Constraint> WithBasics(IReadOnlyList<Constraint> constraints)
    {
        List<Constraint> all = [.. constraints];
        if (!all.OfType<HostAvailability>().Any()) all.Insert(0, new HostAvailability());
        if (!all.OfType<Capacity>().Any()) all.Insert(0, new Capacity());
        return all;
    }
}
