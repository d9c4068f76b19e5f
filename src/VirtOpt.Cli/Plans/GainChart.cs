using ScottPlot;
using ScottPlot.Plottables;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Plans;

/// <summary>Moves against gain: a step for each stop, and the twentieth of the moves that comes first.</summary>
internal static class GainChart
{
    private const int Width = 900;
    private const int Height = 560;

    /// <summary>Draws the curve of a plan.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string path, ClusterSnapshot cluster, TimedPlan plan)
    {
        using Plot plot = new();
        PlanCurve curve = plan.Curve ?? new PlanCurve(null, []);
        double[] gains = [.. curve.Stops.Select(s => 100 * (s.Gain ?? 0))];
        Scatter line = plot.Add.Scatter([.. curve.Stops.Select(s => (double)s.Moves)], gains);
        line.ConnectStyle = ConnectStyle.StepHorizontal;
        line.LineWidth = 2;
        line.MarkerSize = 3;
        if (CurveView.First(curve) is { Gain: { } gain } first)
        {
            VerticalLine mark = plot.Add.VerticalLine(first.Moves, 1, Colors.Black, LinePattern.Dashed);
            mark.LegendText = $"{Screen.Count(first.Moves, "move")}: {100 * gain:0} % of the gain";
            plot.ShowLegend(Alignment.LowerRight);
        }

        plot.Title($"{cluster.Name}: what the first moves bring");
        plot.XLabel("migrations, those that bring most first");
        plot.YLabel(curve.GainLevel is { } level ? $"per cent of the gain (level of the objective: {Screen.Level(level)})" : "the plan makes no level smaller");
        int moves = curve.Stops.Count == 0 ? 0 : curve.Stops[^1].Moves;
        plot.Axes.SetLimits(0, Math.Max(1, moves), Math.Min(0, gains.Append(0).Min()), 1.05 * gains.Append(100).Max());
        PictureFile.Write(path, plot, Width, Height);
    }
}
