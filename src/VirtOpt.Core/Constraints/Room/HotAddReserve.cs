using System.ComponentModel;

namespace VirtOpt;

/// <summary>
/// The free room of the hosts that are available holds at least a number of further VMs of a shape, so that they can be added at once
/// (VMware: slots; Ganeti: hspace). The amount is how many of them do not fit.
/// </summary>
/// <param name="Shape">What one further VM needs per dimension; 0 where it needs nothing.</param>
/// <param name="Count">How many must fit, at least 1.</param>
public sealed record HotAddReserve(
    [Description("what one further VM needs")] ResourceVector Shape,
    [Description("how many must fit")] int Count = 1) : Constraint
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) => [FitMeasure.ByHost(Describe(), model, Shape, Count)];

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        long fits = view.Hosts.Sum(host => FitMeasure.CopiesOn(view, host, Shape));
        if (fits < Count) yield return new("the cluster", Count - fits, $"{fits} further VMs of the shape {Shape} fit; {Count} must.");
    }

    /// <inheritdoc/>
    public override void Validate(ClusterSnapshot cluster)
    {
        AtLeast("count of hot-add reserve", Count, 1);
        FitMeasure.Validate(cluster, Shape);
    }

    /// <inheritdoc/>
    public override string Describe() => $"room for {Count} more VMs of the shape {Shape}";
}
