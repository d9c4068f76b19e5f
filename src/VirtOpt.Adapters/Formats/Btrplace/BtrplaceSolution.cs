using System.Globalization;

namespace VirtOpt;

/// <summary>Solutions of the btrplace format: <c>{"mapping": {"onlineNodes": {...}}}</c>.</summary>
internal sealed class BtrplaceSolution
{
    private static readonly JsonFields<BtrplaceSolution> Fields = new("solution", strict: false)
    {
        { "mapping", (c, s) => c.Object(MappingFields!, s), true },
    };

    private static readonly JsonFields<BtrplaceSolution> MappingFields = new("mapping", strict: false)
    {
        { "onlineNodes", (c, s) => c.Map("nodes", id => c.Object(NodeFields!, (s, s.Host(c, id)))), true },
    };

    private static readonly JsonFields<(BtrplaceSolution Solution, HostId Host)> NodeFields = new("online node", strict: false)
    {
        { "runningVMs", (c, n) => c.Array("numbers of VMs", () => n.Solution.Put(c, n.Host)) },
    };

    private readonly ClusterSnapshot cluster;
    private readonly Place[] places;

    private BtrplaceSolution(ClusterSnapshot cluster)
    {
        this.cluster = cluster;
        places = [.. cluster.Vms.Select(vm => vm.IsLeaving ? vm.Start!.Value : Placement.Nowhere)];
    }

    /// <summary>Reads the placement; VMs that are to be shut down count as where they are.</summary>
    public static Placement Read(ClusterSnapshot cluster, string path)
    {
        BtrplaceSolution solution = new(cluster);
        JsonCursor.ReadFile(path, Fields, solution);
        return new Placement(solution.places);
    }

    private HostId Host(JsonCursor cursor, string id) => cursor.Located(() => cluster.HostNamed(id));

    private void Put(JsonCursor cursor, HostId host)
    {
        VmId vm = cursor.Located(() => cluster.VmNamed(BtrplaceFile.Id(cursor).ToString(CultureInfo.InvariantCulture)));
        if (places[vm.Index] != Placement.Nowhere && !cluster[vm].IsLeaving)
            throw cursor.Error($"the VM ({cluster[vm]}) is there twice", "it is on two nodes.");
        places[vm.Index] = new Place(host);
    }
}
