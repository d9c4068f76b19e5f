using Spectre.Console;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>
/// A bar for a suite on the terminal: which run is at hand, what it has reached, and how much of the time of all runs is over. Shows nothing where
/// no person reads along.
/// </summary>
internal sealed class SuiteProgress : ISuiteProgress
{
    private readonly ProgressTask? bar;
    private readonly int total;
    private double before;
    private int number;
    private PlannedRun? current;

    private SuiteProgress(ProgressTask? bar, int total) => (this.bar, this.total) = (bar, total);

    /// <summary>Does work on a plan under a bar.</summary>
    /// <param name="terminal">Where to show it, on the stream of errors.</param>
    /// <param name="plan">The runs.</param>
    /// <param name="isSilent">True to show nothing.</param>
    /// <param name="work">The work; is handed what it has to tell of its progress.</param>
    public static T Track<T>(Terminal terminal, IReadOnlyList<PlannedRun> plan, bool isSilent, Func<ISuiteProgress, T> work)
    {
        if (isSilent || !terminal.IsErrorTerminal || plan.Count == 0) return work(new SuiteProgress(null, plan.Count));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Error),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        });
        console.Profile.Width = terminal.Width;
        return console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => work(new SuiteProgress(context.AddTask("starting", maxValue: plan.Sum(run => run.Key.Limit)), plan.Count)));
    }

    /// <inheritdoc/>
    public void Begin(PlannedRun run)
    {
        (current, number) = (run, number + 1);
        Show("");
    }

    /// <inheritdoc/>
    public void End(PlannedRun run)
    {
        before += run.Key.Limit;
        if (bar is not null) bar.Value = before;
    }

    /// <inheritdoc/>
    public void Report(SolveProgress value)
    {
        if (bar is null || current is null) return;
        bar.Value = before + Math.Min(value.At.TotalSeconds, current.Key.Limit);
        if (value.Value is { } best) Show($": level {Screen.Level(value.Level)} at {Screen.Number(best)}");
    }

    private void Show(string state)
    {
        if (bar is not null && current is not null)
            bar.Description = Markup.Escape($"{number} of {total}  {current.Key.Problem}, {current.Key.Configuration}{state}");
    }
}
