namespace VirtOpt.Cli.Rendering;

/// <summary>
/// One line on the terminal that is written over and over: time, phase, incumbent, bound and gap. Shows nothing where no person reads along.
/// </summary>
internal sealed class ProgressDisplay : IProgress<SolveProgress>, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private readonly Terminal terminal;
    private readonly long started;
    private readonly ITimer? timer;
    private readonly Lock gate = new();
    private SolveProgress? latest;
    private bool isClosed;

    /// <summary>Starts the display.</summary>
    public ProgressDisplay(Terminal terminal)
    {
        this.terminal = terminal;
        started = terminal.Clock.GetTimestamp();
        if (terminal.IsErrorTerminal) timer = terminal.Clock.CreateTimer(_ => Draw(), null, Tick, Tick);
    }

    /// <inheritdoc/>
    public void Report(SolveProgress value)
    {
        lock (gate) latest = value;
    }

    /// <summary>Wipes the line.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isClosed) return;
            isClosed = true;
            timer?.Dispose();
            if (terminal.IsErrorTerminal) terminal.Error.Write("\r\e[K");
        }
    }

    private void Draw()
    {
        lock (gate)
        {
            if (isClosed) return;
            string line = Line();
            terminal.Error.Write($"\r\e[K{(line.Length < terminal.Width ? line : line[..(terminal.Width - 1)])}");
            terminal.Error.Flush();
        }
    }

    private string Line()
    {
        string time = Screen.Seconds(TimeSpan.FromSeconds(Math.Round(terminal.Clock.GetElapsedTime(started).TotalSeconds, 1)));
        if (latest is not { } progress) return $"{time}  starting";
        string value = progress.Value is { } v ? Screen.Number(v) : "none yet";
        double? gap = progress is { Value: { } best and not 0, Bound: { } bound } ? Math.Max(0, (best - bound) / Math.Abs((double)best)) : null;
        return $"{time}  {progress.Phase}  level {Screen.Level(progress.Level)}: best {value}, bound {Screen.Number(progress.Bound)}, "
            + $"gap {Screen.Gap(gap)}  (Ctrl-C keeps the best)";
    }
}
