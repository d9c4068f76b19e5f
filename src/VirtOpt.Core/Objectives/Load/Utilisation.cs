namespace VirtOpt;

/// <summary>Demand over usable capacity, in whole parts so that every engine counts the same.</summary>
internal static class Utilisation
{
    /// <summary>Parts of a full host: parts per million.</summary>
    public const long Full = 1_000_000;

    /// <summary>
    /// Parts that one unit of demand adds on a host, rounded, at least 1: choose units so that a host has between a hundred and a hundred thousand of
    /// them and the rounding stays small.
    /// </summary>
    public static long PartsPerUnit(Host host, int dimension) => PartsPerUnitOf(host.Usable(dimension));

    /// <summary>Parts that one unit adds to a whole of some units, rounded, at least 1.</summary>
    public static long PartsPerUnitOf(long whole) => Math.Max(1, (Full + (whole / 2)) / Math.Max(1, whole));

    /// <summary>The dimension with a name, or all.</summary>
    public static IEnumerable<int> Dimensions(ClusterSnapshot cluster, string? name) =>
        name is null ? Enumerable.Range(0, cluster.Dimensions.Count) : [cluster.DimensionNamed(name)];
}
