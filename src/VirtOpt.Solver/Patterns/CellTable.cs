namespace VirtOpt.Solver.Patterns;

/// <summary>
/// The best changes of a cell through VMs of span 1, for every change through VMs of span 2. Exact: units that leave and units that come are
/// combined to their difference first, which alone decides the gain.
/// </summary>
internal sealed class CellTable
{
    private readonly PatternProblem problem;
    private readonly CellGroup group;
    private readonly LeavingKnapsack leaving;
    private readonly ArrivingKnapsack arriving;
    private readonly bool isSafe;
    private readonly int units;
    private readonly int mostLeaving;
    private readonly int mostArriving;
    private readonly double[] gains;
    private readonly double[][] best;

    /// <param name="problem">The problem.</param>
    /// <param name="group">The group of the cell.</param>
    /// <param name="prices">The dual values.</param>
    /// <param name="arriving">The best VMs to come.</param>
    /// <param name="isSafe">True if all that comes must fit into what is free at the start: then migrations can go in any order.</param>
    public CellTable(PatternProblem problem, CellGroup group, Prices prices, ArrivingKnapsack arriving, bool isSafe)
    {
        (this.problem, this.group, this.arriving, this.isSafe, units) = (problem, group, arriving, isSafe, problem.Units);
        leaving = new LeavingKnapsack(problem, 1, group.Movable, prices);
        FreeUnits = (int)(group.Free / problem.Unit);
        mostLeaving = problem.Types.Select((type, t) => type.Units * group.Movable[t]).Sum();
        mostArriving = Math.Min(units, FreeUnits + mostLeaving + group.MostSharedUnits);
        gains = [.. Enumerable.Range(-2 * units, (4 * units) + 1).Select(change => GainOf(change) is { } gain ? prices.Gain * gain : double.NegativeInfinity)];
        best = isSafe ? SafeBest() : [UnrestrictedBest()];
    }

    /// <summary>Whole units that are free at the start.</summary>
    public int FreeUnits { get; }

    /// <summary>Value of the best change with units of VMs of span 2 that leave and come; negative infinity if there is none.</summary>
    public double Best(int sharedOut, int sharedIn)
    {
        if (!isSafe) return best[0][sharedOut - sharedIn + units];
        return sharedIn < best.Length ? best[sharedIn][sharedOut] : double.NegativeInfinity;
    }

    /// <summary>The change that <see cref="Best"/> stands for.</summary>
    public (Change Change, int Gain) Choose(int sharedOut, int sharedIn)
    {
        (double Value, int Out, int In) chosen = (double.NegativeInfinity, 0, 0);
        for (int leave = 0; leave <= mostLeaving; leave++)
            for (int come = 0; come <= Most(sharedIn) && double.IsFinite(leaving[leave]); come++)
                if (Value(sharedOut - sharedIn, leave, come) is double value && value > chosen.Value + 1e-12) chosen = (value, leave, come);
        return ChangeOf(sharedOut - sharedIn, chosen.Out, chosen.In);
    }

    /// <summary>All changes without VMs of span 2, with their values.</summary>
    public IEnumerable<(double Value, Change Change, int Gain)> All()
    {
        for (int leave = 0; leave <= mostLeaving; leave++)
            for (int come = 0; come <= Most(0); come++)
                if (leave + come > 0 && Value(0, leave, come) is double value && double.IsFinite(value) && ChangeOf(0, leave, come) is var (change, gain))
                    yield return (value, change, gain);
    }

    /// <summary>Most units of VMs of span 1 that may come.</summary>
    private int Most(int sharedIn) => isSafe ? FreeUnits - sharedIn : mostArriving;

    private double Value(int shared, int leave, int come) => leaving[leave] + arriving[come] + gains[shared + leave - come + (2 * units)];

    private (Change Change, int Gain) ChangeOf(int shared, int leave, int come) =>
        (new Change(arriving.Counts(come), leaving.Counts(leave)), GainOf(shared + leave - come) ?? 0);

    private int? GainOf(int change)
    {
        long free = group.Free + (change * problem.Unit);
        return free < 0 ? null : (int)((free / problem.Need) - (group.Free / problem.Need));
    }

    private double[] UnrestrictedBest()
    {
        double[] net = EmptyNet();
        for (int come = 0; come <= mostArriving; come++) Combine(net, come);
        double[] byChange = new double[(2 * units) + 1];
        Array.Fill(byChange, double.NegativeInfinity);
        for (int shared = group.IsShared ? -mostArriving : 0; shared <= group.MostSharedUnits; shared++)
            byChange[shared + units] = BestOf(net, shared, mostArriving);
        return byChange;
    }

    /// <summary>By units of span 2 that come, then by those that leave. The more of those come, the fewer of span 1 may.</summary>
    private double[][] SafeBest()
    {
        double[][] rows = new double[group.IsShared ? FreeUnits + 1 : 1][];
        double[] net = EmptyNet();
        for (int come = 0; come <= FreeUnits; come++)
        {
            Combine(net, come);
            int sharedIn = FreeUnits - come;
            if (sharedIn < rows.Length)
                rows[sharedIn] = [.. Enumerable.Range(0, group.MostSharedUnits + 1).Select(sharedOut => BestOf(net, sharedOut - sharedIn, come))];
        }

        return rows;
    }

    private double[] EmptyNet()
    {
        double[] net = new double[(2 * units) + 1];
        Array.Fill(net, double.NegativeInfinity);
        return net;
    }

    private void Combine(double[] net, int come)
    {
        if (double.IsNegativeInfinity(arriving[come])) return;
        for (int leave = 0; leave <= mostLeaving; leave++) net[leave - come + units] = Math.Max(net[leave - come + units], leaving[leave] + arriving[come]);
    }

    private double BestOf(double[] net, int shared, int come)
    {
        double value = double.NegativeInfinity;
        for (int change = units - come; change <= units + mostLeaving; change++) value = Math.Max(value, net[change] + gains[shared + change + units]);
        return value;
    }
}
