namespace VirtOpt;

/// <summary>How many copies of a VM shape fit into free room: the common words of fragmentation and hot-add reserve.</summary>
internal static class FitMeasure
{
    public static void Validate(ClusterSnapshot cluster, ResourceVector shape)
    {
        if (shape.Count != cluster.Dimensions.Count || shape.IsZero || shape.Any(need => need is < 0 or > ClusterValidation.MaxAmount))
            throw InvalidInputException.Because(
                $"The shape ({shape}) must need something in one of the {cluster.Dimensions.Count} dimensions, and 0 .. {ClusterValidation.MaxAmount} in each.",
                "its amounts were left out.");
    }

    public static FitTerm ByHost(string name, ModelBuilder model, ResourceVector shape, long wanted) => new(
        name,
        [
            .. Needed(shape).Select(d => new FitNeed(model.Demand(d), [.. model.Cluster.Hosts.Select(h => Room(h, h.Usable(d)))], shape[d])),
        ],
        wanted);

    public static FitTerm ByNumaNode(string name, ModelBuilder model, ResourceVector shape, long wanted) => new(
        name,
        [
            .. Needed(shape).Select(d => new FitNeed(
                model.NumaDemand(d),
                [.. model.Parts(h => h.NumaNodes.Count).Select(p => Room(model.Cluster[p.Host], model.Cluster[p.Host].NumaNodes[p.Part].Capacity[d]))],
                shape[d])),
        ],
        wanted);

    public static long CopiesOn(PlacementView view, HostId id, ResourceVector shape)
    {
        Host host = view.Cluster[id];
        return host.State != HostState.Available ? 0 : Needed(shape).Min(d => Math.Max(0, host.Usable(d) - view.DemandOn(id, d)) / shape[d]);
    }

    public static long CopiesOnNode(PlacementView view, HostId id, int node, ResourceVector shape)
    {
        Host host = view.Cluster[id];
        return host.State != HostState.Available
            ? 0
            : Needed(shape).Min(d => Math.Max(0, host.NumaNodes[node].Capacity[d] - view.DemandOnNode(id, node, d)) / shape[d]);
    }

    private static long Room(Host host, long room) => host.State == HostState.Available ? room : 0;

    private static IEnumerable<int> Needed(ResourceVector shape) => Enumerable.Range(0, shape.Count).Where(d => shape[d] > 0);
}
