namespace VirtOpt;

/// <summary>Writes the virtopt format; what has its default is left out.</summary>
internal sealed class VirtOptWriter
{
    private readonly PlacementProblem problem;
    private readonly JsonOutput json;
    private readonly Dictionary<string, HostGroup> hostGroups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VmGroup> vmGroups = new(StringComparer.Ordinal);

    private VirtOptWriter(PlacementProblem problem, JsonOutput json)
    {
        (this.problem, this.json) = (problem, json);
        foreach (HostGroup group in Cluster.HostGroups) hostGroups[group.Name] = group;
        foreach (VmGroup group in Cluster.VmGroups) vmGroups[group.Name] = group;
        foreach (object? value in Written.SelectMany(c => ConstraintCatalogue.Of(c).ValuesOf(c))) AddGroup(value);
        foreach (object? value in problem.Objectives.SelectMany(o => ObjectiveCatalogue.Of(o).ValuesOf(o)))
            foreach (VmGroup group in value as IReadOnlyList<VmGroup> ?? []) AddGroup(group);
    }

    private ClusterSnapshot Cluster => problem.Cluster;

    /// <summary>The rules without those that are added on reading.</summary>
    private IEnumerable<Constraint> Written => problem.Constraints.Where(c => c != new Capacity() && c != new HostAvailability());

    /// <summary>Writes a problem.</summary>
    public static void Write(PlacementProblem problem, Stream stream)
    {
        using JsonOutput json = new(stream);
        new VirtOptWriter(problem, json).Write();
    }

    private void Write()
    {
        json.Field("format", VirtOptJson.FormatName);
        json.Field("version", VirtOptJson.Version);
        json.Field("name", Cluster.Name);
        json.Section("dimensions", Cluster.Dimensions, d =>
        {
            json.Field("name", d.Name);
            json.Field("unit", d.Unit);
            json.Field("transient", d.IsTransient, false);
        });
        json.Section("hosts", Cluster.Hosts, Host);
        json.Section("hostGroups", hostGroups.Values, g =>
        {
            json.Field("name", g.Name);
            Members("hosts", g.Members.Select(h => Cluster[h].Name));
        }, mayOmit: true);
        json.Section("vms", Cluster.Vms, Vm);
        json.Section("vmGroups", vmGroups.Values, g =>
        {
            json.Field("name", g.Name);
            Members("vms", g.Members.Select(v => Cluster[v].Name));
        }, mayOmit: true);
        RuleWriter rules = new(json, Cluster);
        json.Section("constraints", Written, rules.Constraint, mayOmit: true);
        json.Section("objectives", problem.Objectives, rules.Objective, mayOmit: true);
    }

    private void Host(Host host)
    {
        json.Field("name", host.Name);
        json.Amounts("capacity", Cluster.Dimensions, host.Capacity);
        json.Amounts("reserve", Cluster.Dimensions, host.Reserve, d => host.Reserve[d] != 0);
        json.Amounts("overcommitPercent", Cluster.Dimensions, host.OvercommitPercent, d => host.OvercommitPercent[d] != 100);
        json.Amounts("safety", Cluster.Dimensions, host.Safety);
        if (host.State != HostState.Available) json.Field("state", RuleWriter.Lower(host.State));
        if (host.Labels.Count > 0) json.Object("labels", () => { foreach ((string scope, string item) in host.Labels) json.Field(scope, item); });
        json.Names("tags", host.Tags);
        json.Field("cpuModel", host.CpuModel, "");
        json.Field("price", host.Price, 1);
        if (host.Power is { } power) Power(power);
        if (host.StateNow is { } now) json.Field("stateNow", RuleWriter.Lower(now));
        json.Array("numaNodes", host.NumaNodes, Part);
        json.Array("gpus", host.Gpus, Part);
    }

    private void Power(PowerCurve power) => json.Object("power", () =>
    {
        json.Field("dimension", power.Dimension);
        json.Array("points", power.Points, p => json.Numbers([p.UtilisationPercent, p.Watts]));
    });

    private void Part(HostPart part) => json.Object(() =>
    {
        json.Field("model", part.Model, "");
        json.Amounts("capacity", Cluster.Dimensions, part.Capacity, part.Limits.Contains);
    });

    private void Vm(VirtualMachine vm)
    {
        json.Field("name", vm.Name);
        json.Amounts("demand", Cluster.Dimensions, vm.Demand);
        json.Amounts("demandNow", Cluster.Dimensions, vm.DemandNow);
        json.Field("leaving", vm.IsLeaving, false);
        json.Amounts("reservation", Cluster.Dimensions, vm.Reservation, d => vm.Reservation[d] != 0);
        json.Field("numaNodes", vm.NumaNodes, 0);
        json.Field("gpus", vm.Gpus, 0);
        json.Names("gpuModels", vm.GpuModels);
        if (vm.Start is { } start) RuleWriter.Place(json, Cluster, start);
        json.Field("movable", vm.Movable, true);
        json.Field("pinReason", vm.PinReason, "");
        json.Field("priority", vm.Priority, 0);
        json.Field("migrationCost", vm.MigrationCost, 1);
        if (vm.Downtime != DowntimeClass.Live) json.Field("downtime", RuleWriter.Lower(vm.Downtime));
    }

    private void Members(string name, IEnumerable<string> members)
    {
        string[] names = [.. members];
        if (names.Length > 0) json.Names(name, names);
        else json.Empty(name);
    }

    /// <summary>Groups that only a rule knows are written beside those of the cluster.</summary>
    private void AddGroup(object? value)
    {
        bool clash = value switch
        {
            VmGroup group => !vmGroups.TryAdd(group.Name, group) && !vmGroups[group.Name].Members.SequenceEqual(group.Members),
            HostGroup group => !hostGroups.TryAdd(group.Name, group) && !hostGroups[group.Name].Members.SequenceEqual(group.Members),
            _ => false,
        };
        if (clash)
            throw InvalidInputException.Because($"Two different groups are called ({value}).", "one of them has to be renamed before the problem is written.");
    }
}
