using ScottPlot;
using ScottPlot.Plottables;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>Gaps over the size of the problem.</summary>
internal static class GapPlot
{
    private const int MostSeries = 8;
    private const float MarkerSize = 9;
    private const double RoomPercent = 10;
    private const double LeastTop = 1;

    /// <summary>Whether any run has a gap and a size.</summary>
    public static bool HasData(IReadOnlyList<LedgerRow> rows) => rows.Any(IsShown);

    /// <summary>Draws the runs, in a colour per setting where there are few, else per time limit.</summary>
    public static Plot Draw(IReadOnlyList<LedgerRow> rows)
    {
        Plot plot = new();
        bool bySetting = rows.Select(r => r.Key.Setting).Distinct().Count() <= MostSeries;
        foreach (IGrouping<string, LedgerRow> series in rows.Where(IsShown).GroupBy(r => bySetting ? r.Key.Setting : $"{r.Key.Limit} s"))
        {
            Scatter points = plot.Add.ScatterPoints(
                [.. series.Select(r => LogScale.Of(r.Size!.Value, 1))], (double[])[.. series.Select(r => 100 * r.Gap!.Value)]);
            points.MarkerSize = MarkerSize;
            points.LegendText = series.Key;
        }

        LogScale.Label(plot.Axes.Bottom);
        plot.XLabel("hosts x VMs");
        plot.YLabel($"gap in per cent ({rows.Count(IsShown)} of {rows.Count} runs have one)");
        double top = 100 * rows.Where(IsShown).Max(r => r.Gap!.Value);
        plot.Axes.SetLimitsY(-RoomPercent * Math.Max(top, LeastTop) / 100, (100 + RoomPercent) * Math.Max(top, LeastTop) / 100);
        plot.ShowLegend(Alignment.UpperLeft);
        return plot;
    }

    private static bool IsShown(LedgerRow row) => row is { Gap: not null, Size: > 0 } && double.IsFinite(row.Gap.Value);
}
