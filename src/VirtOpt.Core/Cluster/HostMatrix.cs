namespace VirtOpt;

/// <summary>
/// A price for every ordered pair of hosts: at least 0, and 0 from a host to itself. Immutable; rows and columns in the cluster's host order.
/// </summary>
public sealed class HostMatrix
{
    private readonly long[] prices;

    /// <summary>Makes a matrix.</summary>
    /// <param name="rows">By host that is left, the prices by host that is reached.</param>
    /// <exception cref="InvalidInputException">Rows of a wrong length, a price out of range, or one above 0 from a host to itself.</exception>
    public HostMatrix(IReadOnlyList<IReadOnlyList<long>> rows)
    {
        Count = rows.Count;
        prices = new long[Count * Count];
        for (int from = 0; from < Count; from++)
        {
            if (rows[from].Count != Count)
                throw InvalidInputException.Because(
                    $"Row ({from}) of the matrix of hosts has {rows[from].Count} prices for {Count} rows.", "a host was left out.");
            for (int to = 0; to < Count; to++) prices[(from * Count) + to] = Checked(from, to, rows[from][to]);
        }
    }

    /// <summary>Number of hosts.</summary>
    public int Count { get; }

    /// <summary>The price from one host to another.</summary>
    public long this[HostId from, HostId to] => prices[(from.Index * Count) + to.Index];

    /// <summary>The prices from a host, by the host that is reached.</summary>
    public ReadOnlySpan<long> Row(HostId from) => prices.AsSpan(from.Index * Count, Count);

    private static long Checked(int from, int to, long price)
    {
        if (price is < 0 or > ClusterValidation.MaxAmount)
            throw InvalidInputException.Because(
                $"The price ({price}) from host ({from}) to host ({to}) is not within 0 .. {ClusterValidation.MaxAmount}.", "it is in another unit.");
        if (from == to && price != 0)
            throw InvalidInputException.Because(
                $"The price ({price}) from host ({from}) to itself is not 0.", "rows and columns are shifted; a VM that stays pays nothing.");
        return price;
    }
}
