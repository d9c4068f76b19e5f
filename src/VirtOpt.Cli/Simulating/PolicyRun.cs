using VirtOpt.Simulation;

namespace VirtOpt.Cli.Simulating;

/// <summary>What became of one policy.</summary>
/// <param name="Policy">The policy as asked for.</param>
/// <param name="Result">What it cost.</param>
/// <param name="Seconds">Wall time that it took.</param>
internal sealed record PolicyRun(string Policy, SimulationResult Result, double Seconds)
{
    /// <summary>Its energy as a multiple of the floor.</summary>
    public double TimesFloor => Result.EnergyKwh / Result.EnergyFloorKwh;
}
