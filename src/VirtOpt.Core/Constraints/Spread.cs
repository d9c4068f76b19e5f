using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// The VMs of a group use at least a number of items of a scope (ROADEF/EURO 2012: spread constraint). The amount is the number of items missing;
/// it is judged once every VM of the group is placed.
/// </summary>
/// <param name="Group">The VMs.</param>
/// <param name="Scope">The scope, for example <c>zone</c>.</param>
/// <param name="Min">Least number of items in use, at least 1 and at most the number of VMs in the group.</param>
public sealed record Spread(
    [Description("the VMs")] VmGroup Group,
    [Description("scope whose items count")] string Scope = VirtOpt.Scope.Host,
    [Description("least number of items in use")] int Min = 2) : Constraint
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        LoadFamily count = model.Count(Group, Scope);
        yield return new SumTerm(Describe(), count, new SameFunction(CellFunction.Used, count.CellCount), Outer.ShortfallBelow, Min);
    }

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        int used = view.ByItem(Group, Scope).Count();
        if (used < Min && Group.Members.All(view.IsPlaced))
            yield return new($"group {Group}", Min - used, $"The VMs of {Group} use {used} items of {Scope}; at least {Min} were asked for.");
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        IsKnown(cluster, Group);
        AtLeast("min of spread", Min, 1);
        int most = Math.Min(Group.Members.Count, cluster.Scope(Scope).Items.Count);
        if (Min > most)
            throw InvalidInputException.Because(
                $"The min ({Min}) of spread of ({Group}) by {Scope} cannot be reached: {Group.Members.Count} VMs, {cluster.Scope(Scope).Items.Count} items.",
                $"at most {most} was meant.");
    }

    /// <inheritdoc/>
    public override string Describe() => $"spread of {Group} over at least {Min} items of {Scope}";
}
