namespace VirtOpt.Simulation;

/// <summary>
/// Power of a host by its CPU use: measured points at even steps of use, linear between them. A host without load is switched off and draws nothing.
/// </summary>
public sealed class PowerCurve
{
    private readonly double[] watts;

    /// <summary>Takes measured points.</summary>
    /// <param name="watts">Power in W at 0, 1/n, 2/n .. 1 of full use; two points or more, none negative.</param>
    /// <exception cref="InvalidInputException">There are fewer than two points, or a negative one.</exception>
    public PowerCurve(params double[] watts)
    {
        if (watts.Length < 2) throw new InvalidInputException($"A power curve needs two points or more; found {watts.Length}.");
        if (watts.Any(w => !(w >= 0))) throw new InvalidInputException("The points of a power curve must not be negative.");
        this.watts = [.. watts];
    }

    /// <summary>
    /// Power in W of a host that is on. Hosts of a kind have equal slopes, so best fit compares values that differ by rounding alone; the order of the
    /// operations is that of the reference runs, or ties would fall otherwise.
    /// </summary>
    /// <param name="use">Share of the CPU within 0 .. 1; more counts as 1.</param>
    public double At(double use)
    {
        int steps = watts.Length - 1;
        double position = Math.Min(use, 1) * steps;
        int below = (int)Math.Floor(position);
        double risePerPercent = (watts[(int)Math.Ceiling(position)] - watts[below]) / (100.0 / steps);
        return watts[below] + (risePerPercent * (Math.Min(use, 1) - ((double)below / steps)) * 100);
    }

    /// <summary>
    /// Energy in J over an interval whose use runs from one value to another: the mean of both powers times its length, and nothing if the host was
    /// without load when it began.
    /// </summary>
    /// <param name="before">Use at the beginning.</param>
    /// <param name="after">Use at the end.</param>
    /// <param name="seconds">Length.</param>
    public double Energy(double before, double after, double seconds) => before == 0 ? 0 : (At(before) + At(after)) / 2 * seconds;

    /// <summary>Least power in W for each unit of speed, over all measured points above 0.</summary>
    /// <param name="speed">Speed of the host at full use.</param>
    public double LeastWattsPerSpeed(double speed) =>
        Enumerable.Range(1, watts.Length - 1).Min(i => watts[i] / (speed * i / (watts.Length - 1)));
}
