using ScottPlot;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Plans;

/// <summary>A plan over time: a bar per action from begin to end, in the order of the plan, in a colour per kind.</summary>
internal static class GanttChart
{
    private const int Width = 1100;
    private const int PixelsPerAction = 6;
    private const int LeastHeight = 360;
    private const int MostHeight = 4000;
    private const double HalfBar = 0.4;

    /// <summary>Draws a plan into a file, SVG or PNG by its ending.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string path, ClusterSnapshot cluster, TimedPlan plan)
    {
        using Plot plot = new();
        int kinds = 0;
        foreach (IGrouping<string, (PlannedAction Action, int Row)> kind in plan.Actions.Select((a, i) => (Action: a, Row: i)).GroupBy(a => Name(a.Action)))
        {
            Color colour = plot.Add.Palette.GetColor(kinds++);
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = kind.Key, FillColor = colour });
            foreach ((PlannedAction action, int row) in kind) Bar(plot, action, row, colour);
        }

        plot.Title($"{cluster.Name}: {Screen.Count(plan.Actions.Count, "action")} in {Screen.Number(plan.Makespan)} s");
        plot.XLabel("seconds from the begin of the plan");
        plot.YLabel("actions, by begin");
        plot.Axes.SetLimits(0, Math.Max(1, plan.Makespan), Math.Max(1, plan.Actions.Count) - HalfBar, -1 + HalfBar);
        plot.ShowLegend(Alignment.LowerLeft);
        PictureFile.Write(path, plot, Width, Math.Clamp(plan.Actions.Count * PixelsPerAction, LeastHeight, MostHeight));
    }

    private static void Bar(Plot plot, PlannedAction action, int row, Color colour)
    {
        ScottPlot.Plottables.Rectangle bar = plot.Add.Rectangle(action.Start, Math.Max(action.End, action.Start + HalfBar), row - HalfBar, row + HalfBar);
        bar.FillColor = colour;
        bar.LineWidth = 0;
    }

    private static string Name(PlannedAction action) => action.Kind.Word() + (action.IsHop ? " (hop)" : "");
}
