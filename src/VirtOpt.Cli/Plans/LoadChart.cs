using ScottPlot;
using ScottPlot.Plottables;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Plans;

/// <summary>The load of hosts over the time of a plan: those with the highest peaks, each in the dimension that is fullest.</summary>
internal static class LoadChart
{
    private const int Width = 1100;
    private const int Height = 620;
    private const int MostHosts = 10;

    /// <summary>Draws the loads of a plan.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string path, PlacementProblem problem, TimedPlan plan)
    {
        using Plot plot = new();
        double end = Math.Max(1, plan.Makespan);
        IReadOnlyList<HostLoadSeries> series = HostLoads.Of(problem, plan, MostHosts);
        foreach (HostLoadSeries host in series)
        {
            Scatter line = plot.Add.Scatter(
                [.. host.Points.Select(p => (double)p.Second), end], (double[])[.. host.Points.Select(p => 100 * p.Share), 100 * host.Points[^1].Share]);
            line.ConnectStyle = ConnectStyle.StepHorizontal;
            line.LineWidth = 2;
            line.MarkerSize = 0;
            line.LegendText = $"{problem.Cluster[host.Host].Name}, {problem.Cluster.Dimensions[host.Dimension].Name}";
        }

        HorizontalLine full = plot.Add.HorizontalLine(100, 1, Colors.Black, LinePattern.Dashed);
        full.LegendText = "usable";
        plot.Title($"{problem.Cluster.Name}: load of the {Screen.Count(series.Count, "host")} with the highest peaks");
        plot.XLabel("seconds from the begin of the plan");
        plot.YLabel("per cent of what is usable; moving VMs count at both ends");
        plot.Axes.SetLimits(0, end, 0, 105 * Math.Max(1, series.Select(s => s.Peak).DefaultIfEmpty(0).Max()));
        plot.ShowLegend(Edge.Right);
        PictureFile.Write(path, plot, Width, Height);
    }
}
