using VirtOpt.Solver.Search.Kernels;

namespace VirtOpt.Solver.Search.Local;

/// <summary>
/// Which rises of energy are accepted: simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983, p. 672), and none at all at the end. The limit of a
/// move is drawn before it is judged, so that the judgement can stop early.
/// </summary>
/// <param name="first">Temperature at the begin, in units of energy; 0 for no rise at all.</param>
/// <param name="last">Temperature at the end of the cooling; above 0 if the first is.</param>
internal sealed class Cooling(double first, double last)
{
    private const double CoolingShare = 0.95;
    private const int Draws = 1 << 12;
    private static readonly double[] MinusLogarithms = [.. Enumerable.Range(0, Draws).Select(i => -Math.Log((i + 0.5) / Draws))];

    /// <summary>Temperature when a share of the run is done, 0 to 1.</summary>
    public double TemperatureAt(double done) => done >= CoolingShare || first == 0 ? 0 : first * Math.Pow(last / first, done / CoolingShare);

    /// <summary>A random limit for the rise of energy by one move (the Metropolis rule, turned round).</summary>
    public static double Limit(double temperature, FastRandom random) => temperature * MinusLogarithms[random.Next(Draws)];
}
