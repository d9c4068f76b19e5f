using System.Numerics;

namespace VirtOpt.Forecasting;

/// <summary>The place that each slot of a series has among all of them by value. Immutable.</summary>
internal sealed class SeriesRanks
{
    /// <summary>Ranks the slots of a series from its first sample on.</summary>
    public SeriesRanks(DemandSeries series)
    {
        First = series.First;
        ReadOnlySpan<float> values = series.Filled[First..];
        // The bits of amounts, which are never negative, are in the order of the amounts: with the slot behind them they sort as one number.
        ulong[] keys = new ulong[values.Length];
        for (int slot = 0; slot < keys.Length; slot++) keys[slot] = ((ulong)BitConverter.SingleToUInt32Bits(Math.Abs(values[slot])) << 32) | (uint)slot;
        Array.Sort(keys);
        (Sorted, Ranks) = (new float[keys.Length], new int[keys.Length]);
        for (int rank = 0; rank < keys.Length; rank++)
        {
            int slot = (int)(keys[rank] & int.MaxValue);
            (Sorted[rank], Ranks[slot]) = (values[slot], rank);
        }
    }

    /// <summary>The first slot that has a place.</summary>
    public int First { get; }

    /// <summary>All values in order.</summary>
    public float[] Sorted { get; }

    /// <summary>Place of each slot in <see cref="Sorted"/>, from the first one on; no two are the same.</summary>
    public int[] Ranks { get; }
}

/// <summary>
/// The last slots of a series before an origin, in order of value: a bit for each place in the series. A slot comes and goes by one bit, wherever it is in
/// the order, and a quantile is found by counting bits.
/// </summary>
/// <param name="ranks">Places of the slots.</param>
/// <param name="length">Most slots of the window, at least 1.</param>
internal sealed class RankedWindow(SeriesRanks ranks, int length)
{
    private const int WordBits = 64;
    private readonly ulong[] words = new ulong[(ranks.Sorted.Length + WordBits - 1) / WordBits];
    private int from = ranks.First;
    private int to = ranks.First;

    /// <summary>Number of slots in the window.</summary>
    public int Count => to - from;

    /// <summary>Moves the window so that it ends before an origin.</summary>
    public void MoveTo(int origin)
    {
        int begin = Math.Max(ranks.First, origin - length);
        if (begin >= to || origin <= from)
        {
            Array.Clear(words);
            (from, to) = (begin, begin);
        }

        for (; to < origin; to++) Flip(to);
        for (; from > begin; from--) Flip(from - 1);
        for (; to > origin; to--) Flip(to - 1);
        for (; from < begin; from++) Flip(from);
    }

    /// <summary>The quantile of the values in the window, which has at least one.</summary>
    public float Quantile(double level)
    {
        int before = Quantiles.Rank(Count, level);
        int at = 0;
        for (; BitOperations.PopCount(words[at]) is int here && before >= here; at++) before -= here;
        ulong word = words[at];
        for (; before > 0; before--) word &= word - 1;
        return ranks.Sorted[(at * WordBits) + BitOperations.TrailingZeroCount(word)];
    }

    /// <summary>The values in order.</summary>
    public float[] ToSorted()
    {
        float[] values = GC.AllocateUninitializedArray<float>(Count);
        int next = 0;
        for (int at = 0; at < words.Length; at++)
            for (ulong word = words[at]; word != 0; word &= word - 1)
                values[next++] = ranks.Sorted[(at * WordBits) + BitOperations.TrailingZeroCount(word)];
        return values;
    }

    private void Flip(int slot)
    {
        int rank = ranks.Ranks[slot - ranks.First];
        words[rank / WordBits] ^= 1UL << (rank % WordBits);
    }
}
