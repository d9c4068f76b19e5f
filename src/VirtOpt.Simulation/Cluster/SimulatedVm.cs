namespace VirtOpt.Simulation;

/// <summary>A VM while a trace is played.</summary>
public sealed class SimulatedVm
{
    /// <summary>Samples of the past that a VM keeps.</summary>
    public const int HistoryLength = 30;

    private readonly List<double> history = [];

    internal SimulatedVm(int index, VmType type)
    {
        Index = index;
        Type = type;
        Demand = type.Mips;
    }

    /// <summary>Index in the trace.</summary>
    public int Index { get; }

    /// <summary>Its size.</summary>
    public VmType Type { get; }

    /// <summary>What it asks for now, in MIPS. Before the trace begins it is its whole size.</summary>
    public double Demand { get; internal set; }

    /// <summary>Index of the host that runs it.</summary>
    public int Host { get; internal set; } = -1;

    /// <summary>True while it is on its way.</summary>
    public bool IsMigrating { get; internal set; }

    /// <summary>Share of its CPU that it asked for at the last steps, the newest first; at most <see cref="HistoryLength"/>.</summary>
    public IReadOnlyList<double> History => history;

    internal VmSlaMeter Sla { get; } = new();

    internal void Remember(double use)
    {
        history.Insert(0, use);
        if (history.Count > HistoryLength) history.RemoveAt(HistoryLength);
    }
}
