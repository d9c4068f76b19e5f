namespace VirtOpt;

/// <summary>
/// VM rescheduling snapshots of ByteDance (VMR2L, EuroSys 2025): hosts with two NUMA nodes, VMs on one or two of them, anti-affinity sets.
/// CPU in cores, memory in MiB (the files say <c>mb</c>).
/// </summary>
/// <remarks>
/// The hosts of all clusters are one pool. What is free is the total minus the VMs; the files' own free values are passed over because they do
/// not always agree. <c>rack_id</c> becomes the label <c>rack</c>; each <c>deployment_set</c> an anti-affinity rule that holds at every moment;
/// the objective is the number of 16-core VMs that fewer than possible fit into single NUMA nodes, which falls exactly when the fragment rate does.
/// The solution lists the migrations in order, temporary hops included.
/// </remarks>
public sealed class Vmr2l : IProblemFormat
{
    /// <summary>Cores of the VM shape whose unusable remainders count.</summary>
    internal const int ShapeCores = 16;

    /// <inheritdoc/>
    public string Name => "vmr2l";

    /// <inheritdoc/>
    public string Summary => "VM rescheduling snapshots with NUMA nodes (VMR2L, EuroSys 2025); the objective is the fragment rate.";

    /// <inheritdoc/>
    public string Usage => "one JSON file; the solution is {\"migrations\": [{\"vm\", \"fromHost\", \"toHost\", \"toNuma\"}, ...]} in order";

    /// <inheritdoc/>
    public bool Recognises(FormatProbe probe) => probe.IsJson && probe.Head.Contains("\"cluster_list\"", StringComparison.Ordinal);

    /// <inheritdoc/>
    public LoadedProblem Read(IReadOnlyList<string> paths, PolicyOverrides? overrides = null)
    {
        (ClusterSnapshot cluster, Policy own) = Vmr2lReader.Read(Files.Single(paths, Name));
        return new LoadedProblem((overrides?.ApplyTo(own, cluster) ?? own).For(cluster), this, paths);
    }

    /// <inheritdoc/>
    public void WriteSolution(LoadedProblem problem, PlacementSolution solution, MigrationPlan plan, Stream stream)
    {
        _ = FinalPlacement.Of(solution, plan);
        ClusterSnapshot cluster = problem.Problem.Cluster;
        using JsonOutput json = new(stream);
        json.Section("migrations", plan.Migrations, m =>
        {
            json.Field("vm", cluster[m.Vm].Name);
            json.Field("fromHost", cluster[m.From.Host].Name);
            json.Field("toHost", cluster[m.To.Host].Name);
            json.Numbers("toNuma", Mask.Bits(m.To.NumaMask));
        });
    }

    /// <inheritdoc/>
    public Placement ReadSolution(LoadedProblem problem, string path)
    {
        ClusterSnapshot cluster = problem.Problem.Cluster;
        Place[] places = Placement.StartOf(cluster).Places.ToArray();
        JsonFields<Place[]> fields = new("solution", strict: false)
        {
            { "migrations", (c, p) => c.Array("migrations", () => Apply(c, cluster, p)), true },
        };
        JsonCursor.ReadFile(path, fields, places);
        return new Placement(places);
    }

    /// <inheritdoc/>
    public void WriteProblem(PlacementProblem problem, IReadOnlyList<string> paths) =>
        throw InvalidInputException.Because($"The format ({Name}) holds too little to write problems in.", $"({VirtOptJson.FormatName}) was meant.");

    /// <summary>
    /// <c>fragmentRate</c> = (F - 16 Y) / F with F the free cores of all NUMA nodes and Y the 16-core VMs that fit into them by cores alone;
    /// <c>freeCores</c> = F; <c>fittingVms</c> = Y. The rate is 0 if nothing is free.
    /// </summary>
    public IReadOnlyDictionary<string, double> Figures(LoadedProblem problem, Placement placement)
    {
        PlacementView view = new(problem.Problem.Cluster, placement);
        int cpu = view.Cluster.DimensionNamed(Vmr2lReader.Cpu);
        long[] free =
        [
            .. from host in view.Hosts
               from node in Enumerable.Range(0, view.Cluster[host].NumaNodes.Count)
               select view.Cluster[host].NumaNodes[node].Capacity[cpu] - view.DemandOnNode(host, node, cpu),
        ];
        (long total, long fitting) = (free.Sum(), free.Sum(f => Math.Max(0, f) / ShapeCores));
        return new Dictionary<string, double>
        {
            ["fragmentRate"] = total == 0 ? 0 : (total - (ShapeCores * fitting)) / (double)total,
            ["freeCores"] = total,
            ["fittingVms"] = fitting,
        };
    }

    private static void Apply(JsonCursor cursor, ClusterSnapshot cluster, Place[] places)
    {
        MoveDraft draft = new(cluster);
        cursor.Object(MoveDraft.Fields, draft);
        Place now = places[draft.Vm.Index];
        if (now.Host != draft.From)
            throw cursor.Error(
                $"VM ({cluster[draft.Vm]}) leaves host ({cluster[draft.From]}) but is on ({(now.Host.Index < 0 ? "none" : cluster[now.Host].Name)})",
                "a migration is missing before.");
        places[draft.Vm.Index] = new Place(draft.To, draft.ToNuma);
    }

    private sealed class MoveDraft(ClusterSnapshot cluster)
    {
        public static readonly JsonFields<MoveDraft> Fields = new("migration", strict: false)
        {
            { "vm", (c, m) => m.Vm = c.Named(m.Cluster.VmNamed), true },
            { "fromHost", (c, m) => m.From = c.Named(m.Cluster.HostNamed), true },
            { "toHost", (c, m) => m.To = c.Named(m.Cluster.HostNamed), true },
            { "toNuma", (c, m) => m.ToNuma = Mask.Read(c), true },
        };

        public VmId Vm { get; private set; }

        public HostId From { get; private set; }

        public HostId To { get; private set; }

        public uint ToNuma { get; private set; }

        private ClusterSnapshot Cluster => cluster;
    }
}
