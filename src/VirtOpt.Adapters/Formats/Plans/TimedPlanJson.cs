using System.Globalization;

namespace VirtOpt;

/// <summary>Timed plans as JSON, versioned: <c>"format": "virtopt-plan"</c>, described by <c>virtopt-plan.schema.json</c>.</summary>
public static class TimedPlanJson
{
    private const string FormatName = "virtopt-plan";
    private const int Version = 1;

    /// <summary>Writes a plan file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="cluster">The cluster that it is for.</param>
    /// <param name="namesAreNumbers">True to write names that are whole numbers as numbers, as the input has them.</param>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Save(string path, TimedPlan plan, ClusterSnapshot cluster, bool namesAreNumbers = false) => Files.Write(path, stream =>
    {
        using JsonOutput json = new(stream);
        json.Field("format", FormatName);
        json.Field("version", Version);
        json.Field("cluster", cluster.Name);
        json.Field("makespan", plan.Makespan);
        json.Field("bound", plan.Bound);
        json.Field("boundOfAll", plan.BoundOfAll);
        json.Field("migrationsBound", plan.MigrationsBound, null);
        json.Field("hops", plan.Hops);
        json.Object("settings", () => PlanSettingsJson.WriteFields(json, plan.Settings, cluster));
        if (plan.Curve is { } curve) json.Object("curve", () => CurveDraft.Write(json, curve));
        json.Section("actions", plan.Actions, action => Action(json, action, cluster, namesAreNumbers));
        json.Section("unreached", plan.Unreached, vm =>
        {
            json.Field("vm", Name(cluster[vm.Vm].Name, namesAreNumbers));
            json.Field("reason", vm.Reason);
            json.Field("leftOut", vm.IsLeftOut, false);
        }, mayOmit: true);
    });

    /// <summary>Reads a plan file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cluster">The cluster that it is for.</param>
    /// <returns>The plan. What it reaches follows from its actions; whether they keep the rules is for <see cref="TimedPlanChecker"/> to say.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read, or speaks of VMs, hosts or actions that are not there.</exception>
    public static TimedPlan Read(string path, ClusterSnapshot cluster)
    {
        PlanDraft draft = new(cluster);
        PlanSettingsJson.ReadVersioned(path, PlanDraft.MakeFields(), draft, FormatName, Version);
        return draft.ToPlan(path);
    }

    private static void Action(JsonOutput json, PlannedAction action, ClusterSnapshot cluster, bool namesAreNumbers)
    {
        json.Field("id", action.Id);
        json.Field("kind", action.Kind.Word());
        if (action.Vm is { } vm) json.Field("vm", Name(cluster[vm].Name, namesAreNumbers));
        if (action.Host is { } host) json.Field("host", Name(cluster[host].Name, namesAreNumbers));
        End("from", action.From);
        End("to", action.To);
        json.Field("start", action.Start);
        json.Field("end", action.End);
        if (action.After.Count == 0) json.Empty("after");
        else json.Numbers("after", action.After);
        json.Field("hop", action.IsHop, false);
        json.Field("wave", action.Wave, 0);
        if (action.Dimension is not { } dimension) return;
        json.Field("resource", cluster.Dimensions[dimension].Name);
        json.Field("amount", action.Amount);

        void End(string name, Place? place)
        {
            if (place is not { } at) return;
            json.Field(name, Name(cluster[at.Host].Name, namesAreNumbers));
            json.Numbers($"{name}Numa", Mask.Bits(at.NumaMask));
            json.Numbers($"{name}Gpu", Mask.Bits(at.GpuMask));
        }
    }

    private static object Name(string name, bool isNumber) =>
        isNumber && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : name;
}
