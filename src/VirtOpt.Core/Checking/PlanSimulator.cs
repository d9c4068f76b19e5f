namespace VirtOpt;

/// <summary>One run of a plan with other durations than planned.</summary>
/// <param name="Makespan">When the last action ended, in seconds.</param>
/// <param name="MissesTime">True if an action ended after the deadline or after the last window.</param>
/// <param name="Faults">What was broken on the way; none if the plan's dependencies are complete.</param>
public sealed record SimulatedRun(long Makespan, bool MissesTime, IReadOnlyList<string> Faults);

/// <summary>
/// Carries a plan out in thought: an action begins once those that it waits for have ended, a window is open and the limits allow it, in the order of the
/// plan; durations vary by chance. Shares no code with the planner, and every run is judged by <see cref="TimedPlanChecker"/>.
/// </summary>
public sealed class PlanSimulator
{
    private readonly PlacementProblem problem;
    private readonly TimedPlan plan;
    private readonly Random random;
    private readonly double spread;
    private readonly (string, int)[][] thingsOf;
    private readonly Dictionary<string, long> most = new(StringComparer.Ordinal);

    /// <summary>Makes a simulator.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="plan">A plan of it without faults.</param>
    /// <param name="spread">Standard deviation of the logarithm of durations, at least 0: 0.2 for about a fifth up or down. The median is the plan's.</param>
    /// <param name="seed">Seed of all chance.</param>
    /// <exception cref="InvalidInputException">The spread is out of range.</exception>
    public PlanSimulator(PlacementProblem problem, TimedPlan plan, double spread, int seed)
    {
        if (spread is not (>= 0 and <= 5))
            throw InvalidInputException.Because($"The spread ({spread}) of durations is not within 0 .. 5.", "per cent were meant: 20 % is 0.2.");
        (this.problem, this.plan, this.spread, random) = (problem, plan, spread, new Random(seed));
        PlanLimits limits = plan.Settings.Limits;
        foreach ((string what, long? limit) in new (string, long?)[]
        {
            ("host", limits.PerHost), ("out", limits.PerHostOut), ("in", limits.PerHostIn), ("cluster", limits.InCluster),
            ("link", limits.LinkScope is null ? null : limits.PerLink),
        })
            most[what] = limit ?? long.MaxValue;
        thingsOf = [.. plan.Actions.Select(a => a.Kind.IsTransfer() ? [.. Things(a)] : Array.Empty<(string, int)>())];
    }

    /// <summary>Carries the plan out once more.</summary>
    public SimulatedRun Run()
    {
        long[] seconds = [.. plan.Actions.Select(Seconds)];
        TimeWindow[] times = Times(seconds);
        long makespan = times.Length == 0 ? 0 : times.Max(t => t.End);
        PlanLimits limits = plan.Settings.Limits;
        bool isLate = makespan > (limits.Deadline ?? long.MaxValue)
            || (limits.Windows.Count > 0 && times.Where((_, i) => plan.Actions[i].Kind != ActionKind.Check)
                .Any(t => !limits.Windows.Any(w => w.Start <= t.Start && t.End <= w.End)));
        return new SimulatedRun(makespan, isLate, TimedPlanChecker.Check(problem, plan, times, keepsTimes: false));
    }

    /// <summary>How long an action takes this time; checks take what they take.</summary>
    private long Seconds(PlannedAction action) => action.Duration == 0 || action.Kind == ActionKind.Check
        ? action.Duration : Math.Max(1, (long)Math.Round(action.Duration * Math.Exp(spread * Normal())));

    private TimeWindow[] Times(long[] seconds)
    {
        TimeWindow[] times = new TimeWindow[seconds.Length];
        Dictionary<int, int> indexOf = plan.Actions.Select((a, i) => (a.Id, i)).ToDictionary(a => a.Id, a => a.i);
        int[] open = [.. plan.Actions.Select(a => a.After.Count)];
        List<int>[] followers = [.. plan.Actions.Select(_ => new List<int>())];
        for (int i = 0; i < open.Length; i++)
            foreach (int id in plan.Actions[i].After) followers[indexOf[id]].Add(i);
        SortedSet<int> ready = [.. Enumerable.Range(0, open.Length).Where(i => open[i] == 0)];
        PriorityQueue<int, (long, int)> running = new();
        Dictionary<(string, int), int> now = [];
        for (long clock = 0; ready.Count > 0 || running.Count > 0;)
        {
            foreach (int i in ready.ToArray())
                if (Opens(clock) == clock && thingsOf[i].All(t => now.GetValueOrDefault(t) < most[t.Item1]))
                {
                    ready.Remove(i);
                    times[i] = new TimeWindow(clock, clock + seconds[i]);
                    running.Enqueue(i, (clock + seconds[i], i));
                    foreach ((string, int) thing in thingsOf[i]) now[thing] = now.GetValueOrDefault(thing) + 1;
                }

            clock = running.TryPeek(out _, out (long End, int) next) ? next.End : Opens(clock);
            while (running.TryPeek(out int done, out (long End, int) end) && end.End == clock)
            {
                running.Dequeue();
                foreach ((string, int) thing in thingsOf[done]) now[thing]--;
                foreach (int follower in followers[done])
                    if (--open[follower] == 0) ready.Add(follower);
            }
        }

        return times;
    }

    /// <summary>The first time from a time on at which a window is open; after the last one it is always.</summary>
    private long Opens(long clock)
    {
        foreach (TimeWindow window in plan.Settings.Limits.Windows)
            if (clock < window.End) return Math.Max(clock, window.Start);
        return clock;
    }

    private IEnumerable<(string, int)> Things(PlannedAction action)
    {
        yield return ("cluster", 0);
        if (action is not { From: { } from, To: { } to }) yield break;
        yield return ("host", from.Host.Index);
        yield return ("out", from.Host.Index);
        yield return ("in", to.Host.Index);
        if (from.Host != to.Host) yield return ("host", to.Host.Index);
        if (plan.Settings.Limits.LinkScope is not { } link) yield break;
        Scope scope = problem.Cluster.Scope(link);
        if (scope.ItemOf(from.Host) == scope.ItemOf(to.Host)) yield break;
        yield return ("link", scope.ItemOf(from.Host));
        yield return ("link", scope.ItemOf(to.Host));
    }

    /// <summary>A normal number by the polar method (Marsaglia and Bray, SIAM Review 6, 1964).</summary>
    private double Normal()
    {
        while (true)
        {
            (double x, double y) = ((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1);
            double square = (x * x) + (y * y);
            if (square is > 0 and < 1) return x * Math.Sqrt(-2 * Math.Log(square) / square);
        }
    }
}
