using System.CommandLine;
using System.Globalization;

namespace VirtOpt.Cli.Plans;

/// <summary>The options that say what a plan is made for: a settings file, and what replaces parts of it.</summary>
internal sealed class PlanSettingsOptions
{
    private const int SecondsPerDay = 86_400;
    private readonly Option<string?> settings = new("--settings")
    {
        Description = "file with durations, limits and what is known of single VMs (src/VirtOpt.Core/Planning/README.md)",
        HelpName = "FILE",
    };

    private readonly Option<string?> window = new("--window")
    {
        Description = "time of the day in which all actions run; the plan begins when it opens",
        HelpName = "HH:MM-HH:MM",
    };

    private readonly Option<long?> perHost = Numbers.Whole(
        "--parallel-per-host", "N", "most migrations that a host takes part in at once [default: 2]", 1, PlanLimits.Most);
    private readonly Option<long?> inCluster = Numbers.Whole("--parallel", "N", "most migrations at once in the cluster", 1, PlanLimits.Most);
    private readonly Option<long?> deadline = Numbers.Whole(
        "--max-duration", "SECONDS", "take the migrations that are worth most of those that can end by then", 1, PlanLimits.Most);
    private readonly Option<double?> bandwidth = Numbers.Positive("--bandwidth", "MBITS", "bandwidth of one migration in Mbit/s [default: 5000]", 1e9);

    private readonly Option<string?> history = new("--history")
    {
        Description = "executed migrations (CSV or JSON) to fit bandwidth, overhead and dirty rate to",
        HelpName = "FILE",
    };

    private readonly Option<string?> breakCycles = new("--break-cycles")
    {
        Description = "where no hop helps VMs that block each other: suspend and resume, or cold (shut down and boot) [default: none]",
        HelpName = "HOW",
    };

    /// <summary>The fit to the history that was read last; null without one.</summary>
    public TransferFit? Fit { get; private set; }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Verb verb)
    {
        breakCycles.AcceptOnlyFromAmong("none", "suspend", "cold");
        window.Validators.Add(result =>
        {
            if (result.GetValue(window) is { } text && Length(text) is null) result.AddError(Refusal(text));
        });
        foreach (Option option in (Option[])[settings, window, perHost, inCluster, deadline, bandwidth, history, breakCycles]) verb.Options.Add(option);
        verb.Validators.Add(result =>
        {
            if (result.GetResult(history) is not null && result.GetResult(bandwidth) is not null)
                result.AddError("--history and --bandwidth exclude each other.\nMaybe the bandwidth is the one to be fitted: leave --bandwidth out.");
        });
    }

    /// <summary>The settings.</summary>
    /// <exception cref="InvalidInputException">The settings file cannot be read or makes no sense.</exception>
    public PlanSettings Read(ParseResult parsed, LoadedProblem loaded)
    {
        PlanSettings read = parsed.GetValue(settings) is { } file ? PlanSettingsJson.Read(file, loaded.Problem.Cluster) : loaded.PlanDefaults;
        PlanLimits limits = read.Limits;
        if (parsed.GetValue(perHost) is { } most) limits = limits with { PerHost = (int)most };
        if (parsed.GetValue(inCluster) is { } all) limits = limits with { InCluster = (int)all };
        if (parsed.GetValue(deadline) is { } end) limits = limits with { Deadline = end };
        if (parsed.GetValue(window) is { } text) limits = limits with { Windows = [new TimeWindow(0, Length(text)!.Value)] };
        TransferModel transfer = parsed.GetValue(bandwidth) is { } mbits ? read.Transfer with { Bandwidth = mbits } : read.Transfer;
        if (parsed.GetValue(history) is { } path) transfer = Fitted(path, transfer);
        CycleBreak how = parsed.GetValue(breakCycles) is { } word ? Enum.Parse<CycleBreak>(word, ignoreCase: true) : read.BreakCycles;
        return read with { Limits = limits, Transfer = transfer, BreakCycles = how };
    }

    private TransferModel Fitted(string path, TransferModel prior)
    {
        IReadOnlyList<ExecutedMigration> executed = MigrationHistory.Read(path);
        try
        {
            Fit = TransferCalibration.Fit(executed, prior);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{path}: {e.Message}", e);
        }

        return Fit.Model;
    }

    /// <summary>Seconds from the opening of a window to its end, over midnight if it ends before it begins; null if it is no window.</summary>
    private static long? Length(string text)
    {
        string[] ends = text.Split('-');
        if (ends.Length != 2 || Minute(ends[0]) is not { } from || Minute(ends[1]) is not { } to || from == to) return null;
        return ((to - from) + SecondsPerDay) % SecondsPerDay;
    }

    private static int? Minute(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
            ? (int)time.ToTimeSpan().TotalSeconds : null;

    private static string Refusal(string text) =>
        $"The value ({text}) of --window is not a stretch of a day such as 22:00-04:00.\nMaybe hours were written with one digit: 04:00.";
}
