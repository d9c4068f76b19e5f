namespace VirtOpt;

/// <summary>How the sum over the cells of a term becomes its amount.</summary>
public enum Outer
{
    /// <summary>The sum itself.</summary>
    Sum,

    /// <summary>How far the sum exceeds a limit.</summary>
    ExcessAbove,

    /// <summary>How far the sum falls short of a limit.</summary>
    ShortfallBelow,
}

/// <summary>
/// A measured amount: 0 means that a constraint holds, or is the value of an objective. The kinds of term are the whole algebra that the
/// engines read; a constraint or objective is a sentence in it.
/// </summary>
/// <param name="Name">What is measured, for people.</param>
public abstract record Term(string Name)
{
    /// <summary>The families whose loads the term reads.</summary>
    public abstract IEnumerable<LoadFamily> FamiliesRead();
}

/// <summary>The sum over all cells of a function of their load.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Family">The loads.</param>
/// <param name="Functions">One function per cell.</param>
/// <param name="Outer">How the sum becomes the amount.</param>
/// <param name="Limit">The limit that <paramref name="Outer"/> compares with.</param>
/// <param name="Offset">Added to the sum, so that amounts are what people expect.</param>
public sealed record SumTerm(string Name, LoadFamily Family, IReadOnlyList<CellFunction> Functions, Outer Outer = Outer.Sum, long Limit = 0, long Offset = 0)
    : Term(Name)
{
    /// <summary>
    /// True if the amount is the sum of what single VMs break by themselves (a forbidden host, a forbidden migration): what one VM broke at the
    /// start cannot be traded for another VM.
    /// </summary>
    public bool PerVm { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<LoadFamily> FamiliesRead() => [Family];

    /// <summary>The functions of all cells; where all cells share one function, that one only.</summary>
    public IReadOnlyList<CellFunction> Kinds => Functions is SameFunction { Count: > 0 } same ? [same[0]] : Functions;

    /// <summary>The amount for a sum over the cells.</summary>
    public long Amount(long sum) => Outer switch
    {
        Outer.ExcessAbove => Math.Max(0, sum + Offset - Limit),
        Outer.ShortfallBelow => Math.Max(0, Limit - sum - Offset),
        _ => sum + Offset,
    };
}

/// <summary>The largest value over the cells of several families.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Parts">The families and their functions.</param>
public sealed record MaxTerm(string Name, IReadOnlyList<TermPart> Parts) : Term(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<LoadFamily> FamiliesRead() => Parts.Select(part => part.Family);
}

/// <summary>
/// The sum over the cells of how far each exceeds an allowance: in a cell, a function of its load is added up over several families. With steps for
/// functions (<see cref="CellFunction.Step"/>) it counts in how many families a load is too high, and allows some of them.
/// </summary>
/// <param name="Name">What is measured.</param>
/// <param name="Parts">The families and their functions; all families have the same cells.</param>
/// <param name="Allowed">What each cell may have for nothing, at least 0.</param>
public sealed record AllowanceTerm(string Name, IReadOnlyList<TermPart> Parts, long Allowed) : Term(Name)
{
    /// <summary>Number of cells.</summary>
    public int CellCount => Parts[0].Family.CellCount;

    /// <inheritdoc/>
    public override IEnumerable<LoadFamily> FamiliesRead() => Parts.Select(part => part.Family);

    /// <summary>The amount of a cell for the sum of its functions.</summary>
    public long Amount(long sum) => Math.Max(0, sum - Allowed);
}

/// <summary>One family of a term over several.</summary>
/// <param name="Family">The loads.</param>
/// <param name="Functions">One function per cell.</param>
public sealed record TermPart(LoadFamily Family, IReadOnlyList<CellFunction> Functions);

/// <summary>The number of cells in which the first load is above 0 but the second is not.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="If">The load that asks.</param>
/// <param name="Then">The load that is asked for; with the same cells.</param>
public sealed record ImplyTerm(string Name, LoadFamily If, LoadFamily Then) : Term(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<LoadFamily> FamiliesRead() => [If, Then];
}

/// <summary>
/// By how many the copies of a VM shape that still fit into the free room of the cells fall short of a number. A cell holds
/// <c>max(0, min over dimensions of ⌊(Room - load) / Need⌋)</c> copies.
/// </summary>
/// <param name="Name">What is measured.</param>
/// <param name="Needs">The dimensions of the shape.</param>
/// <param name="Wanted">The number to compare with.</param>
public sealed record FitTerm(string Name, IReadOnlyList<FitNeed> Needs, long Wanted) : Term(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<LoadFamily> FamiliesRead() => Needs.Select(need => need.Family);

    /// <summary>How many copies fit into a cell, given the load of each need there.</summary>
    public long Copies(int cell, Func<LoadFamily, int, long> load)
    {
        long copies = long.MaxValue;
        foreach (FitNeed need in Needs) copies = Math.Min(copies, Math.Max(0, need.Room[cell] - load(need.Family, cell)) / need.Need);
        return copies;
    }
}

/// <summary>One dimension of a <see cref="FitTerm"/>.</summary>
/// <param name="Family">The loads; all needs of a term have the same cells.</param>
/// <param name="Room">What each cell can hold.</param>
/// <param name="Need">What one copy needs, at least 1.</param>
public sealed record FitNeed(LoadFamily Family, IReadOnlyList<long> Room, long Need);

/// <summary>
/// The number of sets of failing hosts whose movable VMs cannot all be restarted on the other hosts that are available, whole, within capacity.
/// </summary>
/// <param name="Name">What is measured.</param>
/// <param name="Loads">Per dimension the load of hosts.</param>
/// <param name="Room">Per dimension what each host can hold; negative for a host that takes no VM.</param>
/// <param name="Failures">The sets of hosts that may fail together.</param>
public sealed record FailoverTerm(
    string Name, IReadOnlyList<LoadFamily> Loads, IReadOnlyList<IReadOnlyList<long>> Room, IReadOnlyList<IReadOnlyList<int>> Failures)
    : Term(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<LoadFamily> FamiliesRead() => Loads;
}
