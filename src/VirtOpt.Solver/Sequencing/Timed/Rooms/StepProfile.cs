namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>How many legs run at each time: a function that is constant between its steps.</summary>
internal sealed class StepProfile(int limit)
{
    private readonly List<long> times = [0];
    private readonly List<int> levels = [0];
    private int firstFree;

    /// <summary>The earliest time from <paramref name="from"/> on at which one more may run for a while.</summary>
    public long Earliest(long from, long seconds)
    {
        int at = IndexAt(from);
        while (true)
        {
            while (levels[at] >= limit) at++; // The last level is 0.
            long begin = Math.Max(from, times[at]);
            int end = at;
            while (end < times.Count && times[end] < begin + seconds && levels[end] < limit) end++;
            if (end == times.Count || times[end] >= begin + seconds) return begin;
            at = end;
        }
    }

    /// <summary>Adds one that runs from a time on, for a while above 0.</summary>
    public void Add(long from, long seconds)
    {
        int first = Cut(from);
        int last = Cut(from + seconds);
        for (int i = first; i < last; i++) levels[i]++;
        while (levels[firstFree] >= limit) firstFree++;
    }

    private int IndexAt(long time)
    {
        if (time <= times[firstFree]) return firstFree;
        int index = times.BinarySearch(time);
        return index >= 0 ? index : ~index - 1;
    }

    /// <summary>The position of a step at a time, made if there is none.</summary>
    private int Cut(long time)
    {
        int index = times.BinarySearch(time);
        if (index >= 0) return index;
        index = ~index;
        times.Insert(index, time);
        levels.Insert(index, levels[index - 1]);
        if (index <= firstFree) firstFree++;
        return index;
    }
}
