namespace VirtOpt;

/// <summary>Settings of plans as JSON: in a file of their own (<c>virtopt-plan-settings</c>), and inside every plan file.</summary>
public static class PlanSettingsJson
{
    internal const string FormatName = "virtopt-plan-settings";
    private const int Version = 1;

    /// <summary>Reads a settings file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cluster">The cluster that it speaks of.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or makes no sense for the cluster.</exception>
    public static PlanSettings Read(string path, ClusterSnapshot cluster)
    {
        SettingsDraft draft = new(cluster);
        ReadVersioned(path, SettingsDraft.MakeFields(), draft, FormatName, Version);
        return Validated(path, draft, cluster);
    }

    /// <summary>Writes a settings file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="cluster">The cluster that they speak of.</param>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Save(string path, PlanSettings settings, ClusterSnapshot cluster) => Files.Write(path, stream =>
    {
        using JsonOutput json = new(stream);
        json.Field("format", FormatName);
        json.Field("version", Version);
        WriteFields(json, settings, cluster);
    });

    /// <summary>Reads a file that must name its format and version.</summary>
    internal static void ReadVersioned<T>(string path, JsonFields<T> fields, T draft, string format, int version)
    {
        fields.Add("format", (c, _) => Format(c, format), isRequired: true);
        fields.Add("version", (c, _) => c.Whole(version, version), isRequired: true);
        JsonCursor.ReadFile(path, fields, draft);
    }

    private static void Format(JsonCursor cursor, string name)
    {
        if (cursor.Text() != name) throw cursor.Expected($"\"{name}\"");
    }

    internal static PlanSettings Validated(string path, SettingsDraft draft, ClusterSnapshot cluster)
    {
        PlanSettings settings = draft.ToSettings();
        try
        {
            settings.Validate(cluster);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{path}: {e.Message}", e);
        }

        return settings;
    }

    internal static void WriteFields(JsonOutput json, PlanSettings settings, ClusterSnapshot cluster)
    {
        json.Field("memoryDimension", settings.MemoryDimension, null);
        if (settings.BreakCycles != CycleBreak.None) json.Field("breakCycles", RuleWriter.Lower(settings.BreakCycles));
        json.Object("transfer", () => Transfer(json, settings.Transfer));
        json.Object("limits", () => Limits(json, settings.Limits));
        json.Section("vms", settings.Vms.OrderBy(v => v.Key.Index), v => Vm(json, cluster[v.Key].Name, v.Value), mayOmit: true);
    }

    private static void Transfer(JsonOutput json, TransferModel model)
    {
        json.Field("bandwidth", model.Bandwidth);
        json.Field("compression", model.Compression);
        json.Field("mostRounds", model.MostRounds);
        json.Field("downtimeLimit", model.DowntimeLimit);
        json.Field("overhead", model.Overhead);
        json.Field("dirtyRate", model.DirtyRate);
        json.Field("workingSetShare", model.WorkingSetShare);
        json.Field("mode", RuleWriter.Lower(model.Mode));
        json.Field("unknownMemory", model.UnknownMemoryMiB);
        json.Field("boot", model.BootSeconds);
        json.Field("shutdown", model.ShutdownSeconds);
        json.Field("resize", model.ResizeSeconds);
        json.Field("hostBoot", model.HostBootSeconds);
        json.Field("hostShutdown", model.HostShutdownSeconds);
    }

    private static void Limits(JsonOutput json, PlanLimits limits)
    {
        json.Field("perHost", limits.PerHost);
        json.Field("perHostOut", limits.PerHostOut, null);
        json.Field("perHostIn", limits.PerHostIn, null);
        json.Field("inCluster", limits.InCluster, null);
        json.Field("linkScope", limits.LinkScope, null);
        if (limits.LinkScope is not null) json.Field("perLink", limits.PerLink);
        json.Field("deadline", limits.Deadline, null);
        json.Field("maxMigrations", limits.MaxMigrations, null);
        json.Field("maxMoved", limits.MaxMovedMiB, null);
        json.Field("waveSize", limits.WaveSize, null);
        json.Field("wavePause", limits.WavePause, 0);
        json.Section("windows", limits.Windows, window =>
        {
            json.Field("start", window.Start);
            json.Field("end", window.End);
        }, mayOmit: true);
    }

    private static void Vm(JsonOutput json, string name, VmTransfer vm)
    {
        json.Field("vm", name);
        json.Field("memory", vm.MemoryMiB, null);
        json.Field("dirtyRate", vm.DirtyRate, null);
        json.Field("workingSet", vm.WorkingSetMiB, null);
        json.Field("disk", vm.DiskMiB, 0);
        if (vm.Mode is { } mode) json.Field("mode", RuleWriter.Lower(mode));
        json.Field("seconds", vm.Seconds, null);
        json.Field("bootSeconds", vm.BootSeconds, null);
        json.Field("shutdownSeconds", vm.ShutdownSeconds, null);
        json.Field("resizeSeconds", vm.ResizeSeconds, null);
    }
}
