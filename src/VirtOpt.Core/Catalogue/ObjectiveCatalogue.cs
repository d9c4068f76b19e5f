namespace VirtOpt;

/// <summary>All objectives that users can name, one line each: a new one is its record and a line here.</summary>
public static class ObjectiveCatalogue
{
    /// <summary>The entries, in the order of the documentation.</summary>
    public static IReadOnlyList<CatalogueEntry<Objective>> Entries { get; } =
    [
        Entry<ActiveHosts>("active-hosts", "The number of hosts in use.", _ => new()),
        Entry<HostPrice>("host-price", "The prices of the hosts in use.", _ => new()),
        Entry<Energy>("energy", "Electric power of the hosts in use, from their power curves, in microwatts.", _ => new()),
        Entry<LoadDeviation>(
            "load-deviation", "Distance of the hosts' loads from their fair shares, in parts per million.", e => new(e.Pick<string?>([null, e.Dimension()]))),
        Entry<LoadVariance>(
            "load-variance", "Squared distance of the hosts' fills from the even fill, in parts per million.",
            e => new(e.Pick<string?>([null, e.Dimension()]))),
        Entry<PeakLoad>("peak-load", "Utilisation of the fullest host, in parts per million.", e => new(e.Pick<string?>([null, e.Dimension()]))),
        Entry<Overload>(
            "overload", "Demand above a threshold, in parts per million of the host.", e => new(e.Pick<string?>([null, e.Dimension()]), e.Number(20, 90))),
        Entry<SafetyLoad>("safety-load", "Demand above the hosts' safety loads, in the dimension's unit.", e => new(e.Dimension())),
        Entry<BalancedRoom>("balanced-room", "Room in one dimension that falls short of a multiple of the room in another.",
            e => new(e.Cluster.Dimensions[0].Name, e.Cluster.Dimensions[^1].Name, e.Number(0, 3))),
        Entry<ExpectedOverload>("expected-overload", "Forecast demand above a threshold, over hosts and slots, in parts per million of the host.",
            e => new(e.Forecast(), e.Number(20, 90))),
        Entry<Fragmentation>("fragmentation", "How many VMs of a shape no longer fit because free room is split up.", e => new(e.Shape())),
        Entry<Migrations>("migrations", "What the migrations cost: their number, cost, downtime or a dimension.",
            e => new(e.Pick(["count", "cost", "downtime", e.Dimension()]))),
        Entry<LargestGroupMoves>("largest-group-moves", "The most VMs of any one group that migrate.", e => new([e.Vms(), e.Vms()])),
        Entry<HostToHostCost>("host-to-host-cost", "Migrations by the price for their pair of hosts.", e => new(e.Matrix())),
    ];

    /// <summary>The entry with a name; null if there is none.</summary>
    public static CatalogueEntry<Objective>? Named(string name) => Entries.FirstOrDefault(e => e.Name == name);

    /// <summary>The entry of an objective.</summary>
    public static CatalogueEntry<Objective> Of(Objective objective) => Entries.First(e => e.Type == objective.GetType());

    private static CatalogueEntry<Objective> Entry<T>(string name, string summary, Func<ExampleSource, T> example)
        where T : Objective => new(name, typeof(T), summary, example);
}
