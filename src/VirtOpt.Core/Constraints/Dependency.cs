using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// In every item of a scope where a VM of one group runs, a VM of another group runs too (ROADEF/EURO 2012: dependency constraint over
/// neighbourhoods). The amount is the number of items without; it is judged once every VM of both groups is placed.
/// </summary>
/// <param name="Group">The VMs that depend.</param>
/// <param name="On">The VMs that they depend on.</param>
/// <param name="Scope">The scope, for example <c>zone</c>.</param>
public sealed record Dependency(
    [Description("the VMs that depend")] VmGroup Group,
    [Description("the VMs that they depend on")] VmGroup On,
    [Description("scope whose item both share")] string Scope = VirtOpt.Scope.Host) : Constraint
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) => [new ImplyTerm(Describe(), model.Count(Group, Scope), model.Count(On, Scope))];

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        if (!Group.Members.Concat(On.Members).All(view.IsPlaced)) return [];
        HashSet<string> served = [.. view.ByItem(On, Scope).Select(item => item.Key)];
        return view.ByItem(Group, Scope).Where(item => !served.Contains(item.Key)).Select(item =>
            new Violation($"{Scope} {item.Key}", 1, $"VM {view.Cluster[item.First()]} of {Group} is in {Scope} {item.Key}, where no VM of {On} is."));
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        IsKnown(cluster, Group);
        IsKnown(cluster, On);
        cluster.Scope(Scope);
    }

    /// <inheritdoc/>
    public override string Describe() => $"dependency of {Group} on {On} by {Scope}";
}
