using ScottPlot;
using ScottPlot.Plottables;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>How the objective of one problem fell over time, run by run.</summary>
internal static class CostPlot
{
    /// <summary>What happens before this is drawn here: the axis of time is logarithmic.</summary>
    private const double LeastSeconds = 0.01;

    /// <summary>Costs that fall by more than this factor are drawn on a logarithmic axis.</summary>
    private const double WideRange = 20;

    /// <summary>Draws the runs of one problem, their best bound and the peer's value.</summary>
    public static Plot Draw(IReadOnlyList<LedgerRow> runs, Func<RunKey, IReadOnlyList<CurvePoint>> curveOf)
    {
        Plot plot = new();
        double[] values = [.. runs.SelectMany(r => curveOf(r.Key)).Select(p => p.Value)];
        bool isWide = values.Min() > 0 && values.Max() > WideRange * values.Min();
        double Y(double value) => isWide ? LogScale.Of(value, 1) : value;
        foreach (LedgerRow run in runs) AddRun(plot, run, curveOf(run.Key), ProfileSource.NameOf(run.Key, runs), Y);
        if (!isWide && runs.Max(r => r.Bound) is { } bound) AddLevel(plot, Y(bound), "best bound", LinePattern.Dashed);
        foreach (LedgerRow row in runs.DistinctBy(r => r.Peer).Where(r => r.PeerObjective is not null))
            AddLevel(plot, Y(row.PeerObjective!.Value), row.Peer, LinePattern.Dotted);
        LogScale.Label(plot.Axes.Bottom);
        if (isWide) LogScale.Label(plot.Axes.Left);
        plot.XLabel("seconds");
        plot.YLabel("objective");
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }

    private static void AddRun(Plot plot, LedgerRow run, IReadOnlyList<CurvePoint> curve, string name, Func<double, double> y)
    {
        double end = Math.Max(curve[^1].Seconds, Math.Min(run.Wall ?? run.Key.Limit, run.Key.Limit));
        (double Seconds, double Value)[] points = [.. curve.Select(p => (p.Seconds, p.Value)), (end, curve[^1].Value)];
        Scatter line = plot.Add.Scatter(
            [.. points.Select(p => LogScale.Of(p.Seconds, LeastSeconds))], (double[])[.. points.Select(p => y(p.Value))]);
        line.ConnectStyle = ConnectStyle.StepHorizontal;
        line.LineWidth = 2;
        line.LegendText = name;
    }

    private static void AddLevel(Plot plot, double value, string name, LinePattern pattern)
    {
        HorizontalLine line = plot.Add.HorizontalLine(value, 1, Colors.Black, pattern);
        line.LegendText = name;
    }
}
