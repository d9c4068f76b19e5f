namespace VirtOpt.Simulation;

/// <summary>A kind of host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cores">Cores.</param>
/// <param name="CoreMips">Speed of a core in MIPS.</param>
/// <param name="RamMiB">Memory in MiB.</param>
/// <param name="MigrationMiBPerSecond">How fast the memory of a VM that migrates in arrives: half of the network.</param>
/// <param name="Power">Power by use.</param>
public sealed record HostType(string Name, int Cores, double CoreMips, int RamMiB, double MigrationMiBPerSecond, PowerCurve Power)
{
    /// <summary>Speed of all cores in MIPS.</summary>
    public double Mips => Cores * CoreMips;
}

/// <summary>A size of VM: one virtual core.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mips">Speed of its core in MIPS.</param>
/// <param name="RamMiB">Memory in MiB.</param>
public sealed record VmType(string Name, double Mips, int RamMiB);

/// <summary>What a trace is played on.</summary>
/// <param name="Hosts">The hosts, in the order in which policies look at them.</param>
/// <param name="Vms">The size of each VM of the trace.</param>
public sealed record DataCentre(IReadOnlyList<HostType> Hosts, IReadOnlyList<VmType> Vms)
{
    /// <summary>
    /// Energy floor of a trace in kWh, memory not counted: every instruction that is asked for is served at the best operating point there is, by as
    /// many hosts as it takes. No policy that serves all demand can be below it.
    /// </summary>
    /// <param name="trace">The trace.</param>
    public double EnergyFloorKwh(DemandTrace trace)
    {
        double best = Hosts.Min(h => h.Power.LeastWattsPerSpeed(h.Mips));
        return Demand(trace) * best / Units.JoulesPerKwh;
    }

    /// <summary>All that a trace asks for, in MIPS times seconds; a sample holds for its interval.</summary>
    /// <param name="trace">The trace.</param>
    public double Demand(DemandTrace trace) => trace.Series.Select((s, vm) => s.Use.Sum() * Vms[vm].Mips).Sum() * trace.IntervalSeconds;
}

/// <summary>Units of energy.</summary>
internal static class Units
{
    /// <summary>Joules of a kilowatt-hour.</summary>
    public const double JoulesPerKwh = 3.6e6;
}
