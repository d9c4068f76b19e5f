using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// Migrations stay within a limit: their number or what they move, in all or per item of a scope, of all VMs or of a group. Per item every
/// departure and every arrival counts. The amount is the excess.
/// </summary>
/// <param name="Max">The limit, at least 0, in the unit of <paramref name="Of"/>.</param>
/// <param name="Of"><c>count</c>, <c>cost</c> (the VMs' migration cost), <c>downtime</c>, or the name of a dimension (its demand is what moves).</param>
/// <param name="Per"><c>cluster</c>, or a scope whose items each have the limit.</param>
/// <param name="Group">The VMs that count; null for all.</param>
public sealed record MigrationLimit(
    [Description("most that may migrate")] long Max,
    [Description("count, cost, downtime or a dimension")] string Of = MigrationMeasure.Count,
    [Description("cluster, or a scope whose items each have the limit")] string Per = MigrationLimit.Cluster,
    [Description("the VMs that count; all if left out")] VmGroup? Group = null) : Constraint
{
    /// <summary>The limit is for the whole cluster.</summary>
    public const string Cluster = "cluster";

    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        Func<VirtualMachine, long> cost = MigrationMeasure.Of(model.Cluster, Of);
        string name = $"migrated {Of} of {Group?.Name ?? "all VMs"} by {Per}";
        LoadFamily family = Per == Cluster ? model.Migrations(name, Group, cost) : model.MigrationsBy(name, Per, Group, cost);
        yield return new SumTerm(Describe(), family, new SameFunction(CellFunction.ExcessAbove(Max), family.CellCount));
    }

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        Func<VirtualMachine, long> cost = MigrationMeasure.Of(view.Cluster, Of);
        Dictionary<string, long> sums = new(StringComparer.Ordinal);
        foreach (VmId vm in (Group ?? view.Cluster.AllVms).Members.Where(view.HasMoved))
            foreach (string item in Items(view, vm)) sums[item] = sums.GetValueOrDefault(item) + cost(view.Cluster[vm]);
        return sums
            .Where(s => s.Value > Max)
            .Select(s => new Violation(s.Key, s.Value - Max, $"Migrations of {s.Key} sum to {s.Value} ({Of}); the limit is {Max}."));
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        if (Group is not null) IsKnown(cluster, Group);
        AtLeast("max of migration limit", Max, 0);
        MigrationMeasure.Of(cluster, Of);
        if (Per != Cluster) cluster.Scope(Per);
    }

    /// <inheritdoc/>
    public override string Describe() => $"migration limit ({Of} of {Group?.Name ?? "all VMs"} per {Per} at most {Max})";

    private IEnumerable<string> Items(PlacementView view, VmId vm)
    {
        if (Per == Cluster) return ["the cluster"];
        Scope scope = view.Cluster.Scope(Per);
        return [$"{Per} {scope.Items[scope.ItemOf(view.Cluster[vm].Start!.Value.Host)]}", $"{Per} {scope.Items[scope.ItemOf(view.HostOf(vm))]}"];
    }
}

/// <summary>What a migration can be measured by.</summary>
public static class MigrationMeasure
{
    /// <summary>Each migration counts 1.</summary>
    public const string Count = "count";

    /// <summary>Each counts its VM's <see cref="VirtualMachine.MigrationCost"/>.</summary>
    public const string Cost = "cost";

    /// <summary>Each counts by how it is felt: live 1, paused 10, cold 100.</summary>
    public const string Downtime = "downtime";

    /// <summary>The measure with this name.</summary>
    /// <exception cref="InvalidInputException">It is none of the above nor a dimension.</exception>
    public static Func<VirtualMachine, long> Of(ClusterSnapshot cluster, string measure)
    {
        if (measure == Count) return _ => 1;
        if (measure == Cost) return vm => vm.MigrationCost;
        if (measure == Downtime) return vm => vm.Downtime switch { DowntimeClass.Live => 1, DowntimeClass.Paused => 10, _ => 100 };
        int dimension = cluster.DimensionNamed(measure);
        return vm => vm.Demand[dimension];
    }
}
