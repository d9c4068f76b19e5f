namespace VirtOpt.Solver.Search.Local;

/// <summary>
/// Cycles of heating and cooling from the best placement (thermal cycling; Möbius, Neklioudov, Díaz-Sánchez, Hoffmann, Fachat and Schreiber 1997). How
/// hot they are is learnt: the heat that lately gained most for its time is taken, and now and then the one that was longest not tried.
/// </summary>
/// <param name="hottest">Temperature of the hottest cycle, above 0.</param>
internal sealed class ThermalCycles(double hottest)
{
    private const double FirstShare = 0.01;
    private const double Growth = 1.04;
    private const double Depth = 1000;
    private const double Memory = 0.5;
    private const double LittleGain = 0.5;
    private const double SmallPart = 0.15;
    private const int CyclesPerTrial = 4;

    /// <summary>The coldest is descent: nothing that is a little warm spares later levels, whose factors are as small as a millionth of a millionth.</summary>
    private static readonly double[] Heats = [0, 1e-4, 3e-3, 3e-2, 1e-1, 3e-1];
    private readonly double[] rates = new double[Heats.Length];
    private readonly int[] lastTried = [.. Enumerable.Repeat(-1, Heats.Length)];
    private int heat;
    private int cycle;
    private double lastRate;
    private double recentRate;

    /// <summary>Length of the cycle at hand as a share of the whole search.</summary>
    public double Share { get; private set; } = FirstShare;

    /// <summary>Temperature at the begin of the cycle at hand.</summary>
    public double Temperature => hottest * Heats[heat];

    /// <summary>The cooling of the cycle at hand.</summary>
    public Cooling Cooling => new(Temperature, Temperature / Depth);

    /// <summary>Share of blocks of hosts that cost and hosts with room: most where it is cold, because there only they gain.</summary>
    public double FocusedShare => Heats[heat] < 1e-2 ? 0.9 : 0.3;

    /// <summary>Whether all heats have been tried and, at the rate of the last cycles, the rest of the search would gain only a small part of a gap.</summary>
    /// <param name="gap">What there is to gain at most.</param>
    /// <param name="shareLeft">Share of the search that is left.</param>
    public bool HasSlowed(double gap, double shareLeft) => Array.IndexOf(lastTried, -1) < 0 && recentRate * shareLeft < SmallPart * gap;

    /// <summary>Goes to the next cycle.</summary>
    /// <param name="gain">What the cycle at hand gained; 0 if nothing.</param>
    public void Next(double gain)
    {
        double rate = gain / Share;
        rates[heat] = lastTried[heat] < 0 ? rate : (Memory * rates[heat]) + ((1 - Memory) * rate);
        lastTried[heat] = cycle++;
        recentRate = cycle == 1 ? rate : (Memory * recentRate) + ((1 - Memory) * rate);
        Share *= Growth;
        bool slows = rate < LittleGain * lastRate;
        lastRate = rate;
        int untried = Array.IndexOf(lastTried, -1);
        if (untried >= 0 && slows) heat = untried;
        else if (untried < 0 && cycle % CyclesPerTrial == 0) heat = Array.IndexOf(lastTried, lastTried.Min());
        else heat = Array.IndexOf(rates, rates.Max());
    }
}
