using System.Globalization;

namespace VirtOpt.Forecasting;

/// <summary>
/// Reads the Bitbrains traces (Grid Workloads Archive GWA-T-12; Shen, van Beek and Iosup, CCGrid 2015): a folder or archive with one file a VM, columns
/// separated by
/// semicolon and tab, times in seconds whatever the header says. Gives CPU use in per cent of what the VM has, and memory use in MiB.
/// </summary>
public static class BitbrainsHistory
{
    private const int Columns = 11;
    private const double KibInMib = 1024;

    /// <summary>Reads a folder or archive.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or a line is not what it should be.</exception>
    public static CleanedHistory Read(string path)
    {
        List<SampleSeries[]> files = TraceFiles.Read(path, ReadVm);
        SampleSeries[] byVm = [.. files.SelectMany(f => f).OrderBy(s => s.Dimension.Name, StringComparer.Ordinal).ThenBy(s => s.Vm.Length).ThenBy(s => s.Vm,
            StringComparer.Ordinal)];
        return HistoryCleaner.Clean(Path.GetFileName(path.TrimEnd('/', '\\')), byVm);
    }

    private static SampleSeries[] ReadVm(string where, string name, Stream content)
    {
        using StreamReader reader = new(content);
        string header = reader.ReadLine() ?? "";
        if (!header.StartsWith("Timestamp", StringComparison.Ordinal) || header.Split(';').Length != Columns)
            throw InvalidInputException.Because($"{where}: the first line is not the header of a Bitbrains file ({Columns} columns from Timestamp on).",
                "it is of another format.");
        List<double[]> rows = [];
        double[] row = new double[Columns];
        for (int line = 2; reader.ReadLine() is { } text; line++)
            if (text.Length > 0)
            {
                Parse(where, line, text, row);
                rows.Add([row[0], row[4], row[6] / KibInMib, row[1], row[5] / KibInMib]);
            }

        string vm = Path.GetFileNameWithoutExtension(name);
        double[] times = [.. rows.Select(r => r[0])];
        return
        [
            new SampleSeries(where, vm, Dimensions.CpuPercent, times, [.. rows.Select(r => r[1])]) { Capacity = 100, Resizes = Changes(rows, 3) },
            new SampleSeries(where, vm, Dimensions.MemoryMiB, times, [.. rows.Select(r => r[2])])
            {
                Capacity = rows.Select(r => r[4]).DefaultIfEmpty().Max(),
                Resizes = Changes(rows, 4),
            },
        ];
    }

    private static int Changes(List<double[]> rows, int column) => rows.Zip(rows.Skip(1), (a, b) => a[column] != b[column]).Count(c => c);

    private static void Parse(string where, int line, string text, double[] row)
    {
        int column = 0;
        foreach (Range part in text.AsSpan().Split(';'))
        {
            if (column == Columns || !double.TryParse(text.AsSpan()[part].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out row[column++]))
                throw InvalidInputException.Because($"{where}, line {line}: column {column} is not a number, or there are more than {Columns}.",
                    "the file is damaged.");
        }

        if (column != Columns) throw InvalidInputException.Because($"{where}, line {line}: there are {column} columns; {Columns} are expected.",
            "the file was cut off.");
    }
}
