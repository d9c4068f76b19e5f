using ScottPlot;
using ScottPlot.Plottables;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>MASE against the coverage of P95, a mark for each forecaster and horizon of the first dimension: down is exact, the dashed line is
/// honest.</summary>
internal static class BacktestChart
{
    private const int Width = 1000;
    private const int Height = 640;
    private const double Nominal = 0.95;

    /// <summary>Draws it.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string path, DemandHistory history, IReadOnlyList<BacktestRow> rows)
    {
        using Plot plot = new();
        BacktestRow[] shown = [.. rows.Where(r => r.VmClass is null && r.Dimension == rows[0].Dimension && double.IsFinite(r.Mase))];
        foreach (IGrouping<int, BacktestRow> lead in shown.GroupBy(r => r.Lead))
        {
            Scatter points = plot.Add.ScatterPoints(lead.Select(r => r.Coverage[2]).ToArray(), lead.Select(r => r.Mase).ToArray());
            points.MarkerSize = 9;
            points.LegendText = FormattableString.Invariant($"{(lead.Key * history.Grid.Step).TotalHours:0.##} h ahead");
            foreach (BacktestRow row in lead)
            {
                Text label = plot.Add.Text(row.Forecaster, row.Coverage[2], row.Mase);
                label.LabelFontSize = 10;
                label.LabelFontColor = points.Color;
            }
        }

        VerticalLine line = plot.Add.VerticalLine(Nominal, 1, Colors.Black, LinePattern.Dashed);
        line.LegendText = "as promised";
        plot.Title($"{history.Name}: {rows[0].Dimension.Name}");
        plot.XLabel("share of demand within P95");
        plot.YLabel("MASE (mean over VMs)");
        plot.ShowLegend(Alignment.UpperLeft);
        PictureFile.Write(path, plot, Width, Height);
    }
}
