using System.Globalization;

namespace VirtOpt.Forecasting;

/// <summary>
/// Reads a day of the PlanetLab traces (CoMon project): one text file for each VM with 288 lines, each the CPU use in whole per cent, every 300 s.
/// A day is a <c>.tar</c>, a <c>.tar.gz</c> or a folder. VMs come in the ordinal order of their file names.
/// </summary>
public static class PlanetLabTrace
{
    /// <summary>Lines of a file.</summary>
    public const int Samples = 288;

    /// <summary>Seconds from line to line.</summary>
    public const double IntervalSeconds = 300;

    /// <summary>Reads a day.</summary>
    /// <param name="path">Archive or folder.</param>
    /// <exception cref="InvalidInputException">It cannot be read, holds no VM, or a line is not what it should be; the message names the
    /// file and line.</exception>
    public static DemandTrace Read(string path)
    {
        List<TraceSeries> series = TraceFiles.Read(path, ReadVm);
        if (series.Count == 0)
            throw InvalidInputException.Because($"{path}: there is no file of a VM in it.",
                "the archive of another dataset, or a folder above the day's folder was named.");
        series.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (int i = 1; i < series.Count; i++)
            if (series[i].Name == series[i - 1].Name)
                throw InvalidInputException.Because($"{path}: there are two files of the VM ({series[i].Name}).", "the archive holds more than one day.");
        return new DemandTrace(Path.GetFileName(path.TrimEnd('/', '\\')), series, IntervalSeconds);
    }

    private static TraceSeries ReadVm(string where, string name, Stream content)
    {
        using StreamReader reader = new(content);
        double[] use = new double[Samples];
        int line = 0;
        while (reader.ReadLine() is { } text)
        {
            if (line == Samples && text.Trim().Length == 0) continue;
            if (line == Samples) throw InvalidInputException.Because($"{where}: there are more than {Samples} lines.", "this is not a PlanetLab day.");
            if (!int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int percent) || percent > 100)
                throw InvalidInputException.Because(
                    $"{where}, line {line + 1}: ({text}) is not a whole number within 0 .. 100, the CPU use in per cent.", "this is not a PlanetLab day.");
            use[line++] = percent / 100.0;
        }

        return line == Samples
            ? new TraceSeries(name, use)
            : throw InvalidInputException.Because($"{where}: there are {line} lines; {Samples} are expected.", "the file was cut off.");
    }
}
