namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>The load of a cell over time, as legs take room from a time on and give it back from a time on.</summary>
internal sealed class RoomProfile(long start, long limit)
{
    private readonly List<(long At, long Change)> changes = [];
    private long final = start;

    /// <summary>The earliest time from which on an amount has room for ever; null if it has none even at the end.</summary>
    public long? Earliest(long amount)
    {
        long load = final;
        if (load + amount > limit) return null;
        for (int i = changes.Count - 1; i >= 0;)
        {
            long at = changes[i].At;
            while (i >= 0 && changes[i].At == at) load -= changes[i--].Change;
            if (load + amount > limit) return at;
        }

        return 0;
    }

    /// <summary>Changes the load from a time on.</summary>
    public void Add(long at, long change)
    {
        int index = changes.Count;
        while (index > 0 && changes[index - 1].At > at) index--;
        changes.Insert(index, (at, change));
        final += change;
    }
}
