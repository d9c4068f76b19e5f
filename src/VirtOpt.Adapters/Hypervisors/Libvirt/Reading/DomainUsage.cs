namespace VirtOpt;

/// <summary>What a domain uses, from its statistics now and before (libvirt: virConnectGetAllDomainStats).</summary>
internal static class DomainUsage
{
    private const double PerMilli = 1e-6; // nanoseconds of CPU per second to millicore
    private const double PerKiB = 1.0 / 1024;
    private const double PerKbit = 8e-3;

    /// <summary>The sample of a domain.</summary>
    /// <param name="host">Its host.</param>
    /// <param name="now">Its statistics.</param>
    /// <param name="before">Those of the reading before; null if it was not there.</param>
    /// <param name="seconds">Time between the two.</param>
    /// <param name="at">When it was read.</param>
    public static UsageSample Of(string host, DomainStats now, DomainStats? before, double seconds, DateTimeOffset at)
    {
        return new UsageSample(host, now.Name, at)
        {
            [UsageMetric.Cpu] = Rate(Value(before, "cpu.time"), Value(now, "cpu.time"), seconds, PerMilli),
            [UsageMetric.Wait] = Flow("vcpu.", ".delay", PerMilli),
            [UsageMetric.Vcpus] = Value(now, "vcpu.current"),
            [UsageMetric.Memory] = Value(now, "balloon.maximum") >> 10,
            [UsageMetric.Balloon] = Value(now, "balloon.current") >> 10,
            [UsageMetric.Used] = Used(now),
            [UsageMetric.DiskRead] = Flow("block.", ".rd.bytes", PerKiB),
            [UsageMetric.DiskWrite] = Flow("block.", ".wr.bytes", PerKiB),
            [UsageMetric.NetworkIn] = Flow("net.", ".rx.bytes", PerKbit),
            [UsageMetric.NetworkOut] = Flow("net.", ".tx.bytes", PerKbit),
            [UsageMetric.Job] = Value(now, "job.type") is { } job ? Math.Min(1, job) : null,
        };

        long? Flow(string start, string end, double factor) => Rate(before is null ? null : Sum(before, start, end), Sum(now, start, end), seconds, factor);
    }

    /// <summary>A rate; null if it is not known: no reading before, or a counter that began anew (the VM was restarted or has come).</summary>
    public static long? Rate(long? before, long? now, double seconds, double factor) =>
        before is { } first && now is { } last && last >= first && seconds > 0 ? (long)Math.Round((last - first) * factor / seconds) : null;

    private static long? Used(DomainStats domain) =>
        Value(domain, "balloon.available") - Value(domain, "balloon.usable") is { } used ? Math.Max(0, used) >> 10 : null;

    private static long? Value(DomainStats? domain, string name) => domain is not null && domain.Values.TryGetValue(name, out long value) ? value : null;

    /// <summary>Sum over all devices; null if there are some and none tells, as during a job; 0 without a device.</summary>
    private static long? Sum(DomainStats domain, string start, string end)
    {
        long sum = 0;
        bool isAny = false;
        foreach ((string name, long value) in domain.Values)
            if (name.EndsWith(end, StringComparison.Ordinal) && name.StartsWith(start, StringComparison.Ordinal))
                (sum, isAny) = (sum + value, true);
        return isAny || domain[start + "count"] == 0 ? sum : null;
    }
}
