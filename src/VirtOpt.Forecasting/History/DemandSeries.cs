using System.Runtime.InteropServices;

namespace VirtOpt.Forecasting;

/// <summary>
/// What one VM used of one dimension, slot by slot on the grid of its history. Immutable; may be read from several threads.
/// </summary>
public sealed class DemandSeries
{
    private readonly float[] values;
    private readonly Lazy<float[]> filled;
    private readonly Lazy<double[]> sums;
    private readonly Lazy<SeriesRanks> ranks;

    /// <summary>Makes a series.</summary>
    /// <param name="vm">Name of the VM.</param>
    /// <param name="dimension">What was measured, with its unit.</param>
    /// <param name="values">One amount a slot, at least 0; <see cref="float.NaN"/> where nothing is known.</param>
    /// <param name="capacity">The most that the VM can use, in the same unit, if known.</param>
    /// <exception cref="InvalidInputException">An amount is negative or infinite.</exception>
    public DemandSeries(string vm, Dimension dimension, IReadOnlyList<float> values, double? capacity = null)
    {
        (Vm, Dimension, Capacity) = (vm, dimension, capacity);
        this.values = [.. values];
        for (int i = 0; i < this.values.Length; i++)
            if (this.values[i] < 0 || float.IsInfinity(this.values[i]))
                throw InvalidInputException.Because(
                    $"The demand ({this.values[i]}) of VM ({vm}) in slot {i} must be 0 or more.",
                        "the samples were not cleaned: read them with a history format.");
        First = Array.FindIndex(this.values, v => !float.IsNaN(v));
        if (First < 0) First = this.values.Length;
        filled = new Lazy<float[]>(Fill);
        sums = new Lazy<double[]>(Sum);
        ranks = new Lazy<SeriesRanks>(() => new SeriesRanks(this));
    }

    /// <summary>Name of the VM.</summary>
    public string Vm { get; }

    /// <summary>What was measured, with its unit.</summary>
    public Dimension Dimension { get; }

    /// <summary>The most that the VM can use, in the unit of the dimension; null if unknown.</summary>
    public double? Capacity { get; }

    /// <summary>Number of slots.</summary>
    public int Length => values.Length;

    /// <summary>The first slot with a sample; <see cref="Length"/> if there is none.</summary>
    public int First { get; }

    /// <summary>The samples; <see cref="float.NaN"/> is a gap.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The samples with gaps filled by the last sample before them; before the first sample the value is <see cref="float.NaN"/>.</summary>
    public ReadOnlySpan<float> Filled => filled.Value;

    /// <summary>The filled values in order.</summary>
    internal SeriesRanks Ranks => ranks.Value;

    /// <summary>True if a slot has a sample.</summary>
    public bool IsObserved(int slot) => !float.IsNaN(values[slot]);

    /// <summary>Whether this is another series with later samples: the same VM, and the same in all slots that the other one has.</summary>
    internal bool Continues(DemandSeries other) =>
        Length >= other.Length && Vm == other.Vm && Dimension == other.Dimension && Capacity == other.Capacity
        && MemoryMarshal.Cast<float, int>(Values[..other.Length]).SequenceEqual(MemoryMarshal.Cast<float, int>(other.Values));

    /// <summary>Mean of the filled values of a stretch of slots at or after <see cref="First"/>; NaN for an empty stretch.</summary>
    internal float Mean(int from, int to)
    {
        from = Math.Max(from, First);
        return to > from ? (float)((sums.Value[to] - sums.Value[from]) / (to - from)) : float.NaN;
    }

    private float[] Fill()
    {
        float[] copy = [.. values];
        for (int i = First + 1; i < copy.Length; i++)
            if (float.IsNaN(copy[i]))
                copy[i] = copy[i - 1];
        return copy;
    }

    private double[] Sum()
    {
        double[] total = new double[values.Length + 1];
        ReadOnlySpan<float> known = Filled;
        double sum = 0;
        for (int i = First; i < known.Length; i++) total[i + 1] = sum += known[i];
        return total;
    }
}
