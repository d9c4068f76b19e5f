namespace VirtOpt.Forecasting;

/// <summary>Notes on VMs that may be one and the same: copies, and names that end where another begins. They are told, not changed.</summary>
internal static class SuspiciousVms
{
    private const int MostPause = 3;

    public static void Report(IReadOnlyList<DemandSeries> series, List<CleaningNote> notes)
    {
        Dictionary<(string, int), DemandSeries> seen = [];
        foreach (DemandSeries one in series)
        {
            if (IsConstant(one)) continue;
            HashCode hash = new();
            foreach (float value in one.Values) hash.Add(value);
            (string, int) key = (one.Dimension.Name, hash.ToHashCode());
            if (seen.TryGetValue(key, out DemandSeries? other) && one.Values.SequenceEqual(other.Values))
                notes.Add(new CleaningNote("same samples as another VM: kept, a copy perhaps", one.Vm, one.Dimension.Name, one.Length, $"as VM {other.Vm}"));
            seen.TryAdd(key, one);
        }

        foreach (IGrouping<string, DemandSeries> dimension in series.GroupBy(s => s.Dimension.Name)) ReportRenamed([.. dimension], notes);
    }

    private static void ReportRenamed(DemandSeries[] series, List<CleaningNote> notes)
    {
        ILookup<int, DemandSeries> begins = series.Where(s => s.First > 0 && s.First < s.Length).ToLookup(s => s.First);
        foreach (DemandSeries one in series)
        {
            int end = one.Length;
            while (end > 0 && !one.IsObserved(end - 1)) end--;
            if (end == 0 || end >= one.Length - MostPause) continue;
            for (int slot = end; slot <= end + MostPause; slot++)
                foreach (DemandSeries next in begins[slot])
                    if (next.Capacity == one.Capacity)
                        notes.Add(new CleaningNote("ends where another VM begins: kept, renamed perhaps", one.Vm, one.Dimension.Name, end,
                            $"VM {next.Vm} begins"));
        }
    }

    private static bool IsConstant(DemandSeries series)
    {
        float first = series.First < series.Length ? series.Values[series.First] : 0;
        foreach (float value in series.Values)
            if (!float.IsNaN(value) && value != first)
                return false;
        return true;
    }
}
