namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// Which leg waits for which: for the leg of the same VM before it, for the order that rules ask for, and for the legs whose room it takes. Room is followed
/// unit by unit: what is free at the start is taken first, then what was given back first. So a leg that begins when those before it have ended has its
/// room, whatever the clock says.
/// </summary>
internal static class Dependencies
{
    /// <summary>Per leg the legs that must have ended before it begins, ascending.</summary>
    public static int[][] Of(ScheduleProblem problem, Schedule schedule)
    {
        int n = problem.Legs.Count;
        SortedSet<int>[] after = [.. problem.Befores.Select(b => new SortedSet<int>(b))];
        LinkedList<(int Leg, long Amount)>[] free = [.. problem.Load.Select((load, cell) => Start(problem.Limit[cell] - load))];
        (long At, int Kind, int Leg)[] events =
        [
            .. Enumerable.Range(0, n).Select(i => (schedule.Starts[i], 1, i))
                .Concat(Enumerable.Range(0, n).Select(i => (schedule.Starts[i] + problem.Legs[i].Seconds, 0, i))),
        ];
        Array.Sort(events);
        foreach ((_, int kind, int leg) in events)
            if (kind == 0)
                foreach (RoomUse use in problem.Gives[leg]) free[use.Cell].AddLast((leg, use.Amount));
            else
                foreach (RoomUse use in problem.Takes[leg]) Take(free[use.Cell], use.Amount, after[leg]);
        return [.. after.Select(a => a.ToArray())];
    }

    /// <summary>
    /// The same where legs wait only for legs before them in their order: each takes the room that was given back last before it begins, so that what came
    /// free early is left for legs that begin early.
    /// </summary>
    public static int[][] InOrder(ScheduleProblem problem, Schedule schedule)
    {
        SortedSet<int>[] after = [.. problem.Befores.Select(b => new SortedSet<int>(b))];
        List<(long At, int Leg, long Amount)>[] free = [.. problem.Load.Select((load, cell) => (List<(long, int, long)>)[(0, -1, problem.Limit[cell] - load)])];
        for (int leg = 0; leg < problem.Legs.Count; leg++)
        {
            foreach (RoomUse use in problem.Takes[leg]) TakeLast(free[use.Cell], use.Amount, schedule.Starts[leg], after[leg]);
            long end = schedule.Starts[leg] + problem.Legs[leg].Seconds;
            foreach (RoomUse use in problem.Gives[leg])
            {
                int at = free[use.Cell].FindLastIndex(f => f.At <= end) + 1;
                free[use.Cell].Insert(at, (end, leg, use.Amount));
            }
        }

        return [.. after.Select(a => a.ToArray())];
    }

    private static void TakeLast(List<(long At, int Leg, long Amount)> free, long amount, long start, SortedSet<int> after)
    {
        for (int i = free.FindLastIndex(f => f.At <= start); i >= 0 && amount > 0; i--)
        {
            (long at, int leg, long there) = free[i];
            if (leg >= 0) after.Add(leg);
            long taken = Math.Min(amount, there);
            amount -= taken;
            if (taken == there) free.RemoveAt(i);
            else free[i] = (at, leg, there - taken);
        }
    }

    private static LinkedList<(int Leg, long Amount)> Start(long room) => new([(-1, room)]);

    private static void Take(LinkedList<(int Leg, long Amount)> free, long amount, SortedSet<int> after)
    {
        while (amount > 0 && free.First is { } first)
        {
            if (first.Value.Leg >= 0) after.Add(first.Value.Leg);
            long taken = Math.Min(amount, first.Value.Amount);
            amount -= taken;
            if (taken == first.Value.Amount) free.RemoveFirst();
            else first.Value = first.Value with { Amount = first.Value.Amount - taken };
        }
    }
}
