namespace VirtOpt.Solver.HostSets.Packing;

/// <summary>
/// The vector bin packing problem inside a placement problem: host types with a price, a room and a number each, VM classes with a need and a
/// number each. All amounts are divided by what the needs of a dimension have in common.
/// </summary>
internal sealed class PackingProblem
{
    /// <param name="prices">Per host type the price of using one.</param>
    /// <param name="rooms">Per host type and dimension what one holds.</param>
    /// <param name="counts">Per host type how many there are.</param>
    /// <param name="needs">Per VM class and dimension what one VM takes.</param>
    /// <param name="demands">Per VM class how many there are.</param>
    public PackingProblem(
        IReadOnlyList<long> prices, IReadOnlyList<IReadOnlyList<long>> rooms, IReadOnlyList<int> counts,
        IReadOnlyList<IReadOnlyList<long>> needs, IReadOnlyList<int> demands)
    {
        (Prices, Counts, Demands) = ([.. prices], [.. counts], [.. demands]);
        Dimensions = rooms.Count == 0 ? 0 : rooms[0].Count;
        long[] units = [.. Enumerable.Range(0, Dimensions).Select(r => Math.Max(1, GreatestDivisor(needs.Select(need => need[r]))))];
        long[] totals = [.. Enumerable.Range(0, Dimensions).Select(r => Enumerable.Range(0, Demands.Length).Sum(k => Demands[k] * (needs[k][r] / units[r])))];
        Needs = [.. needs.Select(need => (int[])[.. need.Select((n, r) => checked((int)(n / units[r])))])];
        Rooms = [.. rooms.Select(room => (int[])[.. room.Select((n, r) => checked((int)Math.Min(Math.Max(0, n) / units[r], totals[r])))])];
        Totals = totals;
        MostRoom = [.. Enumerable.Range(0, Dimensions).Select(r => Rooms.Max(room => room[r]))];
        PriceStep = Math.Max(1, GreatestDivisor(Prices));
    }

    public long[] Prices { get; }

    /// <summary>What all prices are multiples of.</summary>
    public long PriceStep { get; }

    public int[][] Rooms { get; }

    public int[] Counts { get; }

    public int[][] Needs { get; }

    public int[] Demands { get; }

    public int Dimensions { get; }

    /// <summary>Per dimension the room of the largest type.</summary>
    public int[] MostRoom { get; }

    /// <summary>Per dimension the need of all VMs.</summary>
    public long[] Totals { get; }

    public int Types => Prices.Length;

    public int Classes => Demands.Length;

    /// <summary>How many VMs of a class a room holds, at most as many as given.</summary>
    public int Fits(int vmClass, ReadOnlySpan<int> room, int most)
    {
        int[] need = Needs[vmClass];
        for (int r = 0; r < need.Length; r++)
            if (need[r] > 0) most = Math.Min(most, room[r] / need[r]);
        return most;
    }

    /// <summary>How large a VM of a class is: the sum of its shares of the largest room.</summary>
    public double SizeOf(int vmClass)
    {
        double size = 0;
        for (int r = 0; r < Dimensions; r++) size += (double)Needs[vmClass][r] / Math.Max(1, MostRoom[r]);
        return size;
    }

    /// <summary>The greatest common divisor; 0 if all are 0.</summary>
    public static long GreatestDivisor(IEnumerable<long> numbers)
    {
        long divisor = 0;
        foreach (long number in numbers)
            for (long rest = number; rest != 0;) (divisor, rest) = (rest, divisor % rest);
        return Math.Abs(divisor);
    }
}

/// <summary>A host of a type with what is on it: a pattern that is used once (Gilmore and Gomory, Operations Research 9, 1961, p. 849).</summary>
/// <param name="Type">Host type.</param>
/// <param name="Pattern">Number of VMs by class.</param>
internal sealed record Bin(int Type, int[] Pattern);
