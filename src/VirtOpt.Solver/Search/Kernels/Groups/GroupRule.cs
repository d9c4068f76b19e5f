namespace VirtOpt.Solver.Search.Kernels.Groups;

/// <summary>A term over the loads of groups, compiled for the search: judges a move without making it.</summary>
internal abstract class GroupRule
{
    /// <summary>What one unit of the term's amount costs; 0 for a requirement alone.</summary>
    public double Factor { get; set; }

    /// <summary>What is tolerated of the term, per cell or one number; null if it is no requirement.</summary>
    public IReadOnlyList<long>? Tolerated { get; set; }

    /// <summary>The families whose loads count.</summary>
    public abstract IEnumerable<GroupFamily> Families { get; }

    /// <summary>How many numbers the rule keeps in <see cref="GroupLoads.Numbers"/>.</summary>
    public virtual int NumberCount => 0;

    /// <summary>Position of the first of its numbers.</summary>
    public int FirstNumber { get; set; }

    /// <summary>Sets the numbers.</summary>
    public virtual void Start(GroupLoads loads) { }

    /// <summary>What the rule costs in all.</summary>
    public abstract double Cost(GroupLoads loads);

    /// <summary>By how much the rule is broken beyond what is tolerated.</summary>
    public abstract long Excess(GroupLoads loads);

    /// <summary>True if a rule may change from one amount to another; where breaking it has a price, that is noted instead.</summary>
    protected static bool MayBecome(GroupLoads loads, long before, long after, long tolerated)
    {
        if (!loads.ArePriced) return after <= tolerated;
        loads.JudgedExcess += Math.Max(0, after - tolerated) - Math.Max(0, before - tolerated);
        return true;
    }

    /// <summary>Judges changes of the loads of its families.</summary>
    /// <param name="loads">The loads before.</param>
    /// <param name="changed">The first family that changes.</param>
    /// <param name="first">Change of it; of the first family, where a rule has two that play different parts.</param>
    /// <param name="second">Change of the second family, where a rule has two.</param>
    /// <param name="cost">Increased by what the move costs.</param>
    /// <returns>False if it is not allowed.</returns>
    public abstract bool Judge(GroupLoads loads, GroupFamily changed, GroupChange first, GroupChange second, ref double cost);

    /// <summary>Takes note of changes that are about to be made.</summary>
    public virtual void Apply(GroupLoads loads, GroupFamily changed, GroupChange first, GroupChange second) { }
}
