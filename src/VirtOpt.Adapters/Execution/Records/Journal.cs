using System.Globalization;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace VirtOpt;

/// <summary>
/// The journal of a run: one JSON object a line, on the disk (fsync) before what it announces is done, so that after a crash it says what may have
/// happened. A last line that a crash tore is dropped. Writing is safe from several threads.
/// </summary>
public sealed class Journal : IDisposable
{
    private readonly Lock gate = new();
    private readonly string path;
    private readonly Stream stream;
    private readonly Action sync;

    private Journal(string path, Stream stream, Action sync) => (this.path, this.stream, this.sync) = (path, stream, sync);

    /// <summary>Begins a journal.</summary>
    /// <param name="path">The file; it must not be there yet.</param>
    /// <param name="run">Name of the run.</param>
    /// <param name="plan">The plan, which the journal holds in full.</param>
    /// <exception cref="InvalidInputException">The file is there already or cannot be written.</exception>
    public static Journal Create(string path, string run, ExecutionPlan plan)
    {
        if (File.Exists(path))
            throw InvalidInputException.Because(
                $"{path}: a journal of that name is there already.", "the run before was broken off: --resume goes on with it; or the file can be removed.");
        Journal journal = Open(path, FileMode.CreateNew);
        try
        {
            journal.Write(JournalText.Run(run, plan));
            return journal;
        }
        catch (InvalidInputException)
        {
            journal.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Renames the journal of a run that came to its end, so that another can begin; one that did not stays.</summary>
    /// <param name="path">The file; may be missing.</param>
    public static void SetAside(string path)
    {
        if (!File.Exists(path)) return;
        JournalReplay replay;
        using (Resume(path, out replay)) { }
        if (replay.IsClosed) File.Move(path, $"{path}.{replay.Run}", overwrite: true);
    }

    /// <summary>Whether there is a journal of a run that did not come to its end.</summary>
    /// <param name="path">The file; may be missing.</param>
    /// <exception cref="InvalidInputException">It is damaged, or another run holds it.</exception>
    public static bool IsOpen(string path)
    {
        if (!File.Exists(path)) return false;
        using (Resume(path, out JournalReplay replay)) return !replay.IsClosed;
    }

    /// <summary>Opens the journal of a run that was broken off.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replay">What it says.</param>
    /// <exception cref="InvalidInputException">There is none, it is damaged, or it cannot be written.</exception>
    public static Journal Resume(string path, out JournalReplay replay)
    {
        if (!File.Exists(path)) throw InvalidInputException.Because($"{path}: there is no journal.", "the run came to its end, or another plan was meant.");
        Journal journal = Open(path, FileMode.Open);
        try
        {
            replay = JournalReplay.Read(path, journal.stream, out long whole);
            journal.stream.SetLength(whole);
            journal.stream.Position = whole;
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>A journal on a stream, for tests of crashes and of what happens when it cannot be written.</summary>
    internal static Journal On(Stream stream, string run, ExecutionPlan plan)
    {
        Journal journal = new("journal", stream, stream.Flush);
        journal.Write(JournalText.Run(run, plan));
        return journal;
    }

    /// <summary>Says that an action is about to begin.</summary>
    /// <exception cref="InvalidInputException">It cannot be written: the action must not begin.</exception>
    public void Begin(int action, int attempt, Guid vm, DateTimeOffset time) => Write(new JObject
    {
        ["entry"] = "begin",
        ["action"] = action,
        ["attempt"] = attempt,
        ["vm"] = vm.ToString(),
        ["time"] = Time(time),
    });

    /// <summary>Says how an action ended.</summary>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public void End(StepReport step, DateTimeOffset time) => Write(new JObject
    {
        ["entry"] = "end",
        ["action"] = step.Action.Id,
        ["outcome"] = JournalText.Word(step.Outcome),
        ["message"] = step.Message,
        ["attempts"] = step.Attempts,
        ["seconds"] = Math.Round(step.Seconds, 3),
        ["time"] = Time(time),
    });

    /// <summary>Says that the run is over: nothing is left to resume.</summary>
    public void Close(DateTimeOffset time) => Write(new JObject { ["entry"] = "close", ["time"] = Time(time) });

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static Journal Open(string path, FileMode mode)
    {
        try
        {
            FileStream file = new(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return new Journal(path, file, () => file.Flush(flushToDisk: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{path}: the journal cannot be written: {e.Message}\nMaybe another run holds it, or the folder is not open to you.", e);
        }
    }

    private void Write(JObject entry)
    {
        byte[] line = Encoding.UTF8.GetBytes(entry.ToString(Formatting.None) + "\n");
        lock (gate)
        {
            try
            {
                stream.Write(line);
                sync();
            }
            catch (IOException e)
            {
                throw new InvalidInputException($"{path}: the journal cannot be written: {e.Message}\nMaybe the disk is full.", e);
            }
        }
    }
}
