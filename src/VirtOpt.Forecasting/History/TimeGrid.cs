namespace VirtOpt.Forecasting;

/// <summary>A regular grid of time: slot 0 begins at <paramref name="Start"/>, each slot lasts <paramref name="Step"/>. Immutable.</summary>
/// <param name="Start">Begin of slot 0.</param>
/// <param name="Step">Length of a slot, above 0.</param>
/// <param name="Slots">Number of slots, at least 1.</param>
public sealed record TimeGrid(DateTimeOffset Start, TimeSpan Step, int Slots)
{
    /// <summary>Slots in a day, at least 1.</summary>
    public int Day => SlotsIn(TimeSpan.FromDays(1));

    /// <summary>Begin of a slot; slots before the first and after the last have times too.</summary>
    public DateTimeOffset TimeOf(int slot) => Start + (Step * slot);

    /// <summary>Slots in a stretch of time, rounded, at least 1.</summary>
    public int SlotsIn(TimeSpan time) => Math.Max(1, (int)Math.Round(time / Step));
}

/// <summary>A stretch of slots, the end not included.</summary>
/// <param name="From">The first slot.</param>
/// <param name="To">The slot after the last.</param>
public readonly record struct SlotRange(int From, int To)
{
    /// <summary>Number of slots.</summary>
    public int Length => To - From;
}
