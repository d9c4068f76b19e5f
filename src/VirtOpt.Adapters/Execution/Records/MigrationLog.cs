using System.Globalization;

namespace VirtOpt;

/// <summary>
/// Migrations that were carried out, as a file that <see cref="MigrationHistory"/> reads: each run adds its own, and later ones estimate by them how long a
/// migration takes.
/// </summary>
/// <param name="path">The file (CSV); made by the first run.</param>
public sealed class MigrationLog(string path)
{
    private const string Header = "vm,begin,memory,seconds,moved,downtime,dirty,mode";

    /// <summary>Adds the live migrations of a report that succeeded at the first attempt: others tell of faults, not of the hosts.</summary>
    /// <param name="report">What became of a plan.</param>
    /// <param name="begin">When it began.</param>
    /// <param name="mode">How VMs were moved.</param>
    /// <returns>How many were added.</returns>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public int Add(ExecutionReport report, DateTimeOffset begin, TransferMode mode)
    {
        string[] lines =
        [
            .. report.Steps.Where(s => s is { Outcome: StepOutcome.Done, Attempts: 1, Action.Kind: ActionKind.Migrate, Seconds: > 0, Result.MemoryMiB: > 0 })
                .Select(s => Line(s, s.Result!, begin, mode)),
        ];
        if (lines.Length == 0) return 0;
        try
        {
            if (!File.Exists(path)) File.WriteAllText(path, Header + "\n");
            File.AppendAllText(path, string.Concat(lines.Select(l => l + "\n")));
            return lines.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: the history of migrations cannot be written: {e.Message}\nMaybe the disk is full.", e);
        }
    }

    /// <summary>The transfer model that fits what was carried out so far; the one that is given while too little is known, or if it fits none.</summary>
    /// <param name="prior">The model before.</param>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public TransferModel Fitted(TransferModel prior)
    {
        IReadOnlyList<ExecutedMigration> known = Known();
        if (known.Count(m => m.Mode != TransferMode.Cold) < TransferCalibration.Fewest) return prior;
        try
        {
            return TransferCalibration.Fit(known, prior).Model;
        }
        catch (InvalidInputException)
        {
            return prior; // durations that do not grow with what was moved: no reason not to plan
        }
    }

    /// <summary>How fast VMs wrote to their memory during their last migration, in MiB/s, by name, where that was measured.</summary>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public IReadOnlyDictionary<string, double> DirtyRates()
    {
        Dictionary<string, double> rates = new(StringComparer.Ordinal);
        foreach (ExecutedMigration migration in Known())
            if (migration is { Vm.Length: > 0, DirtyRate: { } rate }) rates[migration.Vm] = rate;
        return rates;
    }

    private IReadOnlyList<ExecutedMigration> Known() => File.Exists(path) ? MigrationHistory.Read(path) : [];

    private static string Line(StepReport step, ActionResult result, DateTimeOffset begin, TransferMode mode)
    {
        // A downtime that is longer than the whole is that of a clock which jumped.
        double? downtime = result.DowntimeMilliseconds / 1000.0 is { } seconds && seconds <= step.Seconds ? seconds : null;
        FormattableString[] cells =
        [
            $"{Quoted(step.Action.Vm)}", $"{Journal.Time(begin)}", $"{result.MemoryMiB}", $"{step.Seconds:0.###}", $"{result.TransferredMiB}",
            $"{downtime:0.###}", $"{result.DirtyRate}", $"{mode.ToString().ToLowerInvariant()}",
        ];
        return string.Join(',', cells.Select(c => c.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny("\",\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
