namespace VirtOpt;

/// <summary>All file formats, one line each: a new one is its class and a line here.</summary>
public static class FormatCatalogue
{
    /// <summary>The formats, in the order in which they are tried.</summary>
    public static IReadOnlyList<IProblemFormat> Entries { get; } =
    [
        new VirtOptJson(),
        new Vmr2l(),
        new CloudBalancing(),
        new CsvPair(),
        new Roadef(),
        new Htools(),
        new Btrplace(),
    ];

    /// <summary>The format with a name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static IProblemFormat Named(string name) => Entries.FirstOrDefault(f => f.Name == name)
        ?? throw InvalidInputException.Because($"There is no format ({name}).", $"one of {Names()} was meant.");

    /// <summary>The format that recognises the first of the files.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or no format recognises it.</exception>
    public static IProblemFormat Detect(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0) throw InvalidInputException.Because("No input file was given.", "its name was left out.");
        FormatProbe probe = new(paths[0], Files.ReadHead(paths[0]), paths.Count);
        return Entries.FirstOrDefault(f => f.Recognises(probe)) ?? throw InvalidInputException.Because(
            $"{paths[0]}: no format recognises this file; expected one of {Names()}.", "the format has to be named, or this is not a file of a cluster.");
    }

    /// <summary>Reads a problem.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="format">Name of the format; null to detect it.</param>
    /// <param name="overrides">What to ask for instead of, or beside, what the files ask for.</param>
    /// <exception cref="InvalidInputException">A file cannot be read or makes no sense.</exception>
    public static LoadedProblem Load(IReadOnlyList<string> paths, string? format = null, PolicyOverrides? overrides = null) =>
        (format is null ? Detect(paths) : Named(format)).Read(paths, overrides);

    private static string Names() => string.Join(", ", Entries.Select(f => $"({f.Name})"));
}
