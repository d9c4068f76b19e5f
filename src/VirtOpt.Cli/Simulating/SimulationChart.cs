using ScottPlot;
using ScottPlot.Plottables;
using VirtOpt.Cli.Benchmarking;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Simulating;

/// <summary>
/// Energy against violations against migrations: a line for each kind of policy, and a marker with the number of its migrations for each run.
/// </summary>
internal static class SimulationChart
{
    private const int Width = 900;
    private const int Height = 560;
    private const double LeastSlavPercent = 1e-7; // what is below is drawn here: the axis is logarithmic
    private const float MarkerSize = 8;
    private const float MostMarkerSize = 22;

    /// <summary>Draws the runs: markers grow with the root of the migrations, whose number stands beside each.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string path, string trace, IReadOnlyList<PolicyRun> runs)
    {
        using Plot plot = new();
        double most = Math.Max(1, runs.Max(r => r.Result.Migrations));
        foreach (IGrouping<string, PolicyRun> policy in runs.GroupBy(r => r.Policy.Split(':')[0]))
        {
            PolicyRun[] inOrder = [.. policy.OrderBy(r => r.Result.EnergyKwh)];
            Scatter line = plot.Add.Scatter((double[])[.. inOrder.Select(r => r.TimesFloor)], [.. inOrder.Select(Slav)]);
            line.LegendText = policy.Key;
            line.MarkerSize = 0;
            line.LineWidth = 2;
            foreach (PolicyRun run in inOrder) AddMarker(plot, run, line.Color, most);
        }

        LogScale.Label(plot.Axes.Left);
        plot.Title($"{trace}: energy, violations and migrations");
        plot.XLabel("energy as a multiple of the floor");
        plot.YLabel("SLAV in per cent");
        plot.Axes.Margins(0.15, 0.15);
        plot.ShowLegend(Alignment.UpperLeft);
        PictureFile.Write(path, plot, Width, Height);
    }

    private static void AddMarker(Plot plot, PolicyRun run, Color colour, double most)
    {
        float size = MarkerSize + ((MostMarkerSize - MarkerSize) * (float)Math.Sqrt(run.Result.Migrations / most));
        plot.Add.Marker(run.TimesFloor, Slav(run), MarkerShape.FilledCircle, size, colour);
        Text number = plot.Add.Text(Screen.Number(run.Result.Migrations), run.TimesFloor, Slav(run));
        number.OffsetX = size;
        number.LabelFontSize = 11;
    }

    private static double Slav(PolicyRun run) => LogScale.Of(run.Result.Slav * 100, LeastSlavPercent);
}
