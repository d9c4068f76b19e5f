using System.Globalization;

namespace VirtOpt;

/// <summary>
/// Migrations that were carried out, as a file that <see cref="MigrationHistory"/> reads: each run adds its own, and later ones estimate by them how long a
/// migration takes.
/// </summary>
/// <param name="path">The file (CSV); made by the first run.</param>
public sealed class MigrationLog(string path)
{
    private const string Header = "vm,begin,memory,seconds,moved,downtime,mode";

    /// <summary>Adds the live migrations of a report that succeeded at the first attempt: others tell of faults, not of the hosts.</summary>
    /// <param name="report">What became of a plan.</param>
    /// <param name="begin">When it began.</param>
    /// <param name="memoryOf">Memory of a VM by its name, in MiB; null if unknown.</param>
    /// <param name="mode">How VMs were moved.</param>
    /// <returns>How many were added.</returns>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public int Add(ExecutionReport report, DateTimeOffset begin, Func<string, long?> memoryOf, TransferMode mode)
    {
        string[] lines =
        [
            .. report.Steps.Where(s => s is { Outcome: StepOutcome.Done, Attempts: 1, Action.Kind: ActionKind.Migrate, Seconds: > 0 })
                .Select(s => (Step: s, Memory: memoryOf(s.Action.Vm))).Where(s => s.Memory > 0).Select(s => Line(s.Step, s.Memory!.Value, begin, mode)),
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

    /// <summary>The transfer model that fits what was carried out so far; the one that is given while too little is known.</summary>
    /// <param name="prior">The model before.</param>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public TransferModel Fitted(TransferModel prior)
    {
        if (!File.Exists(path)) return prior;
        IReadOnlyList<ExecutedMigration> known = MigrationHistory.Read(path);
        return known.Count(m => m.Mode != TransferMode.Cold) < TransferCalibration.Fewest ? prior : TransferCalibration.Fit(known, prior).Model;
    }

    private static string Line(StepReport step, long memory, DateTimeOffset begin, TransferMode mode)
    {
        // A downtime that is longer than the whole is that of a clock which jumped.
        double? downtime = step.Result?.DowntimeMilliseconds / 1000.0 is { } seconds && seconds <= step.Seconds ? seconds : null;
        FormattableString line =
            $"{Quoted(step.Action.Vm)},{Journal.Time(begin)},{memory},{step.Seconds:0.###},{step.Result?.TransferredMiB},{downtime:0.###},{mode.ToString().ToLowerInvariant()}";
        return line.ToString(CultureInfo.InvariantCulture);
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny("\",\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
