using Spectre.Console;
using VirtOpt.Cli.Executing;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Rebalancing;

/// <summary>The report of a rebalance on the screen.</summary>
internal static class RebalanceView
{
    /// <summary>Writes it.</summary>
    public static void Write(Terminal terminal, RebalanceReport report, RunFolder folder)
    {
        IAnsiConsole console = Screen.Of(terminal);
        if (report.Execution is null)
        {
            console.WriteLine($"There is no placement to go to. {report.Solution.Conflict?.Message ?? "None was found in time."}");
            return;
        }

        ClusterSnapshot cluster = report.Problem.Cluster;
        foreach (Explaining.MoveReason reason in report.Reasons)
            console.WriteLine($"{cluster[reason.Vm].Name}: {cluster[reason.From.Host].Name} to {cluster[reason.To.Host].Name}, {reason.Text}");
        ExecutionView.Write(terminal, report.Execution, report.IsRehearsal);
        if (report.Back is { } back)
        {
            console.Heading("The way back");
            ExecutionView.Write(terminal, back, isRehearsal: false);
        }

        Table table = Screen.NumberTable(2, "host", "load", "before", "promised", "after");
        foreach (HostLoad load in report.Loads())
            table.AddRow(load.Host, load.Dimension, Share(load, load.Before), Share(load, load.Promised), load.After is { } after ? Share(load, after) : "");
        console.Write(table);
        foreach (UnreachedVm vm in report.Plan!.Unreached) console.WriteLine($"{cluster[vm.Vm].Name} stays: {vm.Reason}");
        foreach (string stray in report.Strayed) console.WriteLine($"Not as planned: {stray}.");
        console.WriteLine($"Report: {folder.ReportPage}");
    }

    /// <summary>A load in per cent of what is usable.</summary>
    public static string Share(HostLoad load, long amount) =>
        load.Usable == 0 ? "-" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100.0 * amount / load.Usable:0.0} %");
}
