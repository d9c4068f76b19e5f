namespace VirtOpt.Cli.Rightsizing;

/// <summary>What right-sizing needs of the store.</summary>
/// <param name="Cpu">CPU in use.</param>
/// <param name="Wait">CPU that was waited for.</param>
/// <param name="Used">Memory in use.</param>
internal sealed record HistoryOfVms(UsageTable Cpu, UsageTable Wait, UsageTable Used)
{
    /// <summary>Reads it.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="query">The stretch of time; its metric is passed over.</param>
    public static HistoryOfVms Read(UsageReader reader, UsageQuery query)
    {
        UsageTable[] tables = [.. ((UsageMetric[])[UsageMetric.Cpu, UsageMetric.Wait, UsageMetric.Used]).Select(m => reader.Read(query with { Metric = m }))];
        return new HistoryOfVms(tables[0], tables[1], tables[2]);
    }

    /// <summary>A VM with its history.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="now">What it has.</param>
    public VmUsage Of(VmReading vm, VmSize now) => new(
        vm.Name, now with { Vcpus = now.Vcpus ?? vm.Vcpus.Now, MemoryMiB = now.MemoryMiB ?? vm.BalloonMiB }, vm.Vcpus.Most, vm.MemoryMiB)
    {
        Cpu = Row(Cpu, vm.Name),
        Wait = Row(Wait, vm.Name),
        Used = Row(Used, vm.Name),
    };

    private static double[] Row(UsageTable table, string vm)
    {
        for (int i = 0; i < table.Names.Count; i++)
            if (table.Names[i] == vm) return table.Values[i];
        return [];
    }
}
