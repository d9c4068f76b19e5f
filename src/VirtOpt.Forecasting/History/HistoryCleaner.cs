using System.Globalization;

namespace VirtOpt.Forecasting;

/// <summary>A cleaned history with the report of what was done.</summary>
/// <param name="History">The history.</param>
/// <param name="Report">What was done to it.</param>
public sealed record CleanedHistory(DemandHistory History, CleaningReport Report);

/// <summary>
/// Lays samples on a regular grid. The step is the usual distance of samples of most series; a slot with several samples gets their mean, a series with a
/// longer
/// distance holds each sample for it, everything else without a sample is a gap.
/// </summary>
public static class HistoryCleaner
{
    private const int MostSlots = 2_000_000;
    private const double SameInterval = 0.2;

    /// <summary>Cleans.</summary>
    /// <param name="name">Name of the history.</param>
    /// <param name="sources">The samples.</param>
    /// <exception cref="InvalidInputException">No series, no distance between samples, or times that span too much to be meant.</exception>
    public static CleanedHistory Clean(string name, IReadOnlyList<SampleSeries> sources)
    {
        if (sources.Count == 0) throw InvalidInputException.Because($"{name}: there is no VM in it.",
            "the folder, archive or file is empty or of another kind.");
        List<CleaningNote> notes = [];
        SampleRepairs[] repaired = [.. sources.Select(s => new SampleRepairs(s, notes).Run())];
        TimeGrid grid = GridOf(name, sources, repaired);
        DemandSeries[] series = [.. repaired.Select((r, i) => Lay(sources[i], r, grid, notes))];
        SuspiciousVms.Report(series, notes);
        return new CleanedHistory(new DemandHistory(name, grid, series), new CleaningReport(sources.Sum(s => (long)s.Values.Count), notes));
    }

    private static TimeGrid GridOf(string name, IReadOnlyList<SampleSeries> sources, SampleRepairs[] repaired)
    {
        double[] intervals = [.. repaired.Select(r => r.Interval).Where(d => d > 0).Order()];
        if (intervals.Length == 0)
            throw InvalidInputException.Because($"{name}: no VM has two samples at different times.",
                "the collection has just begun: forecast when there are some hours.");
        double step = Math.Max(1, Math.Round(intervals[(intervals.Length - 1) / 2]));
        double start = repaired.Min(r => r.Seconds[0]);
        int latest = Enumerable.Range(0, repaired.Length).MaxBy(i => repaired[i].Seconds[^1]);
        double slots = Math.Floor((repaired[latest].Seconds[^1] - start) / step) + 1;
        if (slots > MostSlots)
            throw InvalidInputException.Because(
                string.Create(CultureInfo.InvariantCulture,
                    $"{sources[latest].Where}: the samples reach {slots:0} steps of {step} s beyond the first of all; {MostSlots} are possible."),
                "a clock was wrong, or a time has a digit too many.");
        return new TimeGrid(DateTimeOffset.UnixEpoch.AddSeconds(start), TimeSpan.FromSeconds(step), (int)slots);
    }

    private static DemandSeries Lay(SampleSeries source, SampleRepairs repaired, TimeGrid grid, List<CleaningNote> notes)
    {
        double step = grid.Step.TotalSeconds;
        double start = (grid.Start - DateTimeOffset.UnixEpoch).TotalSeconds;
        double[] sums = new double[grid.Slots];
        int[] counts = new int[grid.Slots];
        bool isCoarse = repaired.Interval > step * (1 + SameInterval);
        int hold = isCoarse ? (int)Math.Round(repaired.Interval / step) : 1;
        for (int i = 0; i < repaired.Seconds.Length; i++)
        {
            if (double.IsNaN(repaired.Values[i])) continue;
            int slot = Math.Min(grid.Slots - 1, (int)Math.Floor((repaired.Seconds[i] - start) / step));
            for (int k = slot; k < Math.Min(grid.Slots, slot + hold); k++)
            {
                sums[k] += repaired.Values[i];
                counts[k]++;
            }
        }

        float[] values = [.. sums.Select((sum, slot) => counts[slot] == 0 ? float.NaN : (float)(sum / counts[slot]))];
        NoteGrid(source, repaired, step, isCoarse, values, notes);
        return new DemandSeries(source.Vm, source.Dimension, values, source.Capacity is > 0 ? source.Capacity * source.Tolerance : null);
    }

    private static void NoteGrid(SampleSeries source, SampleRepairs repaired, double step, bool isCoarse, float[] values, List<CleaningNote> notes)
    {
        string every = string.Create(CultureInfo.InvariantCulture, $"every {repaired.Interval:0} s");
        if (isCoarse) notes.Add(new CleaningNote("sampled more rarely than most: each sample held", source.Vm, source.Dimension.Name, values.Length, every));
        if (repaired.Interval > 0 && repaired.Interval < step * (1 - SameInterval))
            notes.Add(new CleaningNote("sampled more often than most: mean of a slot taken", source.Vm, source.Dimension.Name, values.Length, every));
        int first = Array.FindIndex(values, v => !float.IsNaN(v));
        int last = Array.FindLastIndex(values, v => !float.IsNaN(v));
        int gaps = first < 0 ? 0 : values.AsSpan(first, last - first).ToArray().Count(float.IsNaN);
        if (gaps > 0) notes.Add(new CleaningNote("slots without a sample", source.Vm, source.Dimension.Name, gaps));
        if (first > 0) notes.Add(new CleaningNote("begins after the first slot: a new VM", source.Vm, source.Dimension.Name, values.Length - first));
    }
}
