using System.CommandLine;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Plans;

/// <summary>The options that name files for charts of a plan.</summary>
internal sealed class PlanChartOptions
{
    private readonly Option<string?> gantt = Picture("--gantt", "the plan over time");
    private readonly Option<string?> curve = Picture("--curve", "moves against gain");
    private readonly Option<string?> loads = Picture("--load-chart", "the load of hosts over time, those with the highest peaks");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Verb verb)
    {
        foreach (Option<string?> option in (Option<string?>[])[gantt, curve, loads]) verb.Options.Add(option);
    }

    /// <summary>Refuses files that cannot be written, before the work for them begins.</summary>
    /// <exception cref="InvalidInputException">One cannot be.</exception>
    public void Check(ParseResult parsed, IReadOnlyList<string> inputs)
    {
        foreach (Option<string?> option in (Option<string?>[])[gantt, curve, loads])
            if (parsed.GetValue(option) is { } path)
            {
                OutputFile.Check(path, inputs);
                PictureFile.CheckName(path);
            }
    }

    /// <summary>Draws what was asked for.</summary>
    public void Write(ParseResult parsed, PlacementProblem problem, TimedPlan plan)
    {
        if (parsed.GetValue(gantt) is { } chart) GanttChart.Write(chart, problem.Cluster, plan);
        if (parsed.GetValue(curve) is { } gain) GainChart.Write(gain, problem.Cluster, plan);
        if (parsed.GetValue(loads) is { } load) LoadChart.Write(load, problem, plan);
    }

    private static Option<string?> Picture(string name, string what) =>
        new(name) { Description = $"file for a chart of {what} (.svg or .png)", HelpName = "FILE" };
}
