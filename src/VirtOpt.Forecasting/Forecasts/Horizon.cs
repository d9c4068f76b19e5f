using System.Globalization;

namespace VirtOpt.Forecasting;

/// <summary>How far and how finely a forecast looks ahead.</summary>
/// <param name="Length">Time from the origin to the end, above 0.</param>
/// <param name="SlotLength">Length of a slot, above 0 and at most <paramref name="Length"/>.</param>
public sealed record Horizon(TimeSpan Length, TimeSpan SlotLength)
{
    /// <summary>The next hour by 5 minutes.</summary>
    public static Horizon Hour { get; } = new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));

    /// <summary>The next day by 15 minutes.</summary>
    public static Horizon Day { get; } = new(TimeSpan.FromDays(1), TimeSpan.FromMinutes(15));

    /// <summary>The next week by hour.</summary>
    public static Horizon Week { get; } = new(TimeSpan.FromDays(7), TimeSpan.FromHours(1));

    /// <summary>Number of slots, at least 1.</summary>
    public int Slots => Math.Max(1, (int)Math.Round(Length / SlotLength));

    /// <summary>
    /// How many steps of a grid each slot lies ahead of the last known one. A slot that is longer than a step stands for the demand at its middle.
    /// </summary>
    public IReadOnlyList<int> LeadsOn(TimeGrid grid)
    {
        double steps = Math.Max(1, SlotLength / grid.Step);
        return [.. Enumerable.Range(0, Slots).Select(slot => (int)Math.Ceiling((slot * steps) + ((steps + 1) / 2) - 1e-9))];
    }

    /// <summary>Reads a horizon as people write it: <c>5m</c>, <c>1h</c>, <c>24h</c>, <c>7d</c>, with a slot length after a slash if it is to differ
    /// (<c>24h/5m</c>). Without one: 5 minutes up to 6 hours, 15 minutes up to two days, else an hour.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static Horizon Parse(string text)
    {
        string[] parts = text.Split('/');
        TimeSpan length = parts.Length <= 2 ? Time(parts[0], text) : throw Refusal(text);
        TimeSpan slot = parts.Length == 2 ? Time(parts[1], text) : Usual(length);
        return slot <= length ? new Horizon(length, slot) : throw Refusal(text);
    }

    private static TimeSpan Usual(TimeSpan length)
    {
        TimeSpan usual = length <= TimeSpan.FromHours(6) ? Hour.SlotLength : length <= TimeSpan.FromDays(2) ? Day.SlotLength : Week.SlotLength;
        return usual < length ? usual : length;
    }

    private static TimeSpan Time(string word, string text)
    {
        if (word.Length < 2 || !int.TryParse(word[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 100_000)
            throw Refusal(text);
        return word[^1] switch
        {
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => throw Refusal(text),
        };
    }

    private static InvalidInputException Refusal(string text) => InvalidInputException.Because(
        $"The horizon ({text}) is not a time such as 1h, 24h or 7d, or a time and a slot length such as 24h/15m.", "the unit (m, h or d) was left out.");
}
