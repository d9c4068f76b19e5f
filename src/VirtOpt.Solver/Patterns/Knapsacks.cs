namespace VirtOpt.Solver.Patterns;

/// <summary>
/// The best VMs of one span that leave a place, for every exact number of units: a knapsack with as many VMs of each type as are there (Martello
/// and Toth, Knapsack Problems, 1990, ch. 3).
/// </summary>
internal sealed class LeavingKnapsack
{
    private readonly IReadOnlyList<PatternType> types;
    private readonly int[]?[] taken;
    private double[] values;

    public LeavingKnapsack(PatternProblem problem, int span, int[] movable, Prices prices)
    {
        types = problem.Types;
        taken = new int[types.Count][];
        values = new double[problem.Units + 1];
        Array.Fill(values, double.NegativeInfinity, 1, problem.Units);
        for (int t = 0; t < types.Count; t++)
            if (types[t].Span == span && movable[t] > 0) Add(t, movable[t], prices.Types[t]);
    }

    /// <summary>Value of taking exactly these units; negative infinity if it cannot be.</summary>
    public double this[int units] => values[units];

    /// <summary>How many of each type that takes.</summary>
    public int[] Counts(int units)
    {
        int[] counts = new int[types.Count];
        for (int t = types.Count - 1; t >= 0; t--)
            if (taken[t] is { } layer)
            {
                counts[t] = layer[units];
                units -= counts[t] * types[t].Units;
            }

        return counts;
    }

    private void Add(int type, int most, double value)
    {
        int units = types[type].Units;
        double[] better = [.. values];
        int[] count = new int[values.Length];
        for (int filled = units; filled < values.Length; filled++)
            for (int k = 1; k <= most && k * units <= filled; k++)
                if (values[filled - (k * units)] + (k * value) is double sum && sum > better[filled] + 1e-12)
                    (better[filled], count[filled]) = (sum, k);
        (values, taken[type]) = (better, count);
    }
}

/// <summary>The best VMs of one span that come to a place, for every exact number of units: a knapsack without limits on their number.</summary>
internal sealed class ArrivingKnapsack
{
    private readonly IReadOnlyList<PatternType> types;
    private readonly int[] last;
    private readonly double[] values;

    public ArrivingKnapsack(PatternProblem problem, int span, Prices prices)
    {
        types = problem.Types;
        last = new int[problem.Units + 1];
        values = new double[problem.Units + 1];
        for (int units = 1; units < values.Length; units++)
        {
            values[units] = double.NegativeInfinity;
            for (int t = 0; t < types.Count; t++)
                if (types[t].Span == span && types[t].Units <= units
                    && values[units - types[t].Units] - prices.Types[t] - prices.Migration is double sum && sum > values[units])
                    (values[units], last[units]) = (sum, t);
        }
    }

    /// <summary>Value of taking exactly these units; negative infinity if it cannot be.</summary>
    public double this[int units] => values[units];

    /// <summary>How many of each type that takes.</summary>
    public int[] Counts(int units)
    {
        int[] counts = new int[types.Count];
        for (; units > 0; units -= types[last[units]].Units) counts[last[units]]++;
        return counts;
    }
}
