namespace VirtOpt;

/// <summary>A rule of placement. Hard by default; with <see cref="Soft"/> its violation costs instead.</summary>
/// <remarks>
/// A new rule is one record: <see cref="Compile"/> states it to the engines, <see cref="Check"/> judges a placement by simple means, and one line in
/// <see cref="ConstraintCatalogue"/> names it. A generic test proves that the two agree.
/// </remarks>
public abstract record Constraint
{
    /// <summary>Set to make the rule soft.</summary>
    public Soft? Soft { get; init; }

    /// <summary>True if the rule must hold during every step of the migrations (continuous), false if only at their end (discrete).</summary>
    public bool Continuous { get; init; }

    /// <summary>States the rule: terms whose amounts are 0 exactly if it holds.</summary>
    public abstract IEnumerable<Term> Compile(ModelBuilder model);

    /// <summary>
    /// Judges a placement: each item where the rule is broken, with the amount. The sum of the amounts equals the sum of the terms' amounts.
    /// VMs that are not placed are ignored.
    /// </summary>
    public abstract IEnumerable<Violation> Check(PlacementView view);

    /// <summary>Refuses parameters that make no sense for a cluster.</summary>
    /// <exception cref="InvalidInputException">A parameter is out of its range or names something that does not exist.</exception>
    public virtual void Validate(ClusterSnapshot cluster) { }

    /// <summary>The rule in a few words, for messages.</summary>
    public virtual string Describe() => ToString();

    /// <summary>Refuses a group that is not of the cluster, or not in order.</summary>
    protected static void IsKnown(ClusterSnapshot cluster, VmGroup group) => ClusterValidation.ValidateGroup(cluster, group);

    /// <summary>Refuses a group that is not of the cluster, or not in order.</summary>
    protected static void IsKnown(ClusterSnapshot cluster, HostGroup group) => ClusterValidation.ValidateGroup(cluster, group);

    /// <summary>Refuses a number below a least value.</summary>
    protected static void AtLeast(string what, long value, long least)
    {
        if (value < least) throw InvalidInputException.Because($"The {what} ({value}) must be at least {least}.", $"leave it out to get its default.");
    }
}

/// <summary>Makes a rule soft.</summary>
/// <param name="Weight">Cost per unit of violation, at least 0.</param>
/// <param name="Level">The level of the objective that it counts in; 1 is first.</param>
public sealed record Soft(long Weight = 1, int Level = 1);

/// <summary>A rule broken at one item.</summary>
/// <param name="Item">What breaks it: a host, a VM, an item of a scope.</param>
/// <param name="Amount">By how much, above 0.</param>
/// <param name="Message">The same in words.</param>
public sealed record Violation(string Item, long Amount, string Message);
