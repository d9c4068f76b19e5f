using ScottPlot;
using ScottPlot.Plottables;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>The history of a VM and the fan of its forecast: a panel for each dimension is a file of its own, so one chart shows one dimension.</summary>
internal static class FanChart
{
    private const int Width = 1000;
    private const int Height = 480;
    private const int PastHorizons = 3;

    /// <summary>Draws a VM.</summary>
    /// <param name="path">The file.</param>
    /// <param name="history">The history.</param>
    /// <param name="forecast">The forecast.</param>
    /// <param name="vm">Name of the VM; null for the one with the highest P95.</param>
    /// <exception cref="InvalidInputException">There is no such VM, or the file cannot be written.</exception>
    public static void Write(string path, DemandHistory history, QuantileForecast forecast, string? vm)
    {
        SeriesForecast series = vm is null
            ? forecast.Series.MaxBy(s => ForecastView.Highest(s, QuantileLevels.IndexOf(0.95)))!
            : forecast.Series.FirstOrDefault(s => s.Vm == vm) ?? throw InvalidInputException.Because(
                $"There is no VM ({vm}) in the history.",
                $"one of these was meant: {string.Join(", ", forecast.Series.Select(s => s.Vm).Distinct().Take(8))}.");
        using Plot plot = new();
        DrawHistory(plot, history, history.Find(series.Vm, series.Dimension.Name)!, series.Slots * forecast.SlotLength * PastHorizons);
        DrawFan(plot, forecast, series);
        plot.Axes.DateTimeTicksBottom();
        plot.Title($"{series.Vm}: {series.Dimension.Name}, forecast by {series.Method}");
        plot.YLabel(series.Dimension.ToString());
        plot.XLabel("time (UTC)");
        plot.Axes.SetLimitsY(0, Math.Max(1e-3, plot.Axes.GetLimits().Top));
        plot.ShowLegend(Alignment.UpperLeft);
        PictureFile.Write(path, plot, Width, Height);
    }

    private static void DrawHistory(Plot plot, DemandHistory history, DemandSeries series, TimeSpan past)
    {
        int first = Math.Max(0, series.Length - (int)(past / history.Grid.Step));
        int[] slots = [.. Enumerable.Range(first, series.Length - first).Where(series.IsObserved)];
        if (slots.Length == 0) return;
        double[] times = [.. slots.Select(s => history.Grid.TimeOf(s).UtcDateTime.ToOADate())];
        double[] values = [.. slots.Select(s => (double)series.Values[s])];
        Scatter line = plot.Add.ScatterLine(times, values, Colors.Black);
        line.LegendText = "history";
    }

    private static void DrawFan(Plot plot, QuantileForecast forecast, SeriesForecast series)
    {
        double[] times = [.. Enumerable.Range(0, series.Slots).Select(s => (forecast.Origin + ((s + 0.5) * forecast.SlotLength)).UtcDateTime.ToOADate())];
        double[] Of(int quantile) => [.. Enumerable.Range(0, series.Slots).Select(s => (double)series[s, quantile])];
        for (int q = QuantileLevels.Count - 1; q >= 1; q--)
        {
            FillY fill = plot.Add.FillY(times, Of(q - 1), Of(q));
            fill.FillColor = Colors.Blue.WithAlpha(0.5 - (0.12 * q));
            fill.LineWidth = 0;
            fill.LegendText = $"{QuantileLevels.NameOf(q - 1)} to {QuantileLevels.NameOf(q)}".ToUpperInvariant();
        }

        Scatter middle = plot.Add.ScatterLine(times, Of(0), Colors.Blue);
        middle.LineWidth = 2;
        middle.LegendText = "P50";
    }
}
