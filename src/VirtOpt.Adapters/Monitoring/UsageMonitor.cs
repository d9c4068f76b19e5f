namespace VirtOpt;

/// <summary>How often is sampled, and how a host that is away is asked again.</summary>
public sealed record MonitorOptions
{
    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Time from sample to sample, above 0. Default 60 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Rounds that are stored before the monitor ends, at least 1; null for no end.</summary>
    public long? Samples { get; init; }

    /// <summary>Longest pause between two tries to reach a host that is away; it doubles from one interval on. Default 5 min.</summary>
    public TimeSpan MostBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one round waits for a host; one that takes longer is away for the round and not asked again before it answers. Default 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long samples are kept.</summary>
    public UsageRetention Retention { get; init; } = UsageRetention.Default;
}

/// <summary>What one round brought.</summary>
/// <param name="At">When it began.</param>
/// <param name="Samples">What was stored.</param>
/// <param name="Away">Hosts that did not answer, each with the reason.</param>
public sealed record MonitorRound(DateTimeOffset At, IReadOnlyList<UsageSample> Samples, IReadOnlyDictionary<string, string> Away);

/// <summary>
/// Samples hosts at an even interval into a store. A host that is away leaves a gap, is asked again with pauses that double, and holds nobody up.
/// </summary>
/// <param name="hosts">The hosts.</param>
/// <param name="store">The store.</param>
/// <param name="options">How.</param>
public sealed class UsageMonitor(IReadOnlyList<IUsageSampler> hosts, UsageStore store, MonitorOptions options)
{
    private readonly Watched[] watched = [.. hosts.Select(h => new Watched(h))];

    /// <summary>Samples until it is stopped or has its number of samples. The first reading, one interval before the first sample, is what rates
    /// begin from.</summary>
    /// <param name="told">Told of each round that was stored; null for nobody.</param>
    /// <param name="stop">Ends it between two rounds.</param>
    /// <returns>How many rounds were stored.</returns>
    /// <exception cref="InvalidInputException">The store cannot be written.</exception>
    public long Run(Action<MonitorRound>? told, CancellationToken stop)
    {
        long start = options.Clock.GetTimestamp();
        _ = Round();
        long point = 0;
        for (long rounds = 0; ; rounds++)
        {
            if (rounds >= options.Samples) return rounds;
            point = Math.Max(point, options.Clock.GetElapsedTime(start).Ticks / options.Interval.Ticks) + 1; // what passed during a long round is left out
            if (!WaitUntil(start, point * options.Interval, stop)) return rounds;
            MonitorRound round = Round();
            store.Add(round.Samples);
            store.Maintain(round.At, options.Retention);
            told?.Invoke(round);
        }
    }

    private MonitorRound Round()
    {
        DateTimeOffset now = options.Clock.GetUtcNow();
        Task[] asked = [.. watched.Select(w => w.Ask(now)).OfType<Task>()];
        if (asked.Length > 0)
        {
            using CancellationTokenSource enough = new();
            Task.WaitAny([Task.WhenAll(asked), Task.Delay(options.Patience, options.Clock, enough.Token)], CancellationToken.None);
            enough.Cancel();
        }

        List<UsageSample> samples = [];
        Dictionary<string, string> away = new(StringComparer.Ordinal);
        foreach (Watched host in watched)
            if (host.Take(now, options, out string reason) is { } taken) samples.AddRange(taken);
            else away[host.Name] = reason;
        return new MonitorRound(now, Distinct(samples), away);
    }

    /// <summary>A name that two hosts have at once is told apart by the host, as in snapshots.</summary>
    private static List<UsageSample> Distinct(List<UsageSample> samples)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        HashSet<string> doubled = [.. samples.Where(s => !s.IsOfHost && !seen.Add(s.Vm)).Select(s => s.Vm)];
        return doubled.Count == 0 ? samples : [.. samples.Select(s => doubled.Contains(s.Vm) ? s with { Vm = $"{s.Vm}@{s.Host}" } : s)];
    }

    /// <summary>Waits for a point of the grid.</summary>
    private bool WaitUntil(long start, TimeSpan due, CancellationToken stop)
    {
        TimeSpan left = due - options.Clock.GetElapsedTime(start);
        if (left <= TimeSpan.Zero) return !stop.IsCancellationRequested;
        using ManualResetEventSlim over = new();
        using ITimer timer = options.Clock.CreateTimer(_ => over.Set(), null, left, Timeout.InfiniteTimeSpan);
        return WaitHandle.WaitAny([stop.WaitHandle, over.WaitHandle]) == 1;
    }

    /// <summary>A host with what is asked of it now.</summary>
    private sealed class Watched(IUsageSampler sampler)
    {
        private Task<IReadOnlyList<UsageSample>>? asked;
        private DateTimeOffset nextTry = DateTimeOffset.MinValue;
        private TimeSpan pause;
        private string fault = "";

        public string Name => sampler.Host;

        /// <summary>Asks the host; null if it is not its turn, or has not answered yet: one that hangs is waited for once, not in every round.</summary>
        public Task? Ask(DateTimeOffset now)
        {
            if (asked is not null || now < nextTry) return null;
            return asked = Task.Factory.StartNew(sampler.Sample, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        /// <summary>The samples; null if the host is away, with the reason.</summary>
        public IReadOnlyList<UsageSample>? Take(DateTimeOffset now, MonitorOptions options, out string reason)
        {
            reason = fault;
            if (asked is null) return null;
            if (!asked.IsCompleted)
            {
                reason = "it has not answered yet";
                return null;
            }

            Task<IReadOnlyList<UsageSample>> done = asked;
            asked = null;
            if (done.IsCompletedSuccessfully)
            {
                (pause, fault) = (TimeSpan.Zero, "");
                return done.Result;
            }

            if (done.Exception?.InnerException is not HostAwayException away) throw done.Exception!.InnerException!;
            pause = pause == TimeSpan.Zero ? options.Interval : pause * 2;
            if (pause > options.MostBackoff) pause = options.MostBackoff;
            nextTry = now + pause;
            reason = fault = away.Message;
            return null;
        }
    }
}
