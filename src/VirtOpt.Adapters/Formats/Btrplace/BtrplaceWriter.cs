using System.Globalization;

namespace VirtOpt;

/// <summary>Writes a problem as an instance of BtrPlace. Names that are not numbers are replaced by positions and kept in naming views.</summary>
internal sealed class BtrplaceWriter
{
    private readonly PlacementProblem problem;
    private readonly ClusterSnapshot cluster;
    private readonly IdTable vms;
    private readonly IdTable hosts;

    /// <param name="problem">The problem.</param>
    /// <exception cref="InvalidInputException">It has something that instances cannot say.</exception>
    public BtrplaceWriter(PlacementProblem problem)
    {
        (this.problem, cluster) = (problem, problem.Cluster);
        (vms, hosts) = (new IdTable(cluster.Vms.Select(v => v.Name)), new IdTable(cluster.Hosts.Select(h => h.Name)));
        RefuseWhatCannotBeSaid();
    }

    /// <summary>Writes the fields of a mapping.</summary>
    public static void Mapping(JsonOutput json, ClusterSnapshot cluster, Placement placement) => Mapping(
        json, cluster, placement, new(cluster.Vms.Select(v => v.Name)), new(cluster.Hosts.Select(h => h.Name)), isEnd: true);

    /// <summary>Writes the instance.</summary>
    public void Write(Stream stream)
    {
        using JsonOutput json = new(stream);
        json.Object("model", () =>
        {
            json.Object("mapping", () => Mapping(json, cluster, Placement.StartOf(cluster), vms, hosts, isEnd: false));
            json.Section("views", Enumerable.Range(0, cluster.Dimensions.Count), d => View(json, d));
        });
        json.Section("constraints", new BtrplaceConstraintWriter(problem, vms, hosts).Facts(), fact => fact(json));
        json.Object("objective", () => json.Field("id", "minimizeMTTR"));
    }

    private static void Mapping(JsonOutput json, ClusterSnapshot cluster, Placement placement, IdTable vms, IdTable hosts, bool isEnd)
    {
        VmId[] all = [.. Enumerable.Range(0, cluster.Vms.Count).Select(v => new VmId(v))];
        bool Runs(VmId vm) => placement.IsPlaced(vm) && !(isEnd && cluster[vm].IsLeaving);
        bool IsOn(Host host) => (isEnd ? host.State : host.StateNow ?? host.State) != HostState.Off;
        ILookup<int, VmId> on = all.Where(Runs).ToLookup(vm => placement[vm].Host.Index);
        Ids("readyVMs", all.Where(vm => !Runs(vm)).Select(vm => vms[vm.Index]));
        json.Object("onlineNodes", () =>
        {
            for (int h = 0; h < cluster.Hosts.Count; h++)
                if (IsOn(cluster.Hosts[h]))
                    json.Object(hosts[h].ToString(CultureInfo.InvariantCulture), () =>
                    {
                        Ids("runningVMs", on[h].Select(vm => vms[vm.Index]));
                        json.Empty("sleepingVMs");
                    });
        });
        Ids("offlineNodes", Enumerable.Range(0, cluster.Hosts.Count).Where(h => !IsOn(cluster.Hosts[h])).Select(h => hosts[h]));

        void Ids(string name, IEnumerable<int> ids)
        {
            int[] some = [.. ids];
            if (some.Length > 0) json.Numbers(name, some);
            else json.Empty(name);
        }
    }

    private void View(JsonOutput json, int dimension)
    {
        json.Field("id", BtrplaceResource.ViewName);
        json.Field("rcId", cluster.Dimensions[dimension].Name);
        json.Field("defCapacity", 0);
        json.Field("defConsumption", 0);
        json.Object("nodes", () =>
        {
            for (int h = 0; h < cluster.Hosts.Count; h++) json.Field(hosts[h].ToString(CultureInfo.InvariantCulture), cluster.Hosts[h].Physical(dimension));
        });
        json.Object("vms", () =>
        {
            for (int v = 0; v < cluster.Vms.Count; v++) json.Field(vms[v].ToString(CultureInfo.InvariantCulture), cluster.Vms[v].Uses(dimension));
        });
    }

    private void RefuseWhatCannotBeSaid()
    {
        Refuse("transient dimension", cluster.Dimensions.FirstOrDefault(d => d.IsTransient));
        Refuse("host with NUMA nodes or GPUs", cluster.Hosts.FirstOrDefault(h => h.NumaNodes.Count > 0 || h.Gpus.Count > 0));
        Refuse("host in maintenance", cluster.Hosts.FirstOrDefault(h => h.State == HostState.Maintenance));
        Refuse("VM with a reservation", cluster.Vms.FirstOrDefault(v => v.Reservation.Any(amount => amount > 0)));
        Refuse(
            "VM that shrinks",
            cluster.Vms.FirstOrDefault(v => !v.IsLeaving && Enumerable.Range(0, cluster.Dimensions.Count).Any(d => v.Uses(d) > v.Demand[d])));
        Refuse("objective", problem.Objectives.FirstOrDefault(o => o is not Migrations));
    }

    private static void Refuse(string what, object? item)
    {
        if (item is not null)
            throw InvalidInputException.Because(
                $"The format ({Btrplace.FormatName}) cannot say the {what} ({(item is Objective objective ? objective.Describe() : item)}).",
                $"({VirtOptJson.FormatName}) was meant.");
    }
}

/// <summary>Numbers for names: the names themselves if all are numbers, else positions.</summary>
internal sealed class IdTable
{
    private readonly int[] ids;

    public IdTable(IEnumerable<string> names)
    {
        string[] all = [.. names];
        int[] parsed = [.. all.Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && $"{id}" == n ? id : -1)];
        ids = parsed.All(id => id >= 0) ? parsed : [.. Enumerable.Range(0, all.Length)];
    }

    public int this[int index] => ids[index];
}
