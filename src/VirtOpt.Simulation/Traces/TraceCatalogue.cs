namespace VirtOpt.Simulation;

/// <summary>A trace that was read, with what it is played on.</summary>
/// <param name="Demand">What the VMs ask for.</param>
/// <param name="Centre">Hosts, and the size of each VM.</param>
/// <param name="Cleaning">What was done to the samples before they were used, one line each.</param>
public sealed record PlayableTrace(DemandTrace Demand, DataCentre Centre, IReadOnlyList<string> Cleaning);

/// <summary>A kind of trace, with the data centre that it is played on.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Load">Reads it from a file or folder and makes the data centre for it.</param>
/// <param name="EndsIdleVms">True if a VM that asks for nothing ends for good unless it is asked for otherwise, as in the published experiment.</param>
public sealed record TraceKind(string Name, string Summary, Func<string, PlayableTrace> Load, bool EndsIdleVms = false);

/// <summary>All kinds of traces, one line each.</summary>
public static class TraceCatalogue
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<TraceKind> Entries { get; } =
    [
        new("planetlab", "a PlanetLab day: .tar.gz, .tar or folder of one file for each VM", PlanetLabDay, EndsIdleVms: true),
        new("bitbrains", "Bitbrains: .tar.gz, .tar or folder of one file for each VM", Bitbrains),
        new("csv", "VirtOpt's own history: columns vm, time, cpu [%], cpu [MHz] or cpu [cores], and memory [MiB]", Csv),
    ];

    /// <summary>The kind of a name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static TraceKind Find(string name) => Entries.FirstOrDefault(e => e.Name == name)
        ?? throw InvalidInputException.Because(
            $"There is no kind of trace ({name}).", $"one of these was meant: {string.Join(", ", Entries.Select(e => e.Name))}.");

    private static PlayableTrace PlanetLabDay(string path)
    {
        DemandTrace day = PlanetLabTrace.Read(path);
        return new PlayableTrace(day, PlanetLabDataCentre.For(day), []);
    }

    private static PlayableTrace Bitbrains(string path)
    {
        IReadOnlyDictionary<string, double> mhz = BitbrainsSizes.Read(path);
        return HistoryTrace.Of(BitbrainsHistory.Read(path), series => mhz[series.Vm] / HistoryTrace.Percent);
    }

    private static PlayableTrace Csv(string path) => HistoryTrace.Of(CsvHistory.Read(path), series => HistoryTrace.MipsOf(path, series.Dimension));
}
