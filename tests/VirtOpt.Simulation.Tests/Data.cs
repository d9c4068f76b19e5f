namespace VirtOpt.Simulation.Tests;

/// <summary>Finds files of the repository and of the public datasets.</summary>
internal static class Data
{
    public static string Page(string relative) => File.ReadAllText(Above(relative) ?? throw new FileNotFoundException(relative));

    /// <summary>A file of the public datasets; skips the test if it is not there.</summary>
    public static string PlanetLab(string day) => Shared("planetlab", $"{day}.tar.gz");

    /// <summary>A file of the public datasets; skips the test if it is not there.</summary>
    public static string Shared(string dataset, string file)
    {
        string relative = Path.Combine(dataset, file);
        string? folder = Environment.GetEnvironmentVariable("VIRTOPT_DATA");
        string? path = folder is null ? Above(Path.Combine("shared", "data", relative)) : Path.Combine(folder, relative);
        if (!File.Exists(path)) Assert.Skip($"The dataset file {relative} is not here; set VIRTOPT_DATA to a folder that has it.");
        return path!;
    }

    private static string? Above(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, relative)))
                return Path.Combine(folder.FullName, relative);
        return null;
    }
}
