using VirtOpt.Solver.Search.Kernels;

namespace VirtOpt.Solver.Search.Local;

/// <summary>
/// How large changes of energy are in a problem, and the phases of the search that follow from that. What is measured is the unit level alone: levels
/// before it do not get worse, whatever the temperature.
/// </summary>
internal sealed class EnergyScale
{
    private const double Hottest = 16;
    private const double HottestPerVm = 3;
    private const double MovesForHottest = 600_000;
    private const double MostOverRise = 64;
    private const double ColdestPerVm = 0.02;
    private const double Depth = 1e4;
    private const double Focus = 0.1;
    private const double PricePerVm = 10;
    private const double LeastSize = 0.3;
    private const double StricterEachTime = 4;
    private const int MostRepairs = 8;
    private readonly double perVm;
    private readonly double meanSize;
    private readonly double mostHeat;
    private readonly bool relaxes;

    /// <param name="model">The compiled problem.</param>
    /// <param name="level">Position of the level that is the unit of the energy.</param>
    /// <param name="typicalRise">How much a valid move that makes things worse costs, on average; above 0.</param>
    /// <param name="order">The VMs that can move.</param>
    /// <param name="relaxes">Whether caps may be exceeded, at a price, on the way.</param>
    public EnergyScale(SearchModel model, int level, double typicalRise, SizeOrder order, bool relaxes)
    {
        this.relaxes = relaxes;
        perVm = model.CostOfTypicalVm(level);
        meanSize = order.BySize.Average(vm => order.SizeOf[vm]);
        HottestCycle = Hottest * typicalRise;
        mostHeat = MostOverRise * typicalRise;
    }

    /// <summary>Temperature of the hottest thermal cycle.</summary>
    public double HottestCycle { get; }

    /// <summary>
    /// The long annealing. Where hosts are nearly full, hardly any move of a large VM is valid, at any temperature: so loads may exceed their caps at a
    /// price that no gain is worth in the end (penalties as in strategic oscillation, Glover and Laguna 1997, p. 102).
    /// </summary>
    /// <param name="movesPerVm">Moves of each VM that there is time for: with few, what a hot begin destroys would not be mended by the end.</param>
    public SearchPhase Annealing(double movesPerVm) => new(CoolingOver(movesPerVm), Focus)
    {
        GoesWithWinners = true,
        ExcessPrice = relaxes ? FirstPrice : double.PositiveInfinity,
        SizePerTemperature = perVm > 0 ? LeastSize * meanSize / perVm : 0,
    };

    /// <summary>Descents from loads that exceed caps, at prices that rise from one to the next.</summary>
    public IEnumerable<SearchPhase> Repairs => Enumerable.Range(1, MostRepairs)
        .Select(times => new SearchPhase(new Cooling(0, 0), Focus) { ExcessPrice = FirstPrice * Math.Pow(StricterEachTime, times) });

    private Cooling CoolingOver(double movesPerVm)
    {
        if (perVm == 0) return new Cooling(HottestCycle, HottestCycle / Depth);
        double hottest = Math.Min(mostHeat, perVm * HottestPerVm * Math.Min(1, movesPerVm / MovesForHottest));
        return new Cooling(hottest, Math.Min(hottest, perVm * ColdestPerVm));
    }

    private double FirstPrice => PricePerVm * (perVm > 0 ? perVm : HottestCycle);
}
