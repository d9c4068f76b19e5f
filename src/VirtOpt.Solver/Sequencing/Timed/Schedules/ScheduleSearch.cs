namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// Makes schedules shorter by forward-backward improvement, also known as double justification: the legs are scheduled from the end of the plan back to
/// its start, last ones first, then forward in the order found; the makespan never grows. Between such passes some legs are moved in the list.
/// </summary>
/// <param name="problem">The legs, in an order that is possible.</param>
/// <param name="seed">Seed of all chance.</param>
internal sealed class ScheduleSearch(ScheduleProblem problem, int seed)
{
    private const int LegsPerMove = 40;
    private readonly ScheduleProblem reversed = problem.Reversed();
    private readonly Random random = new(seed);

    /// <summary>A schedule from a list, improved forward and backward until that gains nothing.</summary>
    public Schedule? Start(IReadOnlyList<int> order, int mostPasses = 10)
    {
        Schedule? best = SerialScheduler.Run(problem, order);
        for (int pass = 0; pass < mostPasses && best is not null; pass++)
        {
            if (Justify(best) is not { } next || !next.IsBetterThan(best)) break;
            best = next;
        }

        return best;
    }

    /// <summary>Moves legs in the list for some rounds, until time is over or the bound is reached.</summary>
    public Schedule Improve(Schedule start, long bound, int rounds, Func<bool> isOver)
    {
        (Schedule best, Schedule current) = (start, start);
        for (int round = 0; round < rounds && best.Makespan > bound && !isOver(); round++)
        {
            Schedule? next = SerialScheduler.Run(problem, Moved(current));
            if (next is null || next.Makespan > best.Makespan + Math.Max(1, best.Makespan / 20)) continue;
            next = Justify(next) ?? next;
            if (next.Makespan <= current.Makespan) current = next;
            if (next.IsBetterThan(best)) best = next;
            if (round % 200 == 199) current = best;
        }

        return best;
    }

    /// <summary>The order in which the legs of a schedule begin.</summary>
    public static int[] OrderOf(Schedule schedule)
    {
        int[] order = [.. Enumerable.Range(0, schedule.Starts.Length)];
        Array.Sort((long[])[.. schedule.Starts], order);
        return order;
    }

    private Schedule? Justify(Schedule schedule)
    {
        int n = schedule.Starts.Length;
        int[] back = [.. Enumerable.Range(0, n)];
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) keys[i] = -(schedule.Starts[i] + problem.Legs[i].Seconds);
        Array.Sort(keys, back);
        if (SerialScheduler.Run(reversed, back) is not { } late) return null;
        int[] order = [.. Enumerable.Range(0, n)];
        for (int i = 0; i < n; i++) keys[i] = -(late.Starts[i] + problem.Legs[i].Seconds);
        Array.Sort(keys, order);
        return SerialScheduler.Run(problem, order);
    }

    /// <summary>The list of a schedule with some legs moved forward, late ones more often.</summary>
    private List<int> Moved(Schedule schedule)
    {
        List<int> order = [.. OrderOf(schedule)];
        int moves = 1 + random.Next(1 + (order.Count / LegsPerMove));
        for (int m = 0; m < moves; m++)
        {
            int from = Math.Max(random.Next(order.Count), random.Next(order.Count));
            int to = random.Next(from + 1);
            int leg = order[from];
            order.RemoveAt(from);
            order.Insert(to, leg);
        }

        return order;
    }
}
