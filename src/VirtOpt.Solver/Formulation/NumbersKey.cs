namespace VirtOpt.Solver.Formulation;

/// <summary>A list of numbers as a key: equal where all numbers are.</summary>
internal readonly struct NumbersKey(long[] numbers) : IEquatable<NumbersKey>
{
    private readonly long[] numbers = numbers;

    /// <inheritdoc/>
    public bool Equals(NumbersKey other) => numbers.AsSpan().SequenceEqual(other.numbers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NumbersKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (long number in numbers) hash.Add(number);
        return hash.ToHashCode();
    }
}
