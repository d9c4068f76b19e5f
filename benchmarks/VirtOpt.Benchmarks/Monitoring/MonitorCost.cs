using System.Diagnostics;
using System.Globalization;

namespace VirtOpt.Benchmarks.Monitoring;

/// <summary>
/// What the monitor costs for many domains: a day of rounds over statistics as libvirt hands them over (arrays of typed parameters), through decoding, rates,
/// store and sums. Only the daemon's answer itself is left out.
/// </summary>
internal static class MonitorCost
{
    private const int Hosts = 10;
    private const int IntervalSeconds = 60;

    /// <summary>Runs it and prints one line.</summary>
    public static void Run(string domains, string rounds)
    {
        LibvirtRuntime.Ensure(); // its arrays are made by libvirt
        int number = int.Parse(domains, CultureInfo.InvariantCulture);
        int samples = int.Parse(rounds, CultureInfo.InvariantCulture);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-monitor-");
        try
        {
            RingingClock clock = new();
            Sampler[] hosts = [.. Enumerable.Range(1, Hosts).Select(h => new Sampler($"h{h}", number / Hosts, clock))];
            using UsageStore store = UsageStore.Open(Path.Combine(folder.FullName, "usage.db"));
            MonitorOptions options = new()
            {
                Clock = clock,
                Interval = TimeSpan.FromSeconds(IntervalSeconds),
                Samples = samples,
                Patience = Timeout.InfiniteTimeSpan,
            };
            TimeSpan before = Cpu();
            long stored = new UsageMonitor(hosts, store, options).Run(null, CancellationToken.None);
            double seconds = (Cpu() - before).TotalSeconds / stored;
            long bytes = folder.GetFiles().Sum(f => f.Length);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{number} domains, {stored} rounds: {1000 * seconds:0.0} ms of CPU each, {100 * seconds / IntervalSeconds:0.00} % of a core "
                + $"at {IntervalSeconds} s, {bytes >> 20} MiB"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static TimeSpan Cpu()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    /// <summary>A host whose domains answer with the same numbers of fields as real ones: two virtual CPUs, two disks, an interface.</summary>
    private sealed class Sampler : IUsageSampler
    {
        private readonly TypedParameters[] parameters;
        private readonly Guid[] uuids;
        private readonly TimeProvider clock;
        private Dictionary<Guid, DomainStats> before = [];

        public Sampler(string host, int domains, TimeProvider clock)
        {
            (Host, this.clock) = (host, clock);
            uuids = [.. Enumerable.Range(0, domains).Select(d => new Guid(d, 1, 2, new byte[8]))];
            parameters = [.. uuids.Select(_ => Parameters())];
        }

        public string Host { get; }

        public IReadOnlyList<UsageSample> Sample()
        {
            DateTimeOffset at = clock.GetUtcNow();
            DomainStats[] now = [.. parameters.Select((p, d) => Decode(p, d))];
            UsageSample[] samples =
            [
                new UsageSample(Host, "", at) { [UsageMetric.Cpu] = 1000 },
                .. now.Select(d => DomainUsage.Of(Host, d, before.GetValueOrDefault(d.Uuid), IntervalSeconds, at)),
            ];
            before = now.ToDictionary(d => d.Uuid);
            return samples;
        }

        public void Dispose()
        {
            foreach (TypedParameters p in parameters) p.Dispose();
        }

        private DomainStats Decode(TypedParameters given, int domain)
        {
            Dictionary<string, string> texts = new(StringComparer.Ordinal);
            return new DomainStats($"{Host}-vm{domain}", uuids[domain], TypedParameters.Numbers(given.Pointer, (int)given.Count, texts), texts, null);
        }

        private static TypedParameters Parameters()
        {
            TypedParameters made = new();
            foreach (string name in (string[])[
                "state.state", "state.reason", "cpu.time", "cpu.user", "cpu.system", "balloon.current", "balloon.maximum", "balloon.available",
                    "balloon.usable",
                "balloon.unused", "balloon.rss", "vcpu.current", "vcpu.maximum", "vcpu.0.state", "vcpu.0.time", "vcpu.0.wait", "vcpu.0.delay", "vcpu.1.state",
                "vcpu.1.time", "vcpu.1.wait", "vcpu.1.delay", "net.count", "net.0.rx.bytes", "net.0.rx.pkts", "net.0.tx.bytes", "net.0.tx.pkts", "block.count"])
                made.Add(name, 1L << 30);
            foreach (int disk in (int[])[0, 1])
            {
                made.Add($"block.{disk}.path", $"/srv/vm/disk{disk}.qcow2");
                foreach (string name in (string[])["rd.reqs", "rd.bytes", "rd.times", "wr.reqs", "wr.bytes", "wr.times", "fl.reqs", "fl.times", "allocation",
                    "capacity", "physical"])
                    made.Add($"block.{disk}.{name}", 1L << 30);
            }

            return made;
        }
    }

    /// <summary>A clock whose timers ring at once, so that a day takes as long as its work.</summary>
    private sealed class RingingClock : TimeProvider
    {
        private long ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

        public override long GetTimestamp() => Interlocked.Read(ref ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeSpan.Zero)
            {
                Interlocked.Add(ref ticks, dueTime.Ticks);
                callback(state);
            }

            return new Rung();
        }
    }

    private sealed class Rung : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
