namespace VirtOpt.Forecasting;

/// <summary>What a back-test does: forecasters learn from the first part of a history, then forecast the rest from one origin after another.</summary>
/// <param name="TrainSlots">Slots to learn from, at least 2.</param>
/// <param name="Leads">How many slots ahead targets lie, each at least 1.</param>
public sealed record BacktestSettings(int TrainSlots, IReadOnlyList<int> Leads)
{
    /// <summary>Slots between targets, at least 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Share of slots in which demand may exceed what is planned when forecasters are compared by over-provisioning.</summary>
    public double Overload { get; init; } = 0.05;

    /// <summary>Threads, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Least one-day change (the denominator of MASE) with which a series counts: 0.05 for per cent, 2 for MiB, else anything above 0. Below it a series
    /// hardly moves and its
    /// MASE says nothing.
    /// </summary>
    public static double ScaleFloor(Dimension dimension) => dimension.Unit switch { "%" => 0.05, "MiB" => 2, _ => double.Epsilon };
}
