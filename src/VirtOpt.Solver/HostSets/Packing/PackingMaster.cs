using VirtOpt.Solver.Backends;

namespace VirtOpt.Solver.HostSets.Packing;

/// <summary>
/// Column generation over patterns: the master chooses patterns so that all VMs are covered by the hosts there are, and pricing makes the patterns
/// that it lacks (Gilmore and Gomory, Operations Research 9, 1961, p. 849). Duals are drawn halfway to those of the best bound so far, which
/// steadies them (du Merle, Villeneuve, Desrosiers and Hansen, Discrete Mathematics 194, 1999; the smoothing is Neame's, thesis, Melbourne 1999).
/// </summary>
internal sealed class PackingMaster : IDisposable
{
    private const double Smoothing = 0.5;
    private const double Tolerance = 1e-6;
    private const double MostDual = 1 << 24;
    private readonly PackingProblem problem;
    private readonly PatternPricing pricing;
    private readonly CoveringLp lp;
    private readonly long[] prices;
    private readonly double scale = 256;
    private readonly HashSet<string> known = [];
    private readonly List<Bin> columns = [];
    private double[] centre = [];

    /// <param name="problem">The packing problem.</param>
    /// <param name="pricing">A table of its own.</param>
    /// <param name="hosts">Per type the hosts to use at most.</param>
    /// <param name="prices">Per type the price of a host.</param>
    /// <param name="artificialCosts">Per class the price of leaving a VM out.</param>
    public PackingMaster(PackingProblem problem, PatternPricing pricing, IReadOnlyList<int> hosts, IReadOnlyList<long> prices, double[] artificialCosts)
    {
        (this.problem, this.pricing, this.prices) = (problem, pricing, [.. prices]);
        (Demands, Hosts) = ([.. problem.Demands], [.. hosts]);
        while (artificialCosts.Max() * scale > MostDual) scale /= 2;
        lp = new CoveringLp(Demands, Hosts, artificialCosts);
    }

    /// <summary>VMs still to be covered, by class.</summary>
    public int[] Demands { get; }

    /// <summary>Hosts still to be had, by type.</summary>
    public int[] Hosts { get; }

    /// <summary>All patterns so far.</summary>
    public IReadOnlyList<Bin> Columns => columns;

    /// <summary>How often each pattern is used.</summary>
    public IReadOnlyList<double> Use => lp.Use;

    /// <summary>Value of the master.</summary>
    public double Value => lp.Value;

    /// <summary>
    /// Best Lagrangian bound of what is left: <c>Σ d·π + Σ n·min(0, c - best(π))</c> (Farley, Operations Research 38, 1990, p. 922; with numbers of
    /// hosts, Vanderbeck, Operations Research 48, 2000, p. 111). Duals are rounded to whole numbers first, so it is exact.
    /// </summary>
    public double Bound { get; private set; }

    /// <summary>Solves of the master so far.</summary>
    public int Iterations { get; private set; }

    /// <summary>Where to keep the cuts that pricing yields, for all VMs and any set of hosts; null to price what is left only.</summary>
    public List<DualCut>? Cuts { get; init; }

    /// <summary>Adds a pattern; false if it is there already.</summary>
    public bool Add(Bin bin)
    {
        if (!known.Add($"{bin.Type}:{string.Join(',', bin.Pattern)}")) return false;
        lp.AddColumn(prices[bin.Type], bin.Type, bin.Pattern);
        columns.Add(bin);
        return true;
    }

    /// <summary>Generates columns until none helps, the gap is closed, or it is over; false if the master could not be solved.</summary>
    public bool Solve(int mostIterations, double gap, Func<bool> isOver)
    {
        (Bound, centre) = (0, []);
        for (int iteration = 0; iteration < mostIterations; iteration++)
        {
            if (!lp.Solve()) return false;
            Iterations++;
            if (centre.Length == 0) centre = [.. lp.DemandDuals];
            bool grown = Price(Smoothing) || Price(0);
            if (!grown || isOver()) return !grown || lp.Solve();
            if (Value - Bound < gap * Value) break;
        }

        return lp.Solve();
    }

    /// <summary>Takes a bin out of what is to be done; of its VMs as many as are still to be covered.</summary>
    public Bin Fix(Bin bin)
    {
        int[] taken = [.. bin.Pattern.Select((vms, k) => Math.Min(vms, Demands[k]))];
        for (int k = 0; k < taken.Length; k++)
            if (taken[k] > 0) lp.SetDemand(k, Demands[k] -= taken[k]);
        lp.SetCount(bin.Type, --Hosts[bin.Type]);
        return new Bin(bin.Type, taken);
    }

    public void Dispose() => lp.Dispose();

    /// <summary>Prices all types at duals between the centre and the master's; true if a pattern has a negative reduced cost at the master's.</summary>
    private bool Price(double smoothing)
    {
        int[] duals = Rounded(smoothing);
        pricing.Run(duals, Cuts is null ? Demands : problem.Demands);
        Cuts?.Add(DualCut.Of(problem, pricing, duals));
        double bound = Lagrangian(duals);
        bool grown = false;
        for (int t = 0; t < problem.Types; t++)
        {
            if (Hosts[t] == 0) continue;
            int[] pattern = pricing.Pattern(t);
            double reducedCost = prices[t] - lp.CountDuals[t];
            for (int k = 0; k < pattern.Length; k++) reducedCost -= pattern[k] * lp.DemandDuals[k];
            grown |= reducedCost < -Tolerance && Add(new Bin(t, pattern));
        }

        if (bound <= Bound) return grown;
        Bound = bound;
        centre = [.. duals.Select(dual => dual / scale)];
        return grown;
    }

    private double Lagrangian(int[] duals)
    {
        long bound = 0;
        for (int k = 0; k < duals.Length; k++) bound += (long)duals[k] * Demands[k];
        for (int t = 0; t < problem.Types; t++) bound += Hosts[t] * Math.Min(0, (long)Math.Floor(prices[t] * scale) - pricing.Best(t));
        return bound / scale;
    }

    private int[] Rounded(double smoothing)
    {
        double Between(double dual, int k) => (smoothing * centre[k]) + ((1 - smoothing) * dual);
        double[] duals = [.. lp.DemandDuals.Select((dual, k) => Math.Floor((Between(dual, k) * scale) + Tolerance))];
        double shrink = Math.Min(1, PatternPricing.MostValue / Math.Max(1, MostValueOf(duals)));
        return [.. duals.Select(dual => (int)(dual * shrink))];
    }

    /// <summary>An upper bound of the value of any pattern: per dimension the whole room filled with the densest class.</summary>
    private double MostValueOf(double[] duals)
    {
        double least = double.MaxValue;
        for (int r = 0; r < problem.Dimensions; r++)
        {
            double density = 0;
            double free = 0;
            for (int k = 0; k < duals.Length; k++)
                if (problem.Needs[k][r] is > 0 and int need) density = Math.Max(density, duals[k] / need);
                else free += duals[k] * problem.Demands[k];
            least = Math.Min(least, free + (density * problem.MostRoom[r]));
        }

        return least;
    }
}

/// <summary>
/// What every set of hosts that holds all VMs fulfils: <c>Σ Best·hosts ≥ Least</c>, because the VMs are worth <c>Least</c> in all and no host holds more
/// than the best pattern of its type.
/// </summary>
internal sealed record DualCut(long[] Best, long Least)
{
    public static DualCut Of(PackingProblem problem, PatternPricing pricing, ReadOnlySpan<int> duals)
    {
        long least = 0;
        for (int k = 0; k < duals.Length; k++) least += (long)duals[k] * problem.Demands[k];
        return new DualCut([.. Enumerable.Range(0, problem.Types).Select(t => (long)pricing.Best(t))], least);
    }

    /// <summary>By what share hosts fall short of the cut; negative if they do not.</summary>
    public double Violation(IReadOnlyList<double> hosts)
    {
        double held = 0;
        for (int t = 0; t < Best.Length; t++) held += Best[t] * hosts[t];
        return (Least - held) / Math.Max(1, Least);
    }
}
