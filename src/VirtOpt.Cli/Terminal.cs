namespace VirtOpt.Cli;

/// <summary>What a command runs in: where it writes, what may be shown there, the clock, and how it is told to stop.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors, notes and progress.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error)
{
    /// <summary>True if a person reads the results as they are written: colours are welcome.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>True if a person reads the errors as they are written: progress is welcome.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Characters in a line.</summary>
    public int Width { get; init; } = 120;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>True to show stack traces of internal errors.</summary>
    public bool IsDebugging { get; init; }

    /// <summary>Ends a command early, with what it has.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The terminal that the process runs in.</summary>
    /// <param name="cancellation">Ends a command early.</param>
    public static Terminal OfProcess(CancellationToken cancellation) => new(Console.Out, Console.Error)
    {
        IsOutTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        Width = Console.IsOutputRedirected ? 120 : Math.Max(60, Console.WindowWidth),
        IsDebugging = Environment.GetEnvironmentVariable("VIRTOPT_DEBUG") == "1",
        Cancellation = cancellation,
    };
}
