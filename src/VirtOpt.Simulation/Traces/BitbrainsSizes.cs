using System.Formats.Tar;
using System.Globalization;

namespace VirtOpt.Simulation;

/// <summary>
/// The greatest CPU that each VM of a Bitbrains trace ever had, in MHz (column 3, cores times speed): a history holds its use in per cent of that. Files are
/// checked when the history is read; here a line that is not what it should be counts as nothing.
/// </summary>
internal static class BitbrainsSizes
{
    private const int CapacityColumn = 2;

    /// <summary>MHz by name of the VM.</summary>
    /// <param name="path">Folder, or archive (<c>.tar</c>, <c>.tar.gz</c>).</param>
    /// <exception cref="InvalidInputException">The path cannot be read, or is no archive.</exception>
    public static IReadOnlyDictionary<string, double> Read(string path)
    {
        Dictionary<string, double> sizes = new(StringComparer.Ordinal);
        if (Directory.Exists(path))
            foreach (string file in Directory.EnumerateFiles(path))
            {
                using Stream stream = Files.OpenRead(file);
                sizes[Path.GetFileNameWithoutExtension(file)] = MostIn(stream);
            }
        else
            ReadArchive(path, sizes);
        return sizes;
    }

    private static void ReadArchive(string path, Dictionary<string, double> sizes)
    {
        using Stream stream = Files.OpenRead(path);
        try
        {
            using TarReader archive = new(stream);
            while (archive.GetNextEntry() is { } entry)
                if (entry.DataStream is { } content)
                    sizes[Path.GetFileNameWithoutExtension(entry.Name)] = MostIn(content);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InvalidInputException(
                $"{path}: this is not a whole tar archive: {e.Message}\nMaybe a download was cut off, or the file is of another kind.", e);
        }
    }

    private static double MostIn(Stream content)
    {
        using StreamReader reader = new(content);
        double most = 0;
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split(';', CapacityColumn + 2);
            if (parts.Length > CapacityColumn
                && double.TryParse(parts[CapacityColumn].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double mhz)
                && double.IsFinite(mhz))
                most = Math.Max(most, mhz);
        }

        return most;
    }
}
