namespace VirtOpt.Simulation;

/// <summary>
/// Plays a cleaned history of demand. A VM asks for nothing before its first sample, and for the same as before in a gap. It is as large as the history says,
/// or as it ever was where that is more or unknown: processors run faster than their nominal speed, and nothing that was asked for is cut off.
/// </summary>
internal static class HistoryTrace
{
    /// <summary>Per cent of a whole.</summary>
    public const double Percent = 100;

    private const string Cpu = "cpu";
    private const string Memory = "memory";
    private const int UnknownRamMiB = 1024;
    private const int MostRamMiB = 1 << 30;
    private const double MipsPerGhz = 1000;
    private const double MillicoresPerCore = 1000;
    private static readonly double Headroom = new SampleSeries("", "", new Dimension(Cpu, "%"), [], []).Tolerance; // a series' capacity includes it

    private static readonly Dictionary<string, double> MipsByUnit = new(StringComparer.OrdinalIgnoreCase)
    {
        ["%"] = ServerDataCentre.CoreMips / Percent,
        ["cores"] = ServerDataCentre.CoreMips,
        ["millicores"] = ServerDataCentre.CoreMips / MillicoresPerCore,
        ["MHz"] = 1,
        ["GHz"] = MipsPerGhz,
        ["MIPS"] = 1,
    };

    private static readonly Dictionary<string, double> MibByUnit = new(StringComparer.OrdinalIgnoreCase)
    {
        ["KiB"] = 1.0 / 1024,
        ["MiB"] = 1,
        ["GiB"] = 1024,
    };

    /// <summary>MIPS of one unit of CPU use; a MHz counts as one, and per cent are those of one core of the simulated server.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="dimension">The dimension.</param>
    /// <exception cref="InvalidInputException">The unit is none that is known.</exception>
    public static double MipsOf(string path, Dimension dimension) => Factor(path, dimension, MipsByUnit);

    /// <summary>Makes the trace and its data centre.</summary>
    /// <param name="clean">The history.</param>
    /// <param name="mips">MIPS of one unit of a VM's CPU use.</param>
    /// <exception cref="InvalidInputException">Nothing tells the CPU use, or a unit is not known.</exception>
    public static PlayableTrace Of(CleanedHistory clean, Func<DemandSeries, double> mips)
    {
        DemandHistory history = clean.History;
        DemandSeries[] cpu = [.. history.Series.Where(s => s.Dimension.Name == Cpu)];
        if (cpu.Length == 0)
            throw InvalidInputException.Because(
                $"{history.Name}: there is no CPU use in it; found {string.Join(", ", history.Dimensions)}.",
                "the column is called otherwise than \"cpu [%]\".");
        double[] most = [.. cpu.Select(Most)];
        DemandTrace trace = new(history.Name, [.. cpu.Select((s, i) => new TraceSeries(s.Vm, Shares(s, most[i])))], history.Grid.Step.TotalSeconds);
        VmType[] vms = [.. cpu.Select((s, i) => new VmType(s.Vm, Math.Max(1, most[i] * mips(s)), RamOf(history, s.Vm)))];
        return new PlayableTrace(trace, ServerDataCentre.For(vms), clean.Report.Summary);
    }

    private static double Most(DemandSeries series)
    {
        double most = series.Capacity / Headroom ?? 0;
        foreach (float value in series.Values[series.First..])
            if (value > most)
                most = value;
        return most;
    }

    private static double[] Shares(DemandSeries series, double most)
    {
        double[] shares = new double[series.Length];
        if (most <= 0) return shares;
        for (int slot = series.First; slot < shares.Length; slot++) shares[slot] = Math.Min(1, series.Filled[slot] / most);
        return shares;
    }

    private static int RamOf(DemandHistory history, string vm)
    {
        if (history.Find(vm, Memory) is not { } series) return UnknownRamMiB;
        double mib = Math.Ceiling(Most(series) * Factor(history.Name, series.Dimension, MibByUnit));
        return mib <= MostRamMiB
            ? Math.Max(1, (int)mib)
            : throw InvalidInputException.Because($"{history.Name}: VM ({vm}) has {mib} MiB of memory, more than can be counted.", "the unit is another one.");
    }

    private static double Factor(string path, Dimension dimension, Dictionary<string, double> byUnit) =>
        byUnit.TryGetValue(dimension.Unit, out double factor) ? factor : throw InvalidInputException.Because(
            $"{path}: the unit of {dimension} is not known; expected {string.Join(", ", byUnit.Keys)}.", "it is written otherwise.");
}
