namespace VirtOpt.Forecasting;

/// <summary>A kind of demand history that can be read.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Read">Reads and cleans one.</param>
public sealed record HistoryFormat(string Name, string Summary, Func<string, CleanedHistory> Read);

/// <summary>All kinds of histories, one line each.</summary>
public static class HistoryFormatCatalogue
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<HistoryFormat> Entries { get; } =
    [
        new("csv", "VirtOpt's own: columns vm, time and one for each dimension, for example cpu [%]", CsvHistory.Read),
        new("store", "what virtopt monitor has written (SQLite): CPU in millicore, memory in MiB, by five minutes", StoreHistory.Read),
        new("bitbrains", "Bitbrains: folder or archive of one file for each VM", BitbrainsHistory.Read),
        new("planetlab", "PlanetLab: a day (.tar.gz, .tar or folder), or a folder of days", PlanetLabHistory.Read),
    ];

    /// <summary>The kind that a path looks like: a CSV file, a store, a folder or archive of CSV files (Bitbrains), or else PlanetLab.</summary>
    /// <exception cref="InvalidInputException">There is nothing at the path.</exception>
    public static HistoryFormat Guess(string path)
    {
        if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase)) return Find("csv");
        if (StoreHistory.IsStore(path)) return Find("store");
        return Find(TraceFiles.FirstName(path).EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? "bitbrains" : "planetlab");
    }

    /// <summary>The kind of a name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static HistoryFormat Find(string name) => Entries.FirstOrDefault(e => e.Name == name)
        ?? throw InvalidInputException.Because(
            $"There is no kind of history ({name}).", $"one of these was meant: {string.Join(", ", Entries.Select(e => e.Name))}.");
}
