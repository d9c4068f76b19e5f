using System.Globalization;

namespace VirtOpt;

/// <summary>A stretch of each day, in local time, in which actions may run; over midnight if it ends before it begins.</summary>
/// <param name="Begin">When it begins.</param>
/// <param name="End">When it ends; not the same as the begin.</param>
public sealed record MaintenanceWindow(TimeOnly Begin, TimeOnly End)
{
    /// <summary>Reads a window such as 22:00-04:00.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The window; null if the text is none.</returns>
    public static MaintenanceWindow? Parse(string text)
    {
        string[] ends = text.Split('-');
        return ends.Length == 2 && Time(ends[0]) is { } begin && Time(ends[1]) is { } end && begin != end ? new MaintenanceWindow(begin, end) : null;
    }

    /// <summary>Whether an action may run: it begins now and has ended before the window does.</summary>
    /// <param name="now">Now, in local time.</param>
    /// <param name="length">How long it should take.</param>
    public bool HasRoomFor(TimeOnly now, TimeSpan length)
    {
        TimeSpan since = now - Begin; // both wrap at midnight
        return since < End - Begin && since + length <= End - Begin;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Begin:HH:mm}-{End:HH:mm}");

    private static TimeOnly? Time(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) ? time : null;
}
