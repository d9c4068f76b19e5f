namespace VirtOpt;

/// <summary>
/// A cost or excess as a function of one load: <c>f(x) = Slope·x + Σ Change·max(0, x - At) + Jump·[x &gt; 0]</c>. Any piecewise-linear
/// function with whole slopes, and a fixed charge for a cell that is used at all, has this form. <c>f(0)</c> is 0 unless a hinge lies below 0.
/// </summary>
/// <param name="Slope">Slope left of the first hinge, per unit of load.</param>
/// <param name="Hinges">Points where the slope changes, ascending.</param>
/// <param name="Jump">Charge for a load above 0.</param>
public sealed record CellFunction(long Slope, IReadOnlyList<Hinge> Hinges, long Jump)
{
    /// <summary>1 if the load is above 0: the cell is used.</summary>
    public static CellFunction Used { get; } = new(0, [], 1);

    /// <summary>The load itself.</summary>
    public static CellFunction Identity { get; } = new(1, [], 0);

    /// <summary>Always 0.</summary>
    public static CellFunction Zero { get; } = new(0, [], 0);

    /// <summary>How far the load exceeds a limit, times a slope.</summary>
    public static CellFunction ExcessAbove(long limit, long slope = 1) => new(0, [new(limit, slope)], 0);

    /// <summary>1 if the load exceeds a limit.</summary>
    public static CellFunction Step(long limit) => new(0, [new(limit, 1), new(limit + 1, -1)], 0);

    /// <summary>The distance of the load from a target, times a slope, less the constant distance at load 0.</summary>
    public static CellFunction DistanceFrom(long target, long slope) => new(-slope, [new(target, 2 * slope)], 0);

    /// <summary>True if the function is 0 up to a limit, its first hinge, and one height above 0 for any whole load beyond it.</summary>
    public bool IsStep => this is { Slope: 0, Jump: 0, Hinges: [{ Change: > 0 } up, { } down] } && down == new Hinge(up.At + 1, -up.Change);

    /// <summary>
    /// The largest load at which the function is within an amount of at least 0, if the function is 0 up to a limit and then an excess or a step, or 0
    /// everywhere, which no load exceeds (<see cref="long.MaxValue"/>). Null for other functions.
    /// </summary>
    public long? LargestWithin(long amount) => this switch
    {
        { Slope: 0, Jump: 0, Hinges: [] } => long.MaxValue,
        { Slope: 0, Jump: 0, Hinges: [{ Change: > 0 } hinge] } => hinge.At + (amount / hinge.Change),
        { IsStep: true, Hinges: [var step, _] } => amount < step.Change ? step.At : long.MaxValue,
        _ => null,
    };

    /// <summary>True if the function never falls for loads of at least 0.</summary>
    public bool IsNonDecreasing
    {
        get
        {
            long slope = Slope;
            bool rising = slope >= 0 && Jump >= 0;
            foreach (Hinge hinge in Hinges) rising &= (slope += hinge.Change) >= 0;
            return rising;
        }
    }

    /// <summary>The value at a load.</summary>
    public long At(long load)
    {
        long value = Slope * load;
        for (int k = 0; k < Hinges.Count; k++)
            if (load > Hinges[k].At) value += Hinges[k].Change * (load - Hinges[k].At);
        return load > 0 ? value + Jump : value;
    }
}

/// <summary>A point where the slope of a <see cref="CellFunction"/> changes.</summary>
/// <param name="At">The load at which it changes.</param>
/// <param name="Change">What is added to the slope from there on.</param>
public readonly record struct Hinge(long At, long Change);
