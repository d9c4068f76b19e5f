using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace VirtOpt;

/// <summary>
/// The audit log: one JSON object a line for each action that was carried out or refused: who, what, why, before, after. Runs append to it. Safe from
/// several threads.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="who">Who runs.</param>
/// <param name="why">Why, such as the plan's name.</param>
public sealed class AuditLog(string path, string who, string why)
{
    private readonly Lock gate = new();

    /// <summary>Appends what became of an action.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="step">What became of it.</param>
    /// <param name="time">Now.</param>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public void Write(string run, StepReport step, DateTimeOffset time)
    {
        JObject line = new()
        {
            ["time"] = Journal.Time(time),
            ["run"] = run,
            ["who"] = who,
            ["what"] = step.Action.ToString(),
            ["why"] = why,
            ["vm"] = step.Action.Vm,
            ["before"] = step.Action.From,
            ["after"] = step.IsDone ? step.Action.To : step.Action.From,
            ["outcome"] = JournalText.Word(step.Outcome),
            ["message"] = step.Message,
            ["attempts"] = step.Attempts,
            ["seconds"] = Math.Round(step.Seconds, 3),
            ["downtimeMs"] = step.Result?.DowntimeMilliseconds,
        };
        if (step.Action.Size is { } size)
        {
            line["before"] = step.Result?.SizeBefore is { } before ? JournalText.Size(before) : JValue.CreateNull();
            line["after"] = step.IsDone ? JournalText.Size(size) : line["before"];
        }
        else if (step.Action.IsInPlace) line["after"] = step.IsDone ? $"{step.Action.From}, pool {step.Action.Pool}" : step.Action.From;

        lock (gate)
        {
            try
            {
                File.AppendAllText(path, line.ToString(Formatting.None) + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InvalidInputException($"{path}: the audit log cannot be written: {e.Message}\nMaybe the disk is full.", e);
            }
        }
    }
}
