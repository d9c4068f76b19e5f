using System.Diagnostics;
using System.Globalization;

namespace VirtOpt.Benchmarks.Plans;

/// <summary>Measures plans of generated instances and prints a row of CSV per run: with the list scheduler alone, and with time to search.</summary>
internal static class PlanLedger
{
    private static readonly PlanSettings Settings = new()
    {
        Transfer = new() { Bandwidth = 8388.608, DirtyRate = 0, Overhead = 0 },
        Limits = new() { PerHost = 2, InCluster = 40 },
    };

    /// <summary>Runs the suite.</summary>
    /// <param name="args">Nothing, or hosts, moves, and seconds to search.</param>
    public static void Run(string[] args)
    {
        int[] numbers = [.. args.Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        (int hosts, int moves, int seconds) = numbers is [var h, var m, var s] ? (h, m, s) : (100, 300, 10);
        Console.WriteLine("hosts,moves,fill,seed,limitSeconds,wallSeconds,makespan,bound,ratio,hops,unreached,legs");
        Measure(PlanInstance.Make(20, 40, 0.9, 0), "warm-up", 0, 0, 1, isShown: false);
        foreach (double fill in (double[])[0.75, 0.88, 0.97])
            for (int seed = 1; seed <= 3; seed++)
            {
                PlanInstance instance = PlanInstance.Make(hosts, moves, fill, seed);
                string head = string.Create(CultureInfo.InvariantCulture, $"{hosts},{moves},{fill},{seed}");
                foreach (int limit in seconds == 0 ? (int[])[0] : [0, seconds]) Measure(instance, head, limit, seed, hosts, isShown: true);
            }
    }

    private static void Measure(PlanInstance instance, string head, int limit, int seed, int hosts, bool isShown)
    {
        PlanSettings settings = hosts <= 100 ? Settings : Settings with { Limits = Settings.Limits with { InCluster = 40 * hosts / 100 } };
        PlanOptions options = new() { Seed = seed, Threads = 2, TimeLimit = TimeSpan.FromSeconds(limit) };
        long begin = Stopwatch.GetTimestamp();
        TimedPlan plan = new MigrationPlanner().Schedule(instance.Problem, instance.Target, settings, options);
        double wall = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        if (!isShown) return;
        double ratio = plan.Bound is { } bound ? (double)plan.Makespan / bound : double.NaN;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{head},{limit},{wall:F3},{plan.Makespan},{plan.Bound},{ratio:F3},{plan.Hops},{plan.Unreached.Count},{plan.Actions.Count}"));
    }
}
