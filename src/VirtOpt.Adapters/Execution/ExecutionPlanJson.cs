namespace VirtOpt;

/// <summary>
/// Plan files (<c>virtopt-plan</c>) as the executor needs them: by names alone, so that a plan can be read even if a VM of it is gone by now. What it says of
/// durations and places within hosts is passed over.
/// </summary>
public static class ExecutionPlanJson
{
    private static readonly JsonFields<Draft> SizeFields = new("size")
    {
        { "vcpus", (c, d) => d.Size = Size(d) with { Vcpus = (int)c.Whole(1, 100_000) } },
        { "memory", (c, d) => d.Size = Size(d) with { MemoryMiB = c.Whole(1, JsonFields.MaxAmount) } },
        { "cpuShares", (c, d) => d.Size = Size(d) with { CpuShares = c.Whole(2, 262_144) } },
        { "cpuQuota", (c, d) => d.Size = Size(d) with { CpuQuota = c.Whole(0, 100) } },
        { "blockWeight", (c, d) => d.Size = Size(d) with { BlockWeight = c.Whole(100, 1000) } },
    };

    private static readonly JsonFields<Draft> ActionFields = new("action", strict: false)
    {
        { "id", (c, d) => d.Id = (int)c.Whole(1, PlanLimits.Most), true },
        { "kind", (c, d) => d.Kind = PlanDraft.Kind(c), true },
        { "vm", (c, d) => d.Vm = c.Scalar() },
        { "host", (c, d) => d.From = c.Scalar() },
        { "from", (c, d) => d.From = c.Scalar() },
        { "to", (c, d) => d.To = c.Scalar() },
        { "resource", (c, d) => d.Resource = c.Scalar() },
        { "amount", (c, d) => d.Amount = c.Amount() },
        { "size", (c, d) => c.Object(SizeFields, d) },
        { "pool", (c, d) => d.Pool = c.Name() },
        { "start", (c, d) => d.Start = c.Whole(0, PlanLimits.Most), true },
        { "end", (c, d) => d.End = c.Whole(0, PlanLimits.Most), true },
        { "after", (c, d) => d.After = c.List("ids of actions", () => (int)c.Whole(1, PlanLimits.Most)), true },
    };

    private static readonly JsonFields<Draft> LimitFields = new("limits", strict: false)
    {
        { "perHost", (c, d) => d.Limits = d.Limits with { PerHost = Limit(c) } },
        { "perHostOut", (c, d) => d.Limits = d.Limits with { PerHostOut = Limit(c) } },
        { "perHostIn", (c, d) => d.Limits = d.Limits with { PerHostIn = Limit(c) } },
        { "inCluster", (c, d) => d.Limits = d.Limits with { InCluster = Limit(c) } },
        { "linkScope", (c, d) => d.Limits = d.Limits with { LinkScope = c.IsNull ? null : c.Name() } },
        { "perLink", (c, d) => d.Limits = d.Limits with { PerLink = (int)c.Whole(1, PlanLimits.Most) } },
    };

    private static readonly JsonFields<Draft> SettingsFields = new("settings", strict: false)
    {
        { "limits", (c, d) => c.Object(LimitFields, d) },
    };

    /// <summary>Reads a plan file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or waits for actions that it does not have.</exception>
    public static ExecutionPlan Read(string path)
    {
        Draft draft = new();
        string cluster = "cluster";
        List<ExecutionStep> steps = [];
        JsonFields<Draft> fields = new("plan", strict: false)
        {
            { "cluster", (c, _) => cluster = c.Text() },
            { "settings", (c, d) => c.Object(SettingsFields, d) },
            { "actions", (c, d) => c.Array("actions", () => steps.Add(ReadStep(c, d))), true },
        };
        PlanSettingsJson.ReadVersioned(path, fields, draft, "virtopt-plan", version: 1);
        HashSet<int> ids = [.. steps.Select(s => s.Action.Id)];
        if (ids.Count < steps.Count) throw InvalidInputException.Because($"{path}: two actions have the same id.", "two plans were joined.");
        foreach (ExecutionStep step in steps)
            foreach (int id in step.After)
                if (!ids.Contains(id))
                    throw InvalidInputException.Because(
                        $"{path}: action ({step.Action.Id}) waits for action ({id}), which the plan does not have.", "actions were taken out by hand.");
        return new ExecutionPlan(cluster, steps, draft.Limits);
    }

    private static ExecutionStep ReadStep(JsonCursor cursor, Draft draft)
    {
        (draft.Vm, draft.From, draft.To, draft.Size, draft.Resource, draft.Pool) = ("", null, null, null, "", "");
        cursor.Object(ActionFields, draft);
        HypervisorAction action = new(draft.Id, draft.Kind, draft.Vm, draft.From, draft.To)
        {
            Size = draft.Size ?? (draft.Resource.Length > 0 ? ExecutionPlan.SizeOf(draft.Resource, draft.Amount) : null),
            Pool = draft.Pool,
        };
        return new ExecutionStep(action, draft.After, Math.Max(0, draft.End - draft.Start));
    }

    private static VmSize Size(Draft draft) => draft.Size ?? new VmSize();

    private static int? Limit(JsonCursor cursor) => cursor.IsNull ? null : (int)cursor.Whole(1, PlanLimits.Most);

    private sealed class Draft
    {
        public int Id { get; set; }

        public ActionKind Kind { get; set; }

        public string Vm { get; set; } = "";

        public string? From { get; set; }

        public string? To { get; set; }

        public VmSize? Size { get; set; }

        public string Resource { get; set; } = "";

        public long Amount { get; set; }

        public string Pool { get; set; } = "";

        public long Start { get; set; }

        public long End { get; set; }

        public IReadOnlyList<int> After { get; set; } = [];

        public PlanLimits Limits { get; set; } = new();
    }
}
