using VirtOpt.Solver.HostSets.Kernels;
using VirtOpt.Solver.HostSets.Packing;

namespace VirtOpt.Solver.HostSets;

/// <summary>
/// Pricing: the most valuable pattern of every host type for given values of the VMs. One bounded knapsack table over the room of the largest
/// types holds the answer for all types at once (Gilmore and Gomory, Operations Research 14, 1966, p. 1045); a class of several VMs becomes items of
/// 1, 2, 4 ... VMs (Martello and Toth, Knapsack Problems, 1990, ch. 3). Values are whole, so that the answer is exact.
/// </summary>
internal sealed class PatternPricing
{
    private const long MostCells = 10_000_000;
    private const long MostBytes = 64L << 20;
    private readonly PackingProblem problem;
    private readonly int[] order;
    private readonly TableShape shape;
    private readonly int[] values;
    private readonly List<(int Class, int Vms, TableItem Item)> items = [];
    private byte[] taken = [];

    private PatternPricing(PackingProblem problem, int[] order, TableShape shape)
    {
        (this.problem, this.order, this.shape) = (problem, order, shape);
        values = new int[shape.Cells + KnapsackKernel.Lanes];
    }

    /// <summary>Largest value of a pattern that the table can count up to.</summary>
    public const long MostValue = 1L << 30;

    /// <summary>Makes a table; null if it would be too large or the problem has too many dimensions.</summary>
    public static PatternPricing? TryCreate(PackingProblem problem)
    {
        if (problem.Dimensions is < 1 or > 4 || problem.MostRoom.Any(room => room >= MostCells)) return null;
        int[] order = [.. Enumerable.Range(0, problem.Dimensions).OrderBy(r => problem.MostRoom[r])];
        int Capacity(int fromLast) => order.Length > fromLast ? problem.MostRoom[order[^(fromLast + 1)]] : 0;
        TableShape shape = new(Capacity(3) + 1, Capacity(2) + 1, Capacity(1) + 1, Capacity(0));
        if ((double)shape.Extent0 * shape.Extent1 * shape.Extent2 * shape.Stride > MostCells) return null;
        long splits = Enumerable.Range(0, problem.Classes).Sum(k => Split(problem.Demands[k]).Count());
        return (shape.Cells * sizeof(int)) + (splits * shape.Cells / KnapsackKernel.Lanes) > MostBytes ? null : new PatternPricing(problem, order, shape);
    }

    /// <summary>Another table for another thread.</summary>
    public PatternPricing Fork() => new(problem, order, shape);

    /// <summary>Fills the table.</summary>
    /// <param name="duals">Value of a VM by class; no pattern may be worth more than <see cref="MostValue"/>.</param>
    /// <param name="limits">Most VMs by class in a pattern.</param>
    public void Run(ReadOnlySpan<int> duals, ReadOnlySpan<int> limits)
    {
        items.Clear();
        for (int k = 0; k < duals.Length; k++)
            if (duals[k] > 0)
                foreach (int vms in Split(problem.Fits(k, problem.MostRoom, limits[k]))) items.Add((k, vms, ItemOf(k, vms, duals[k])));
        int bytes = (int)(shape.Cells / KnapsackKernel.Lanes);
        if (taken.Length < items.Count * bytes) taken = new byte[items.Count * bytes * 5 / 4];
        Array.Clear(values);
        for (int i = 0; i < items.Count; i++) KnapsackKernel.Offer(values, taken.AsSpan(i * bytes, bytes), shape, items[i].Item);
    }

    /// <summary>Value of the best pattern of a type.</summary>
    public int Best(int type)
    {
        (int at0, int at1, int at2, int lane) = CellOf(problem.Rooms[type]);
        return values[(shape.Row(at0, at1, at2) * shape.Stride) + lane];
    }

    /// <summary>The best pattern of a type.</summary>
    public int[] Pattern(int type)
    {
        int[] pattern = new int[problem.Classes];
        (int at0, int at1, int at2, int lane) = CellOf(problem.Rooms[type]);
        int bytes = (int)(shape.Cells / KnapsackKernel.Lanes);
        for (int i = items.Count - 1; i >= 0; i--)
        {
            (int vmClass, int vms, TableItem item) = items[i];
            if (at0 < item.Weight0 || at1 < item.Weight1 || at2 < item.Weight2 || lane < item.LaneWeight) continue;
            if (!KnapsackKernel.IsTaken(taken.AsSpan(i * bytes, bytes), shape, item, shape.Row(at0, at1, at2), lane)) continue;
            pattern[vmClass] += vms;
            (at0, at1, at2, lane) = (at0 - item.Weight0, at1 - item.Weight1, at2 - item.Weight2, lane - item.LaneWeight);
        }

        return pattern;
    }

    private TableItem ItemOf(int vmClass, int vms, int dual)
    {
        (int weight0, int weight1, int weight2, int lane) = CellOf(problem.Needs[vmClass]);
        return new TableItem(weight0 * vms, weight1 * vms, weight2 * vms, lane * vms, dual * vms);
    }

    private (int At0, int At1, int At2, int Lane) CellOf(int[] amounts)
    {
        int At(int fromLast) => order.Length > fromLast ? amounts[order[^(fromLast + 1)]] : 0;
        return (At(3), At(2), At(1), At(0));
    }

    private static IEnumerable<int> Split(int vms)
    {
        for (int part = 1; vms > 0; part *= 2)
        {
            yield return Math.Min(part, vms);
            vms -= Math.Min(part, vms);
        }
    }
}
