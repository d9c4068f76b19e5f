namespace VirtOpt;

/// <summary>A timed plan while it is read.</summary>
internal sealed class PlanDraft(ClusterSnapshot cluster)
{
    private static readonly JsonFields<ActionDraft> ActionFields = new("action")
    {
        { "id", (c, a) => a.Id = (int)c.Whole(1, PlanLimits.Most), true },
        { "kind", (c, a) => a.Kind = Kind(c), true },
        { "vm", (c, a) => a.Vm = c.Located(() => a.Cluster.VmNamed(c.Scalar())) },
        { "host", (c, a) => a.Host = Host(c, a) },
        { "from", (c, a) => a.From.Host = Host(c, a) },
        { "fromNuma", (c, a) => a.From.Numa = Mask.Read(c) },
        { "fromGpu", (c, a) => a.From.Gpu = Mask.Read(c) },
        { "to", (c, a) => a.To.Host = Host(c, a) },
        { "toNuma", (c, a) => a.To.Numa = Mask.Read(c) },
        { "toGpu", (c, a) => a.To.Gpu = Mask.Read(c) },
        { "start", (c, a) => a.Start = c.Whole(0, PlanLimits.Most), true },
        { "end", (c, a) => a.End = c.Whole(0, PlanLimits.Most), true },
        { "after", (c, a) => a.After = c.List("ids of actions", () => (int)c.Whole(1, PlanLimits.Most)), true },
        { "hop", (c, a) => a.IsHop = c.Flag() },
        { "resource", (c, a) => a.Dimension = c.Named(a.Cluster.DimensionNamed) },
        { "amount", (c, a) => a.Amount = c.Amount() },
        { "wave", (c, a) => a.Wave = (int)c.Whole(0, PlanLimits.Most) },
    };

    private static readonly JsonFields<UnreachedDraft> UnreachedFields = new("VM that is not reached")
    {
        { "vm", (c, u) => u.Vm = c.Located(() => u.Cluster.VmNamed(c.Scalar())), true },
        { "reason", (c, u) => u.Reason = c.Text(), true },
        { "leftOut", (c, u) => u.IsLeftOut = c.Flag() },
    };

    private readonly SettingsDraft settings = new(cluster);
    private readonly List<PlannedAction> actions = [];
    private readonly List<UnreachedVm> unreached = [];
    private readonly HashSet<int> ids = [];
    private long? bound;
    private int? migrationsBound;
    private long? boundOfAll;
    private CurveDraft? curve;

    public static JsonFields<PlanDraft> MakeFields() => new("plan")
    {
        { "cluster", (c, _) => c.Text() },
        { "makespan", (c, _) => c.Whole(0, PlanLimits.Most) },
        { "bound", (c, p) => p.bound = c.IsNull ? null : c.Whole(0, PlanLimits.Most) },
        { "migrationsBound", (c, p) => p.migrationsBound = (int)c.Whole(0, int.MaxValue) },
        { "boundOfAll", (c, p) => p.boundOfAll = c.IsNull ? null : c.Whole(0, PlanLimits.Most) },
        { "hops", (c, _) => c.Whole(0, PlanLimits.Most) },
        { "settings", (c, p) => c.Object(SettingsDraft.MakeFields(), p.settings) },
        { "actions", (c, p) => c.Array("actions", () => p.ReadAction(c)), true },
        { "curve", (c, p) => c.Object(CurveDraft.Fields, p.curve = new()) },
        { "unreached", (c, p) => c.Array("VMs", () => p.ReadUnreached(c)) },
    };

    public TimedPlan ToPlan(string path)
    {
        foreach (PlannedAction action in actions)
            foreach (int id in action.After)
                if (!ids.Contains(id))
                    throw InvalidInputException.Because(
                        $"{path}: action ({action.Id}) waits for action ({id}), which the plan does not have.", "actions were taken out by hand.");
        return new TimedPlan
        {
            Actions = [.. actions.OrderBy(a => a.Start).ThenBy(a => a.Id)],
            Reached = TimedPlan.ReachedBy(cluster, actions),
            Unreached = unreached,
            Settings = PlanSettingsJson.Validated(path, settings, cluster),
            Bound = bound,
            MigrationsBound = migrationsBound,
            BoundOfAll = boundOfAll,
            Curve = curve?.ToCurve(),
        };
    }

    private void ReadAction(JsonCursor cursor)
    {
        ActionDraft draft = new(cluster);
        cursor.Object(ActionFields, draft);
        if (!ids.Add(draft.Id)) throw cursor.Error($"the id ({draft.Id}) is there twice", "two plans were joined.");
        actions.Add(draft.ToAction(cursor));
    }

    private void ReadUnreached(JsonCursor cursor)
    {
        UnreachedDraft draft = new(cluster);
        cursor.Object(UnreachedFields, draft);
        unreached.Add(new UnreachedVm(draft.Vm, draft.Reason) { IsLeftOut = draft.IsLeftOut });
    }

    private static HostId Host(JsonCursor cursor, ActionDraft action) => cursor.Located(() => action.Cluster.HostNamed(cursor.Scalar()));

    internal static ActionKind Kind(JsonCursor cursor)
    {
        string word = cursor.Text();
        foreach (ActionKind kind in Enum.GetValues<ActionKind>())
            if (kind.Word() == word) return kind;
        throw cursor.Expected($"one of {string.Join(", ", Enum.GetValues<ActionKind>().Select(k => $"\"{k.Word()}\""))}");
    }

    private sealed class UnreachedDraft(ClusterSnapshot cluster)
    {
        public ClusterSnapshot Cluster => cluster;

        public VmId Vm { get; set; }

        public string Reason { get; set; } = "";

        public bool IsLeftOut { get; set; }
    }
}
