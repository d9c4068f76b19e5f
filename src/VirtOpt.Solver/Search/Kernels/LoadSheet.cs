namespace VirtOpt.Solver.Search.Kernels;

/// <summary>
/// All loads over the cells of one scope, as a table: a row per cell, a column per hinge of a load. A cell costs <c>Σ slope·max(0, load - at)</c>
/// over the columns of its row, and no load may exceed its cap. Every piecewise-linear cell function has this form. Whole numbers are held as
/// doubles, exact below 2^53, because processors compare and multiply those several at a time.
/// </summary>
internal sealed class LoadSheet
{
    /// <summary>Columns are padded to a multiple of this.</summary>
    public const int Lanes = 4;

    /// <summary>Parts of a row: loads, hinges, slopes, caps.</summary>
    public const int Parts = 4;

    private readonly double[] away;
    private readonly double[] home;

    /// <param name="cellOfHost">The cell of each host; -1 for none.</param>
    /// <param name="columns">The columns, at least one; their families share the cells.</param>
    /// <param name="starts">Where the VMs started.</param>
    public LoadSheet(int[] cellOfHost, IReadOnlyList<SheetColumn> columns, Place[] starts)
    {
        CellOfHost = cellOfHost;
        Cells = columns[0].Family.CellCount;
        Columns = (columns.Count + Lanes - 1) / Lanes * Lanes;
        Rows = new double[Cells * Columns * Parts];
        away = new double[starts.Length * Columns];
        home = columns.Any(c => c.Family.DependsOnStart) ? new double[away.Length] : away;
        for (int c = 0; c < columns.Count; c++)
        {
            FillColumn(columns[c], c);
            FillWeights(columns[c].Family, c, starts);
        }

        TypicalWeights = [.. Enumerable.Range(0, Columns).Select(TypicalWeight)];
    }

    /// <summary>The cell of each host; -1 for none.</summary>
    public int[] CellOfHost { get; }

    /// <summary>Number of cells.</summary>
    public int Cells { get; }

    /// <summary>Number of columns, padded.</summary>
    public int Columns { get; }

    /// <summary>Per column the mean weight of the VMs that have any; 0 if none has.</summary>
    public double[] TypicalWeights { get; }

    /// <summary>True if what a VM adds depends on whether it is at its start.</summary>
    public bool DependsOnStart => home != away;

    /// <summary>The rows without any VM, but with what every VM leaves behind at its start when it is elsewhere.</summary>
    public double[] Rows { get; }

    /// <summary>First of the amounts that a VM adds to its row; at its start less what its absence would leave behind.</summary>
    public ref double Weights(int vm, bool atStart) => ref (atStart ? home : away)[vm * Columns];

    /// <summary>What a VM of typical weight costs at most, where each load is above its hinges.</summary>
    /// <param name="below">Slopes from this on do not count.</param>
    public double CostOfTypicalVm(double below)
    {
        double cost = 0;
        for (int c = 0; c < Columns; c++)
        {
            double steepest = 0;
            for (int cell = 0; cell < Cells; cell++)
                if (Rows[(((cell * Parts) + 2) * Columns) + c] is var slope && slope < below) steepest = Math.Max(steepest, slope);
            cost += steepest * TypicalWeights[c];
        }

        return cost;
    }

    private double TypicalWeight(int column)
    {
        (double sum, int count) = (0, 0);
        for (int i = column; i < away.Length; i += Columns)
            if (away[i] != 0) (sum, count) = (sum + Math.Abs(away[i]), count + 1);
        return count == 0 ? 0 : sum / count;
    }

    private void FillColumn(SheetColumn column, int c)
    {
        for (int cell = 0; cell < Cells; cell++)
        {
            int row = (cell * Columns * Parts) + c;
            Rows[row + Columns] = column.At[cell];
            Rows[row + (2 * Columns)] = column.Slope[cell];
            Rows[row + (3 * Columns)] = column.Cap[cell];
        }
    }

    private void FillWeights(LoadFamily family, int c, Place[] starts)
    {
        for (int vm = 0; vm < starts.Length; vm++)
        {
            (long weight, long leaving) = (family.Weight(vm), family.LeavingWeight(vm));
            away[(vm * Columns) + c] = weight + family.ArrivingWeight(vm);
            if (starts[vm].Host.Index < 0 || home == away) continue;
            home[(vm * Columns) + c] = weight - leaving;
            if (CellOfHost[starts[vm].Host.Index] is >= 0 and int cell) Rows[(cell * Columns * Parts) + c] += leaving;
        }
    }
}

/// <summary>One column of a <see cref="LoadSheet"/>: a load, with one hinge and one cap per cell.</summary>
/// <param name="family">The load.</param>
internal sealed class SheetColumn(LoadFamily family)
{
    /// <summary>The load.</summary>
    public LoadFamily Family { get; } = family;

    /// <summary>Where the hinge of a cell is.</summary>
    public double[] At { get; } = new double[family.CellCount];

    /// <summary>How much each unit of load above the hinge costs.</summary>
    public double[] Slope { get; } = new double[family.CellCount];

    /// <summary>The load that must not be exceeded.</summary>
    public double[] Cap { get; } = [.. Enumerable.Repeat(double.PositiveInfinity, family.CellCount)];
}
