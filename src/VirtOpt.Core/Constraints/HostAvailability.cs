namespace VirtOpt;

/// <summary>
/// No VM is on a host that is in maintenance or off: such a host is emptied and receives nothing (VMware: maintenance mode; BtrPlace: Offline).
/// The amount is the number of VMs there.
/// </summary>
public sealed record HostAvailability : Constraint
{
    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model) =>
    [
        new SumTerm(
            Describe(),
            model.CountOn("VMs on hosts that are not available", null, host => model.Cluster[host].State != HostState.Available),
            [CellFunction.Identity])
        {
            PerVm = true,
        },
    ];

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view) =>
        from host in view.Hosts
        where view.Cluster[host].State != HostState.Available
        from vm in view.VmsOn(host)
        select new Violation(
            $"VM {view.Cluster[vm]}", 1, $"VM {view.Cluster[vm]} is on host {view.Cluster[host]}, which is in state {view.Cluster[host].State}.");

    /// <inheritdoc/>
    public override string Describe() => "hosts in maintenance or off are empty";
}
