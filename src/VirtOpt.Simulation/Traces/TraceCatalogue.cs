namespace VirtOpt.Simulation;

/// <summary>A kind of trace, with the data centre that it is played on.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Read">Reads it from a file or folder.</param>
/// <param name="Build">Makes the data centre for it.</param>
public sealed record TraceKind(string Name, string Summary, Func<string, DemandTrace> Read, Func<DemandTrace, DataCentre> Build);

/// <summary>All kinds of traces, one line each.</summary>
public static class TraceCatalogue
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<TraceKind> Entries { get; } =
    [
        new("planetlab", "a PlanetLab day: .tar.gz, .tar or folder of one file for each VM", PlanetLabTrace.Read, PlanetLabDataCentre.For),
    ];

    /// <summary>The kind of a name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static TraceKind Find(string name) => Entries.FirstOrDefault(e => e.Name == name)
        ?? throw InvalidInputException.Because(
            $"There is no kind of trace ({name}).", $"one of these was meant: {string.Join(", ", Entries.Select(e => e.Name))}.");
}
