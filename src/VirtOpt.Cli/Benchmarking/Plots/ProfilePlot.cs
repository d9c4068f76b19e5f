using ScottPlot;
using ScottPlot.Plottables;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>Performance profiles of a ledger's solvers.</summary>
internal static class ProfilePlot
{
    /// <summary>Distances below this, in per cent, are drawn here: the axis is logarithmic.</summary>
    private const double LeastPercent = 0.001;
    private const double RoomAtTheEnd = 2;

    /// <summary>Whether there is something to compare.</summary>
    public static bool HasData(IReadOnlyList<LedgerRow> rows) => ProfileSource.Of(rows).Select(v => v.Solver).Distinct().Skip(1).Any();

    /// <summary>Draws one line per solver.</summary>
    public static Plot Draw(IReadOnlyList<LedgerRow> rows)
    {
        Plot plot = new();
        IReadOnlyList<PerformanceProfile> profiles = PerformanceProfile.Of(ProfileSource.Of(rows));
        double end = RoomAtTheEnd * profiles.SelectMany(p => p.Steps).Select(s => 100 * (s.Ratio - 1)).DefaultIfEmpty().Max();
        foreach (PerformanceProfile profile in profiles) AddLine(plot, profile, Math.Max(end, 10 * LeastPercent));
        LogScale.Label(plot.Axes.Bottom);
        plot.XLabel($"per cent above the best value reached (left edge: within {LogScale.TextOf(LeastPercent)} %)");
        plot.YLabel("share of problems");
        plot.Axes.SetLimitsY(0, 1.02);
        plot.ShowLegend(Alignment.LowerRight);
        return plot;
    }

    private static void AddLine(Plot plot, PerformanceProfile profile, double end)
    {
        List<(double Percent, double Share)> points = [(LeastPercent, 0)];
        foreach (ProfileStep step in profile.Steps) points.Add((100 * (step.Ratio - 1), step.Share));
        points.Add((end, points[^1].Share));
        Scatter line = plot.Add.ScatterLine([.. points.Select(p => LogScale.Of(p.Percent, LeastPercent))], (double[])[.. points.Select(p => p.Share)]);
        line.ConnectStyle = ConnectStyle.StepHorizontal;
        line.LineWidth = 2;
        line.LegendText = $"{profile.Solver} ({Screen.Count(profile.Problems, "problem")})";
    }
}
