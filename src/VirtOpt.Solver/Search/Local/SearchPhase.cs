namespace VirtOpt.Solver.Search.Local;

/// <summary>How a part of a local search is done.</summary>
/// <param name="Cooling">Which rises of energy are accepted.</param>
/// <param name="FocusedShare">Share of small blocks of hosts that cost and hosts with room; the others are large and of any hosts.</param>
internal sealed record SearchPhase(Cooling Cooling, double FocusedShare)
{
    /// <summary>Energy for each VM of typical weight above a cap; infinite if caps hold.</summary>
    public double ExcessPrice { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Size of VM whose moves matter at a temperature of 1: smaller ones are seldom chosen, because what they do at that temperature is undone later.
    /// </summary>
    public double SizePerTemperature { get; init; }

    /// <summary>Whether threads that search all hosts meet and go on from the best placement among theirs.</summary>
    public bool GoesWithWinners { get; init; }
}
