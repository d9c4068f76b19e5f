using System.Formats.Tar;

namespace VirtOpt.Forecasting;

/// <summary>The files of a trace: those of a folder, or of a <c>.tar</c> or <c>.tar.gz</c>.</summary>
internal static class TraceFiles
{
    /// <summary>Reads every file.</summary>
    /// <param name="path">Folder or archive.</param>
    /// <param name="read">Reads one: where it is for messages, its name without folders, its content.</param>
    /// <exception cref="InvalidInputException">The path cannot be read.</exception>
    public static List<T> Read<T>(string path, Func<string, string, Stream, T> read)
    {
        List<T> all = [];
        if (!Directory.Exists(path))
        {
            ReadArchive(path, read, all);
            return all;
        }

        foreach (string file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
        {
            using Stream stream = Files.OpenRead(file);
            all.Add(read(file, Path.GetFileName(file), stream));
        }

        return all;
    }

    /// <summary>Name of the first file in a folder or archive; empty if there is none or it is neither.</summary>
    /// <exception cref="InvalidInputException">The path cannot be read.</exception>
    public static string FirstName(string path)
    {
        if (Directory.Exists(path)) return Path.GetFileName(Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).FirstOrDefault() ?? "");
        using Stream stream = Files.OpenRead(path);
        try
        {
            using TarReader archive = new(stream);
            while (archive.GetNextEntry() is { } entry)
                if (entry.DataStream is not null)
                    return entry.Name;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            return "";
        }

        return "";
    }

    private static void ReadArchive<T>(string path, Func<string, string, Stream, T> read, List<T> all)
    {
        using Stream stream = Files.OpenRead(path);
        try
        {
            using TarReader archive = new(stream);
            while (archive.GetNextEntry() is { } entry)
                if (entry.DataStream is { } content)
                    all.Add(read($"{path}: {entry.Name}", Path.GetFileName(entry.Name), content));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InvalidInputException(
                $"{path}: this is not a whole tar archive: {e.Message}\n"
                + "Maybe a download was cut off, or the file is of another kind (.tar or .tar.gz is expected).",
                e);
        }
    }
}
