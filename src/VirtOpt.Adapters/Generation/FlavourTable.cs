namespace VirtOpt;

/// <summary>
/// Fifteen VM sizes: five steps of three families (compute, general, memory), scaled so that all VMs together fill the hosts to the wished share
/// and the largest still fits into the smallest host with room to spare.
/// </summary>
internal sealed class FlavourTable
{
    /// <summary>Number of flavours.</summary>
    public const int Count = Steps * Families;

    private const int Steps = 5;
    private const int Families = 3;

    /// <summary>Sizes of the steps.</summary>
    private static readonly int[] Sizes = [1, 2, 3, 4, 6];

    /// <summary>How often each step occurs: small VMs are many.</summary>
    private static readonly int[] StepWeights = [34, 30, 20, 11, 5];

    private readonly long[][] demands;

    private FlavourTable(long[][] demands) => this.demands = demands;

    /// <summary>A random flavour.</summary>
    public static int Draw(Random random)
    {
        int ticket = random.Next(StepWeights.Sum());
        int step = 0;
        while (ticket >= StepWeights[step]) ticket -= StepWeights[step++];
        return (random.Next(Families) * Steps) + step;
    }

    /// <summary>Scales the flavours.</summary>
    /// <param name="flavours">The flavour of each VM.</param>
    /// <param name="capacities">What each host has per dimension.</param>
    /// <param name="percents">Wished share in use per dimension.</param>
    /// <param name="largestPercent">Most of the smallest host that the largest flavour may need.</param>
    /// <exception cref="InvalidInputException">So many VMs would get less than one unit.</exception>
    public static FlavourTable Scale(int[] flavours, IReadOnlyList<long[]> capacities, int[] percents, int largestPercent)
    {
        long[][] demands = [.. Enumerable.Range(0, Count).Select(_ => new long[percents.Length])];
        for (int d = 0; d < percents.Length; d++)
        {
            int dimension = d;
            double total = flavours.Sum(f => Relative(f, dimension));
            double wished = capacities.Sum(c => (double)c[dimension]) * percents[d] / 100 / Math.Max(1, total);
            double largest = Enumerable.Range(0, Count).Max(f => Relative(f, dimension));
            double unit = Math.Min(wished, capacities.Min(c => c[dimension]) * largestPercent / 100.0 / largest);
            if (unit < 1)
                throw InvalidInputException.Because(
                    $"{flavours.Length} VMs on {capacities.Count} hosts would get less than one unit each of dimension ({d}).",
                    "more hosts or fewer VMs were meant.");
            for (int f = 0; f < Count; f++) demands[f][d] = Even(Relative(f, d) * unit);
        }

        return new FlavourTable(demands);
    }

    /// <summary>What a VM of a flavour needs; even numbers, so that it can be halved.</summary>
    public long[] this[int flavour] => demands[flavour];

    /// <summary>Step of a flavour, 0 for the smallest.</summary>
    public static int StepOf(int flavour) => flavour % Steps;

    /// <summary>Name of a flavour.</summary>
    public static string NameOf(int flavour) => $"{"cgm"[flavour / Steps]}{Sizes[StepOf(flavour)]}";

    /// <summary>Relative need per dimension: cpu, memory, disk, network.</summary>
    private static double Relative(int flavour, int dimension)
    {
        double size = Sizes[StepOf(flavour)];
        int family = flavour / Steps;
        return dimension switch
        {
            0 => 2 * size,
            1 => size * 2 * (1 + family),
            2 => 4 + (size * (1 + family)),
            _ => 2 + size,
        };
    }

    private static long Even(double amount)
    {
        long step = amount switch { >= 8192 => 512, >= 1024 => 64, >= 100 => 10, _ => 2 };
        return Math.Max(2, (long)amount / step * step);
    }
}
