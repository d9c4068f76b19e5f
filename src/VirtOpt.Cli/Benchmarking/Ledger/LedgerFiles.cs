using CsvHelper;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>The files of a ledger: one row per run, and the curve of each run. Both are whole on the disk after every run.</summary>
internal sealed class LedgerFiles
{
    private static readonly string[] CurveHeader = ["suite", "instance", "setting", "seed", "limit_s", "threads", "seconds", "value", "bound", "source"];
    private readonly Suite suite;
    private readonly Dictionary<RunKey, LedgerRow> rows = [];
    private readonly Dictionary<RunKey, IReadOnlyList<CurvePoint>> curves = [];
    private readonly Dictionary<(string, string), int> order;

    /// <summary>Reads what is there.</summary>
    /// <param name="folder">Folder of the ledger.</param>
    /// <param name="suite">The suite.</param>
    /// <exception cref="InvalidInputException">A file is there and is not a ledger.</exception>
    public LedgerFiles(string folder, Suite suite)
    {
        this.suite = suite;
        order = suite.Cases.Select((c, i) => (c, i)).ToDictionary(c => (c.c.Instance, c.c.Setting), c => c.i);
        (RowPath, CurvePath) = (Path.Combine(folder, $"{suite.Name}.csv"), Path.Combine(folder, $"{suite.Name}.curves.csv"));
        if (File.Exists(RowPath)) ReadRows();
        if (File.Exists(CurvePath)) ReadCurves();
    }

    /// <summary>File of the rows.</summary>
    public string RowPath { get; }

    /// <summary>File of the curves.</summary>
    public string CurvePath { get; }

    /// <summary>The rows, in the order of the suite.</summary>
    public IReadOnlyList<LedgerRow> Rows =>
    [
        .. rows.Values.OrderBy(r => order.GetValueOrDefault((r.Key.Instance, r.Key.Setting), int.MaxValue))
            .ThenBy(r => r.Key.Limit).ThenBy(r => r.Key.Seed).ThenBy(r => r.Key.Threads),
    ];

    /// <summary>Whether a run has its row.</summary>
    public bool Has(RunKey key) => rows.ContainsKey(key);

    /// <summary>The curve of a run; empty if none was kept.</summary>
    public IReadOnlyList<CurvePoint> Curve(RunKey key) => curves.GetValueOrDefault(key, []);

    /// <summary>Enters a run, in place of the one that had its key, and writes the files: the curve first, so that no row lacks its curve.</summary>
    public void Enter(LedgerRow row, IReadOnlyList<CurvePoint> curve)
    {
        rows[row.Key] = row;
        curves[row.Key] = curve;
        Files.Write(CurvePath, WriteCurves);
        Files.Write(RowPath, WriteRows);
    }

    private void ReadRows()
    {
        using CsvTable table = new(RowPath);
        int[] columns = [.. LedgerColumns.All.Select(c => c.MayLack ? table.Find(c.Name) : table.Require(c.Name))];
        foreach (CsvRow line in table.Rows())
        {
            LedgerRow row = new("", new RunKey("", "", 0, 0, 0)) { Status = "" };
            for (int c = 0; c < columns.Length; c++) row = LedgerColumns.All[c].Read(row, line, columns[c]);
            if (!rows.TryAdd(row.Key, row))
                throw line.Error($"the run ({row.Key.Problem}, {row.Key.Configuration}) is there twice", "two ledgers were joined.");
        }
    }

    private void ReadCurves()
    {
        using CsvTable table = new(CurvePath);
        int[] at = [.. CurveHeader.Select(table.Require)];
        foreach (CsvRow line in table.Rows())
        {
            RunKey key = new(line.Text(at[1]), line.Text(at[2]), line.Whole(at[3]), line.Whole(at[4]), line.Whole(at[5]));
            if (!curves.TryGetValue(key, out IReadOnlyList<CurvePoint>? points)) curves.Add(key, points = new List<CurvePoint>());
            ((List<CurvePoint>)points).Add(new CurvePoint(
                LedgerColumns.Number(line, at[6]) ?? 0, LedgerColumns.Number(line, at[7]) ?? 0, LedgerColumns.Number(line, at[8]), line.Text(at[9])));
        }
    }

    private void WriteRows(Stream stream)
    {
        using CsvWriter csv = CsvWriting.Open(stream);
        CsvWriting.Row(csv, LedgerColumns.All.Select(c => c.Name));
        foreach (LedgerRow row in Rows) CsvWriting.Row(csv, LedgerColumns.All.Select(c => c.Write(row)));
    }

    private void WriteCurves(Stream stream)
    {
        using CsvWriter csv = CsvWriting.Open(stream);
        CsvWriting.Row(csv, CurveHeader);
        foreach (LedgerRow row in Rows)
            foreach (CurvePoint point in Curve(row.Key))
                CsvWriting.Row(csv,
                [
                    suite.Name, row.Key.Instance, row.Key.Setting, LedgerColumns.Cell(row.Key.Seed, 0), LedgerColumns.Cell(row.Key.Limit, 0),
                    LedgerColumns.Cell(row.Key.Threads, 0), LedgerColumns.Cell(point.Seconds, 3), LedgerColumns.Cell(point.Value, 3),
                    LedgerColumns.Cell(point.Bound, 3), point.Source,
                ]);
    }
}
