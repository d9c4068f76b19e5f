namespace VirtOpt.Forecasting;

/// <summary>The values of a sliding window in order.</summary>
internal sealed class SortedWindow(int capacity)
{
    private readonly float[] sorted = new float[capacity + 1];

    /// <summary>The values in order.</summary>
    public ReadOnlySpan<float> Values => sorted.AsSpan(0, Count);

    /// <summary>Number of values.</summary>
    public int Count { get; private set; }

    /// <summary>Replaces all values.</summary>
    public void Fill(ReadOnlySpan<float> values)
    {
        values.CopyTo(sorted);
        Count = values.Length;
        sorted.AsSpan(0, Count).Sort();
    }

    /// <summary>Adds a value.</summary>
    public void Add(float value)
    {
        int at = Values.BinarySearch(value);
        if (at < 0) at = ~at;
        sorted.AsSpan(at, Count - at).CopyTo(sorted.AsSpan(at + 1));
        sorted[at] = value;
        Count++;
    }

    /// <summary>Takes a value out that was added.</summary>
    public void Remove(float value)
    {
        int at = Values.BinarySearch(value);
        if (at < 0) return;
        sorted.AsSpan(at + 1, Count - at - 1).CopyTo(sorted.AsSpan(at));
        Count--;
    }
}
