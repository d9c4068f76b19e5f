namespace VirtOpt;

/// <summary>
/// Hosts, NUMA nodes and GPUs hold what is on them: per dimension the demand stays within (capacity - reserve) x overcommit, and reservations
/// stay within capacity - reserve. In a transient dimension a host also holds the VMs that have left it since the start. Amounts are in the
/// dimensions' units.
/// </summary>
public sealed record Capacity : Constraint
{
    /// <summary>Capacity always holds during the migrations too.</summary>
    public Capacity() => Continuous = true;

    /// <inheritdoc/>
    public override IEnumerable<Term> Compile(ModelBuilder model)
    {
        ClusterSnapshot cluster = model.Cluster;
        for (int d = 0; d < cluster.Dimensions.Count; d++)
        {
            int dimension = d;
            string name = $"capacity of {cluster.Dimensions[d].Name}";
            bool leavesTraces = cluster.Dimensions[d].IsTransient && cluster.Vms.Any(vm => vm.Start is not null);
            yield return new SumTerm(name, leavesTraces ? model.DemandWithLeft(d) : model.Demand(d), Excess(cluster.Hosts.Select(h => h.Usable(dimension))));
            if (cluster.Vms.Any(vm => vm.Reservation.Count > 0 && vm.Reservation[dimension] > 0))
                yield return new SumTerm($"{name} for reservations", model.Reservation(d), Excess(cluster.Hosts.Select(h => h.Physical(dimension))));
            if (cluster.Hosts.Any(h => h.NumaNodes.Any(n => n.Limits.Contains(dimension))))
                yield return new SumTerm($"{name} of NUMA nodes", model.NumaDemand(d), ExcessOfParts(cluster.Hosts.SelectMany(h => h.NumaNodes), d));
            if (cluster.Hosts.Any(h => h.Gpus.Any(g => g.Limits.Contains(dimension))))
                yield return new SumTerm($"{name} of GPUs", model.GpuDemand(d), ExcessOfParts(cluster.Hosts.SelectMany(h => h.Gpus), d));
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Violation> Check(PlacementView view)
    {
        for (int d = 0; d < view.Cluster.Dimensions.Count; d++)
            foreach (HostId host in view.Hosts)
                foreach (Violation violation in CheckHost(view, host, d)) yield return violation;
    }

    /// <inheritdoc/>
    public override string Describe() => "capacity";

    private static IEnumerable<Violation> CheckHost(PlacementView view, HostId id, int d)
    {
        Host host = view.Cluster[id];
        Dimension dimension = view.Cluster.Dimensions[d];
        long reserved = view.VmsOn(id).Sum(vm => view.Cluster[vm].Reservation.Count == 0 ? 0 : view.Cluster[vm].Reservation[d]);
        long left = dimension.IsTransient ? view.VmsLeft(id).Sum(vm => view.Cluster[vm].Demand[d]) : 0;
        List<(string Item, long Load, long Limit)> loads =
        [
            ($"host {host}", view.DemandOn(id, d) + left, host.Usable(d)),
            ($"reservations on host {host}", reserved, host.Physical(d)),
        ];
        for (int n = 0; n < host.NumaNodes.Count; n++)
            if (host.NumaNodes[n].Limits.Contains(d)) loads.Add(($"NUMA node {n} of host {host}", view.DemandOnNode(id, n, d), host.NumaNodes[n].Capacity[d]));
        for (int g = 0; g < host.Gpus.Count; g++)
            if (host.Gpus[g].Limits.Contains(d)) loads.Add(($"GPU {g} of host {host}", view.DemandOnGpu(id, g, d), host.Gpus[g].Capacity[d]));
        foreach ((string item, long load, long limit) in loads)
            if (load > limit)
                yield return new(
                    $"{dimension.Name} of {item}", load - limit, $"{item} holds {load} {dimension.Unit} of {dimension.Name}; its limit is {limit}.");
    }

    private static CellFunction[] Excess(IEnumerable<long> limits) => [.. limits.Select(limit => CellFunction.ExcessAbove(limit))];

    private static CellFunction[] ExcessOfParts(IEnumerable<HostPart> parts, int d) =>
        [.. parts.Select(part => part.Limits.Contains(d) ? CellFunction.ExcessAbove(part.Capacity[d]) : CellFunction.Zero)];
}
