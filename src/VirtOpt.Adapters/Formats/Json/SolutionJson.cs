namespace VirtOpt;

/// <summary>Solutions of the virtopt format: <c>"format": "virtopt-solution"</c>.</summary>
internal static class SolutionJson
{
    private const string FormatName = "virtopt-solution";
    private const int Version = 1;

    /// <summary>Writes a result; without a placement it says why.</summary>
    public static void Write(ClusterSnapshot cluster, PlacementSolution solution, MigrationPlan plan, Stream stream)
    {
        using JsonOutput json = new(stream);
        json.Field("format", FormatName);
        json.Field("version", Version);
        json.Field("cluster", cluster.Name);
        Header(json, solution);
        if (solution.Placement is null) return;
        Placement placement = FinalPlacement.Of(solution, plan);
        json.Section("placement", Enumerable.Range(0, placement.Count).Select(v => new VmId(v)).Where(placement.IsPlaced), vm =>
        {
            json.Field("vm", cluster[vm].Name);
            RuleWriter.Place(json, cluster, placement[vm]);
        });
        json.Section("migrations", plan.Waves.SelectMany((wave, w) => wave.Migrations.Select(m => (Migration: m, Wave: w + 1))), m =>
        {
            json.Field("wave", m.Wave);
            Migration(json, cluster, m.Migration);
        });
        json.Section("boots", plan.Boots, boot =>
        {
            json.Field("vm", cluster[boot.Vm].Name);
            RuleWriter.Place(json, cluster, boot.To);
        }, mayOmit: true);
        json.Names("unreached", plan.Unreached.Select(vm => cluster[vm].Name));
    }

    /// <summary>Reads the placement of a solution file; VMs that it does not name are not placed.</summary>
    public static Placement Read(ClusterSnapshot cluster, string path)
    {
        Place[] places = [.. Enumerable.Repeat(Placement.Nowhere, cluster.Vms.Count)];
        JsonFields<ClusterSnapshot> fields = new("solution", strict: false)
        {
            { "format", (c, _) => Format(c), true },
            { "version", (c, _) => c.Whole(Version, Version), true },
            { "placement", (c, _) => c.Array("placement", () => Place(c, cluster, places)), true },
        };
        JsonCursor.ReadFile(path, fields, cluster);
        return new Placement(places);
    }

    private static void Header(JsonOutput json, PlacementSolution solution)
    {
        json.Field("status", RuleWriter.Lower(solution.Status));
        json.Field("objective", solution.Objective);
        json.Field("bound", solution.Bound);
        json.Field("gap", solution.Gap is { } gap && double.IsFinite(gap) ? gap : null);
        json.Field("seconds", Math.Round(solution.Duration.TotalSeconds, 3));
        json.Field("seed", solution.Seed);
        json.Field("engine", solution.Engine);
        if (solution.Conflict is { } conflict) json.Field("conflict", conflict.Message);
        json.Section("levels", solution.Levels, level =>
        {
            json.Field("level", level.Level);
            json.Field("value", level.Value);
            json.Field("bound", level.Bound);
            json.Field("proven", level.IsProven);
        });
        json.Section("terms", solution.Report?.Terms ?? [], term =>
        {
            json.Field("name", term.Name);
            json.Field("level", term.Level);
            json.Field("weight", term.Weight);
            json.Field("value", term.Value);
        });
    }

    private static void Migration(JsonOutput json, ClusterSnapshot cluster, Migration migration)
    {
        json.Field("vm", cluster[migration.Vm].Name);
        json.Object("from", () => RuleWriter.Place(json, cluster, migration.From));
        json.Object("to", () => RuleWriter.Place(json, cluster, migration.To));
        json.Field("hop", migration.IsHop, false);
    }

    private static void Format(JsonCursor cursor)
    {
        if (cursor.Text() != FormatName) throw cursor.Expected($"\"{FormatName}\"");
    }

    private static void Place(JsonCursor cursor, ClusterSnapshot cluster, Place[] places)
    {
        PlaceDraft draft = new(cluster);
        cursor.Object(PlaceDraft.Fields, draft);
        if (places[draft.Vm.Index] != Placement.Nowhere) throw cursor.Error($"the VM ({cluster[draft.Vm]}) is there twice", "two solutions were joined.");
        places[draft.Vm.Index] = draft.ToPlace();
    }

    private sealed class PlaceDraft(ClusterSnapshot cluster)
    {
        public static readonly JsonFields<PlaceDraft> Fields = new("place of a VM")
        {
            { "vm", (c, p) => p.Vm = c.Named(p.Cluster.VmNamed), true },
            { "host", (c, p) => p.host = c.Named(p.Cluster.HostNamed), true },
            { "numa", (c, p) => p.numaMask = Mask.Read(c) },
            { "gpu", (c, p) => p.gpuMask = Mask.Read(c) },
        };

        private HostId host;
        private uint numaMask;
        private uint gpuMask;

        public VmId Vm { get; private set; }

        private ClusterSnapshot Cluster => cluster;

        public Place ToPlace() => new(host, numaMask, gpuMask);
    }
}
