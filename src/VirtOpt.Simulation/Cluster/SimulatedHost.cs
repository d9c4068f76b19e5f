namespace VirtOpt.Simulation;

/// <summary>A host while a trace is played.</summary>
public sealed class SimulatedHost
{
    internal SimulatedHost(int index, HostType type)
    {
        Index = index;
        Type = type;
    }

    /// <summary>Index in the data centre.</summary>
    public int Index { get; }

    /// <summary>Its kind.</summary>
    public HostType Type { get; }

    /// <summary>Its VMs, in the order in which they came; those that are still on their way to it included.</summary>
    public IReadOnlyList<SimulatedVm> Vms => Guests;

    /// <summary>MIPS in use; 0 on a host that is switched off.</summary>
    public double UsedMips { get; internal set; }

    /// <summary>Share of its speed in use.</summary>
    public double Use => Math.Min(1, UsedMips / Type.Mips);

    internal List<SimulatedVm> Guests { get; } = [];

    internal List<SimulatedVm> Incoming { get; } = [];

    internal double UseBefore { get; set; }

    internal HostSlaMeter Sla { get; } = new();
}
