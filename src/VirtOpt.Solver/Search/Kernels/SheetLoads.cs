using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VirtOpt.Solver.Search.Kernels;

/// <summary>The loads of a <see cref="LoadSheet"/> under a placement, and what each cell costs: the innermost loop of the search.</summary>
internal sealed class SheetLoads
{
    private readonly LoadSheet sheet;
    private readonly int[] cellOfHost;
    private readonly double[] rows;
    private readonly double[] costs;
    private readonly double[] nothing;
    private readonly double[] sums;
    private double[]? excessPrices;

    /// <param name="sheet">The table.</param>
    /// <param name="places">Where the VMs are.</param>
    /// <param name="starts">Where they started.</param>
    public SheetLoads(LoadSheet sheet, ReadOnlySpan<Place> places, ReadOnlySpan<Place> starts)
    {
        (this.sheet, cellOfHost, rows) = (sheet, sheet.CellOfHost, [.. sheet.Rows]);
        (costs, nothing, sums) = (new double[sheet.Cells], new double[sheet.Columns], new double[sheet.Columns]);
        for (int vm = 0; vm < places.Length; vm++)
            if (places[vm].Host.Index >= 0 && cellOfHost[places[vm].Host.Index] is >= 0 and int cell)
                Add(cell, ref nothing[0], ref sheet.Weights(vm, places[vm] == starts[vm]));
        for (int cell = 0; cell < costs.Length; cell++) costs[cell] = CostOf(cell);
    }

    /// <summary>True if no load exceeds its cap.</summary>
    public bool IsWithinCaps
    {
        get
        {
            int columns = sheet.Columns;
            for (int row = 0; row < rows.Length; row += columns * LoadSheet.Parts)
                for (int c = 0; c < columns; c++)
                    if (rows[row + c] > rows[row + (3 * columns) + c]) return false;
            return true;
        }
    }

    /// <summary>What all cells cost.</summary>
    public double Cost => costs.Sum();

    /// <summary>Lets loads exceed their caps at a price.</summary>
    /// <param name="price">Energy for each VM of typical weight above a cap; infinite if caps hold.</param>
    public void PriceExcess(double price)
    {
        excessPrices = double.IsPositiveInfinity(price) ? null : [.. sheet.TypicalWeights.Select(w => w > 0 ? price / w : price)];
        for (int cell = 0; cell < costs.Length; cell++) costs[cell] = CostOf(cell);
    }

    /// <summary>What the cell of a host costs.</summary>
    public double CostAt(int host) => cellOfHost[host] < 0 ? 0 : costs[cellOfHost[host]];

    /// <summary>By how much the loads of a host's cell could grow before they cost anything, at the price of it: room that others pay for not having.</summary>
    public double IdleAt(int host)
    {
        if (cellOfHost[host] < 0) return 0;
        int columns = sheet.Columns;
        ReadOnlySpan<double> row = rows.AsSpan(cellOfHost[host] * columns * LoadSheet.Parts, columns * LoadSheet.Parts);
        double idle = 0;
        for (int c = 0; c < columns; c++) idle += Math.Max(0, row[(2 * columns) + c]) * Math.Max(0, row[columns + c] - row[c]);
        return idle;
    }

    /// <summary>By how much the cost changes if a host's row loses some amounts and gets others; infinite if a cap would be exceeded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Change(int host, ref double minus, ref double plus)
    {
        int cell = cellOfHost[host];
        return cell < 0 ? 0 : CostWith(cell, ref minus, ref plus) - costs[cell];
    }

    /// <summary>By how much the cost changes if a VM moves; infinite if a cap would be exceeded.</summary>
    public double Change(int vm, Place from, Place to, Place start)
    {
        ref double leaves = ref sheet.Weights(vm, from == start);
        ref double comes = ref sheet.Weights(vm, to == start);
        if (cellOfHost[from.Host.Index] == cellOfHost[to.Host.Index])
            return Unsafe.AreSame(ref leaves, ref comes) ? 0 : Change(to.Host.Index, ref leaves, ref comes);
        double change = Change(to.Host.Index, ref nothing[0], ref comes);
        return double.IsPositiveInfinity(change) ? change : change + Change(from.Host.Index, ref leaves, ref nothing[0]);
    }

    /// <summary>By how much the cost changes if two VMs take each other's places; infinite if a cap would be exceeded.</summary>
    public double ChangeOfSwap(int vm, Place place, Place start, int otherVm, Place otherPlace, Place otherStart)
    {
        if (cellOfHost[place.Host.Index] == cellOfHost[otherPlace.Host.Index])
            return sheet.DependsOnStart ? ChangeWithinCell(vm, place, start, otherVm, otherPlace, otherStart) : 0;
        double change = Change(place.Host.Index, ref sheet.Weights(vm, place == start), ref sheet.Weights(otherVm, place == otherStart));
        return double.IsPositiveInfinity(change)
            ? change
            : change + Change(otherPlace.Host.Index, ref sheet.Weights(otherVm, otherPlace == otherStart), ref sheet.Weights(vm, otherPlace == start));
    }

    /// <summary>Moves a VM.</summary>
    public void Move(int vm, Place from, Place to, Place start)
    {
        int left = cellOfHost[from.Host.Index];
        int reached = cellOfHost[to.Host.Index];
        if (left >= 0) Add(left, ref sheet.Weights(vm, from == start), ref nothing[0]);
        if (reached >= 0) Add(reached, ref nothing[0], ref sheet.Weights(vm, to == start));
        if (left >= 0) costs[left] = CostOf(left);
        if (reached >= 0) costs[reached] = CostOf(reached);
    }

    private double ChangeWithinCell(int vm, Place place, Place start, int otherVm, Place otherPlace, Place otherStart)
    {
        ref double lost = ref sheet.Weights(vm, place == start);
        ref double otherLost = ref sheet.Weights(otherVm, otherPlace == otherStart);
        ref double won = ref sheet.Weights(vm, otherPlace == start);
        ref double otherWon = ref sheet.Weights(otherVm, place == otherStart);
        for (int c = 0; c < sums.Length; c++)
            sums[c] = Unsafe.Add(ref won, c) + Unsafe.Add(ref otherWon, c) - Unsafe.Add(ref lost, c) - Unsafe.Add(ref otherLost, c);
        return Change(place.Host.Index, ref nothing[0], ref sums[0]);
    }

    private void Add(int cell, ref double minus, ref double plus)
    {
        int row = cell * sheet.Columns * LoadSheet.Parts;
        for (int c = 0; c < sheet.Columns; c++) rows[row + c] += Unsafe.Add(ref plus, c) - Unsafe.Add(ref minus, c);
    }

    private double CostOf(int cell) => CostWith(cell, ref nothing[0], ref nothing[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double CostWith(int cell, ref double minus, ref double plus)
    {
        nuint columns = (nuint)sheet.Columns;
        ref double row = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(rows), (nuint)cell * columns * LoadSheet.Parts);
        Vector256<double> cost = Vector256<double>.Zero;
        Vector256<double> over = Vector256<double>.Zero;
        for (nuint c = 0; c < columns; c += LoadSheet.Lanes)
        {
            Vector256<double> load = Vector256.LoadUnsafe(ref row, c) - Vector256.LoadUnsafe(ref minus, c) + Vector256.LoadUnsafe(ref plus, c);
            Vector256<double> above = Vector256.MaxNative(load - Vector256.LoadUnsafe(ref row, columns + c), Vector256<double>.Zero);
            cost += above * Vector256.LoadUnsafe(ref row, (2 * columns) + c);
            over |= Vector256.GreaterThan(load, Vector256.LoadUnsafe(ref row, (3 * columns) + c));
        }

        return over == Vector256<double>.Zero ? Vector256.Sum(cost)
            : excessPrices is null ? double.PositiveInfinity
            : Vector256.Sum(cost) + CostOfExcess(ref row, ref minus, ref plus, excessPrices);
    }

    private double CostOfExcess(ref double row, ref double minus, ref double plus, double[] prices)
    {
        nuint columns = (nuint)sheet.Columns;
        Vector256<double> cost = Vector256<double>.Zero;
        for (nuint c = 0; c < columns; c += LoadSheet.Lanes)
        {
            Vector256<double> load = Vector256.LoadUnsafe(ref row, c) - Vector256.LoadUnsafe(ref minus, c) + Vector256.LoadUnsafe(ref plus, c);
            Vector256<double> above = Vector256.MaxNative(load - Vector256.LoadUnsafe(ref row, (3 * columns) + c), Vector256<double>.Zero);
            cost += above * Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(prices), c);
        }

        return Vector256.Sum(cost);
    }
}
