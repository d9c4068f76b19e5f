using System.Globalization;

namespace VirtOpt;

/// <summary>Recommends sizes of VMs from percentiles of their history, within what their definitions allow.</summary>
public sealed class RightSizer
{
    private const double Band = 0.05;
    private const int MillicoresPerVcpu = 1000;
    private const int LeastMemoryMiB = 64;
    private const int MemoryGrainMiB = 16;
    private const double LeastMemoryChange = 0.1;
    private const double SufferingShare = 0.05;
    private const double LeastSuffering = 50;
    private const long UsualShares = 1024;
    private const long MostShares = 8192;
    private const long LatencyShares = 4096;
    private const long LatencyBlockWeight = 800;
    private readonly Rule rule;
    private readonly SizingPolicy policy;
    private readonly int leastSamples;

    /// <summary>Makes it.</summary>
    /// <param name="policy">How a need follows from history.</param>
    /// <param name="leastSamples">Known values of CPU below which nothing is said of a VM, and of memory below which nothing of its memory, at least 1.</param>
    public RightSizer(SizingPolicy policy, int leastSamples = 12) => (this.policy, this.leastSamples, rule) = (policy, leastSamples, policy switch
    {
        SizingPolicy.Demand => new Rule(95, 0.8, 99, 0.15),
        SizingPolicy.Performance => new Rule(95, 0.7, 99, 0.25),
        _ => new Rule(99, 0.5, 100, 0.4),
    });

    /// <summary>The value below which a share of the known values lie, by the nearest rank; NaN if none is known.</summary>
    /// <param name="values">The values; NaN where unknown.</param>
    /// <param name="percent">The share, above 0 and up to 100.</param>
    public static double Percentile(IEnumerable<double> values, double percent)
    {
        double[] known = [.. values.Where(v => !double.IsNaN(v)).Order()];
        return known.Length == 0 ? double.NaN : known[Math.Clamp((int)Math.Ceiling(percent / 100 * known.Length) - 1, 0, known.Length - 1)];
    }

    /// <summary>What size a VM should have.</summary>
    /// <param name="usage">The VM.</param>
    public SizeAdvice Advise(VmUsage usage)
    {
        int known = usage.Cpu.Count(v => !double.IsNaN(v));
        if (known < leastSamples)
            return new SizeAdvice(usage, SizeVerdict.Unknown, new VmSize(), [Text($"{known} values of CPU are known; {leastSamples} are needed")]);
        List<string> reasons = [];
        double need = Percentile(Needs(usage), rule.CpuPercentile);
        VmSize change = new()
        {
            Vcpus = Vcpus(usage, need, reasons),
            MemoryMiB = Memory(usage, reasons),
            CpuShares = Shares(usage, reasons),
            CpuQuota = Quota(usage, need, reasons),
            BlockWeight = BlockWeight(usage, reasons),
        };
        return new SizeAdvice(usage, VerdictOf(usage.Now, change), change, reasons);
    }

    private static SizeVerdict VerdictOf(VmSize now, VmSize change)
    {
        if (change.IsEmpty) return SizeVerdict.Right;
        bool isLess = change.Vcpus < now.Vcpus || change.MemoryMiB < now.MemoryMiB;
        bool isMore = change.Vcpus > now.Vcpus || change.MemoryMiB > now.MemoryMiB || change.CpuShares is not null || change.CpuQuota is not null
            || change.BlockWeight is not null;
        return isMore || !isLess ? SizeVerdict.TooSmall : SizeVerdict.TooBig;
    }

    private IEnumerable<double> Needs(VmUsage usage) =>
        policy == SizingPolicy.Demand ? usage.Cpu : usage.Cpu.Select((cpu, i) =>
            cpu + (i < usage.Wait.Count && !double.IsNaN(usage.Wait[i]) ? usage.Wait[i] : 0));

    /// <summary>A band around the aim keeps a VM near it from being changed again and again.</summary>
    private int? Vcpus(VmUsage usage, double need, List<string> reasons)
    {
        int now = usage.Now.Vcpus!.Value;
        int more = For(need, rule.CpuAim);
        int less = For(need, rule.CpuAim - Band);
        string of = policy == SizingPolicy.Demand ? "CPU" : "CPU and waiting";
        string what = Text($"P{rule.CpuPercentile} of {of} is {need:0} of {now * MillicoresPerVcpu} millicore ({need / now / 10:0} %)");
        if (need > now * MillicoresPerVcpu * (rule.CpuAim + Band))
        {
            int allowed = Math.Min(more, usage.MostVcpus);
            string limit = more > allowed ? Text($"; it needs {more} vCPUs and its definition allows {allowed}") : "";
            reasons.Add(what + Text($", above {100 * (rule.CpuAim + Band):0} %") + limit);
            return allowed > now ? allowed : null;
        }

        if (less >= now) return null;
        reasons.Add(what + Text($"; {less} vCPUs would be used to {need / less / 10:0} %"));
        return less;
    }

    private static int For(double need, double aim) => (int)Math.Max(1, Math.Ceiling(need / (MillicoresPerVcpu * aim)));

    private long? Memory(VmUsage usage, List<string> reasons)
    {
        if (usage.Used.Count(v => !double.IsNaN(v)) < leastSamples || usage.Now.MemoryMiB is not { } now) return null;
        double used = Percentile(usage.Used, rule.MemoryPercentile);
        double least = Percentile(usage.Used, 100) + LeastMemoryMiB; // never into what the guest has used
        double wanted = Math.Max(used * (1 + rule.MemoryHeadroom), Math.Max(least, LeastMemoryMiB));
        long advised = Math.Min(usage.MostMemoryMiB, (long)Math.Ceiling(wanted / MemoryGrainMiB) * MemoryGrainMiB);
        if (Math.Abs(advised - now) < now * LeastMemoryChange) return null;
        string spare = Text($"with {100 * rule.MemoryHeadroom:0} % to spare, and {LeastMemoryMiB} MiB above the most, {advised}");
        reasons.Add(Text($"P{rule.MemoryPercentile} of memory is {used:0} of {now} MiB; {spare}"));
        return advised;
    }

    private long? Shares(VmUsage usage, List<string> reasons)
    {
        if (policy == SizingPolicy.Demand || usage.Now.CpuShares is not { } now) return null;
        if (policy == SizingPolicy.Latency)
        {
            if (now >= LatencyShares) return null;
            reasons.Add(Text($"its {now} CPU shares are below those of VMs that must answer soon, {LatencyShares}"));
            return LatencyShares;
        }

        double wait = Percentile(usage.Wait, rule.CpuPercentile);
        double all = Percentile(Needs(usage), rule.CpuPercentile);
        if (!(wait > LeastSuffering && wait > SufferingShare * all)) return null;
        long advised = Math.Min(MostShares, Math.Max(now, UsualShares) * 2);
        if (advised <= now) return null;
        reasons.Add(Text($"P{rule.CpuPercentile} of waiting for a CPU is {wait:0} millicore, above {100 * SufferingShare:0} % of what it asks for"));
        return advised;
    }

    private long? Quota(VmUsage usage, double need, List<string> reasons)
    {
        if (usage.Now.CpuQuota is not { } quota || quota == 0) return null;
        double most = usage.Now.Vcpus!.Value * quota * MillicoresPerVcpu / 100.0;
        if (policy != SizingPolicy.Latency && need < most * (1 - Band)) return null;
        reasons.Add(Text($"its quota of {quota} % of a CPU for each virtual CPU holds it back"));
        return 0;
    }

    private long? BlockWeight(VmUsage usage, List<string> reasons)
    {
        if (policy != SizingPolicy.Latency || !(usage.Now.BlockWeight < LatencyBlockWeight)) return null;
        reasons.Add(Text($"its disk weight {usage.Now.BlockWeight} is below that of VMs that must answer soon, {LatencyBlockWeight}"));
        return LatencyBlockWeight;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Rule(int CpuPercentile, double CpuAim, int MemoryPercentile, double MemoryHeadroom);
}
