using System.Globalization;
using Spectre.Console;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>A forecast for a person: the VMs that will use most.</summary>
internal static class ForecastView
{
    private const int MostRows = 15;
    private const int High = 2;

    /// <summary>Writes it.</summary>
    public static void Show(Terminal terminal, DemandHistory history, QuantileForecast forecast, string method)
    {
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{history.Name}: {Screen.Number(forecast.Series.Count)} series forecast by {method} from {forecast.Origin:yyyy-MM-dd HH:mm} UTC on, "
            + $"{Screen.Count(forecast.Series[0].Slots, "slot")} of {forecast.SlotLength.TotalMinutes:0.##} minutes."));
        foreach (IGrouping<Dimension, SeriesForecast> dimension in forecast.Series.GroupBy(s => s.Dimension))
        {
            Table table = Screen.NumberTable(2, "VM", "method", "mean P50", "highest P50", "highest P95", "highest P99");
            foreach (SeriesForecast series in dimension.OrderByDescending(s => Highest(s, High)).Take(MostRows))
                table.AddRow(series.Vm, series.Method, Text(Mean(series)), Text(Highest(series, 0)), Text(Highest(series, High)), Text(Highest(series,
                    High + 1)));
            terminal.Out.WriteLine($"{dimension.Key}, the {Math.Min(MostRows, dimension.Count())} highest:");
            Screen.Of(terminal).Write(table);
        }
    }

    /// <summary>What is to be said about level shifts, at least one.</summary>
    public static string Sentence(IReadOnlyList<LevelShift> shifts, DemandHistory history)
    {
        LevelShift latest = shifts.MaxBy(s => s.Slot)!;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"level shifts: {shifts.Select(s => (s.Vm, s.Dimension)).Distinct().Count()} series, {shifts.Count} times; the latest: VM {latest.Vm}, "
            + $"{latest.Dimension.Name}, {history.Grid.TimeOf(latest.Slot):yyyy-MM-dd HH:mm} UTC, from {latest.Before:0.##} to {latest.After:0.##}");
    }

    /// <summary>The highest value of a quantile over the horizon.</summary>
    internal static float Highest(SeriesForecast series, int quantile) => Enumerable.Range(0, series.Slots).Max(slot => series[slot, quantile]);

    private static float Mean(SeriesForecast series) => Enumerable.Range(0, series.Slots).Average(slot => series[slot, 0]);

    private static string Text(float value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
