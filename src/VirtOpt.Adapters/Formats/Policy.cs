namespace VirtOpt;

/// <summary>What is asked of a placement: rules, and what is to be made small.</summary>
/// <param name="Constraints">The rules.</param>
/// <param name="Objectives">What is to be made small.</param>
public sealed record Policy(IReadOnlyList<Constraint> Constraints, IReadOnlyList<Objective> Objectives)
{
    /// <summary>The policy that asks for nothing but capacity.</summary>
    public static Policy None { get; } = new([], []);

    /// <summary>Reads a policy file: a JSON object with <c>constraints</c> and <c>objectives</c> as in the virtopt format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cluster">The cluster whose groups, scopes and dimensions it names.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or does not fit the cluster.</exception>
    public static Policy Read(string path, ClusterSnapshot cluster) => PolicyJson.Read(path, cluster);

    /// <summary>The policy as a problem of a cluster.</summary>
    public PlacementProblem For(ClusterSnapshot cluster) => new(cluster) { Constraints = Constraints, Objectives = Objectives };
}

/// <summary>What a user asks for instead of, or beside, what a file asks for.</summary>
public sealed record PolicyOverrides
{
    /// <summary>A policy file: its constraints are added, its objectives, if it has any, replace those of the input.</summary>
    public string? PolicyFile { get; init; }

    /// <summary>Name of a <see cref="PolicyPresets">preset</see> whose objectives replace those of the input and of the policy file.</summary>
    public string? Objective { get; init; }

    /// <summary>Most migrations in all; null for no such limit.</summary>
    public long? MigrationLimit { get; init; }

    /// <summary>What is asked of a cluster in the end.</summary>
    /// <param name="own">What the input asks for.</param>
    /// <param name="cluster">The cluster.</param>
    /// <exception cref="InvalidInputException">The policy file, the preset or the limit makes no sense for the cluster.</exception>
    public Policy ApplyTo(Policy own, ClusterSnapshot cluster)
    {
        Policy policy = own;
        if (PolicyFile is not null)
        {
            Policy file = Policy.Read(PolicyFile, cluster);
            policy = new Policy([.. own.Constraints, .. file.Constraints], file.Objectives.Count > 0 ? file.Objectives : own.Objectives);
        }

        if (Objective is not null) policy = policy with { Objectives = Preset(Objective, policy, cluster) };
        if (MigrationLimit is not { } limit) return policy;
        MigrationLimit rule = new(limit);
        rule.Validate(cluster);
        return policy with { Constraints = [.. policy.Constraints, rule] };
    }

    /// <summary>A policy that already minimises fragmentation knows the shape that counts better than a preset does.</summary>
    private static IReadOnlyList<Objective> Preset(string name, Policy policy, ClusterSnapshot cluster) =>
        name == PolicyPresets.Fragmentation && policy.Objectives.OfType<Fragmentation>().Any() ? policy.Objectives : PolicyPresets.Named(name, cluster);
}
