using System.Globalization;
using Spectre.Console;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>A back-test for a person: a table for each dimension and horizon, then the classes of VMs.</summary>
internal static class BacktestView
{
    private const int High = 2;

    /// <summary>Writes it.</summary>
    public static void Show(Terminal terminal, DemandHistory history, BacktestSettings settings, IReadOnlyList<BacktestRow> rows)
    {
        terminal.Out.WriteLine(
            $"{history.Name}: learnt from {Screen.Number(settings.TrainSlots)} slots, tested on {Screen.Number(history.Grid.Slots - settings.TrainSlots)}.");
        IAnsiConsole console = Screen.Of(terminal);
        foreach (IGrouping<(Dimension Dimension, int Lead), BacktestRow> part in rows.GroupBy(r => (r.Dimension, r.Lead)))
        {
            string ahead = string.Create(CultureInfo.InvariantCulture, $"{(part.Key.Lead * history.Grid.Step).TotalHours:0.##} h");
            console.Heading($"{part.Key.Dimension}, {ahead} ahead");
            BacktestRow[] all = [.. part.Where(r => r.VmClass is null)];
            console.Write(Overall(all));
            terminal.Out.WriteLine("MASE by class of VM:");
            console.Write(ByClass([.. part]));
        }
    }

    private static Table Overall(BacktestRow[] rows)
    {
        Table table = Screen.NumberTable(
            1, "forecaster", "MASE", "median", "WAPE", "bias", "pinball P95", "covers P90", "P95", "P99", "VMs ok", "unused", "worse");
        foreach (BacktestRow row in rows.OrderBy(r => r.Mase))
            table.AddRow(
                row.Forecaster, Text(row.Mase), Text(row.MedianMase), Text(row.Wape), Text(row.Bias), Text(row.Pinball[High]), Text(row.Coverage[1]),
                Text(row.Coverage[High]), Text(row.Coverage[3]), Share(row.CoveredSeries), Share(row.OverProvisioning), row.Worse is { } worse
                    ? Share(worse) : "");
        return table;
    }

    private static Table ByClass(BacktestRow[] rows)
    {
        VmClass[] classes = [.. rows.Where(r => r.VmClass is not null).Select(r => r.VmClass!.Value).Distinct().Order()];
        string[] headings = [.. classes.Select(c => $"{BacktestJson.Name(c)} ({rows.First(r => r.VmClass == c).Series})")];
        Table table = Screen.NumberTable(1, ["forecaster", .. headings]);
        foreach (BacktestRow row in rows.Where(r => r.VmClass is null).OrderBy(r => r.Mase))
            table.AddRow([row.Forecaster, .. classes.Select(c => rows.FirstOrDefault(r => r.VmClass == c
                && r.Forecaster == row.Forecaster)).Select(r => r is null ? "" : Text(r.Mase))]);
        return table;
    }

    private static string Text(double value) => double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : "";

    private static string Share(double value) => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0} %");
}
