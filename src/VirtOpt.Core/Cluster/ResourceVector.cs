using System.Collections;
using System.Runtime.CompilerServices;

namespace VirtOpt;

/// <summary>One whole, non-negative amount per <see cref="Dimension"/> of the cluster, in the cluster's dimension order. Immutable.</summary>
[CollectionBuilder(typeof(ResourceVector), nameof(Create))]
public sealed class ResourceVector : IReadOnlyList<long>, IEquatable<ResourceVector>
{
    private readonly long[] amounts;

    private ResourceVector(long[] amounts) => this.amounts = amounts;

    /// <summary>The vector without any dimension.</summary>
    public static ResourceVector Empty { get; } = new([]);

    /// <summary>Number of dimensions.</summary>
    public int Count => amounts.Length;

    /// <summary>True if every amount is 0.</summary>
    public bool IsZero => !amounts.AsSpan().ContainsAnyExcept(0L);

    /// <summary>The amount in the dimension at this position.</summary>
    public long this[int dimension] => amounts[dimension];

    /// <summary>Copies the amounts.</summary>
    public static ResourceVector Create(ReadOnlySpan<long> amounts) => new(amounts.ToArray());

    /// <summary>A vector of zeros.</summary>
    public static ResourceVector Zero(int dimensions) => new(new long[dimensions]);

    /// <summary>A vector with the same amount in every dimension.</summary>
    public static ResourceVector Uniform(int dimensions, long amount)
    {
        long[] amounts = new long[dimensions];
        Array.Fill(amounts, amount);
        return new(amounts);
    }

    /// <summary>The amounts as a span.</summary>
    public ReadOnlySpan<long> AsSpan() => amounts;

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)amounts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ResourceVector? other) => other is not null && amounts.AsSpan().SequenceEqual(other.amounts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ResourceVector);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (long amount in amounts) hash.Add(amount);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", amounts)}]";
}
