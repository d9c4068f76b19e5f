namespace VirtOpt;

/// <summary>
/// What each VM will use of one dimension, slot by slot. The amounts are those to plan with (a quantile or a scenario), whole numbers of the
/// dimension's unit, at least 0.
/// </summary>
public sealed class DemandForecast
{
    private readonly long[][] bySlot;

    /// <summary>Makes a forecast.</summary>
    /// <param name="dimension">Name of the dimension.</param>
    /// <param name="slotLength">Length of a slot, above 0.</param>
    /// <param name="bySlot">Per slot the amount of each VM, in the cluster's VM order.</param>
    /// <exception cref="InvalidInputException">No slot, slots of different length, or an amount out of range.</exception>
    public DemandForecast(string dimension, TimeSpan slotLength, IReadOnlyList<IReadOnlyList<long>> bySlot)
    {
        if (bySlot.Count == 0 || slotLength <= TimeSpan.Zero) throw InvalidInputException.Because("The forecast has no slot.", "its horizon is empty.");
        foreach (IReadOnlyList<long> slot in bySlot)
            if (slot.Count != bySlot[0].Count || slot.Any(amount => amount is < 0 or > ClusterValidation.MaxAmount))
                throw InvalidInputException.Because(
                    $"A slot of the forecast of ({dimension}) has {slot.Count} amounts, or one that is not within 0 .. {ClusterValidation.MaxAmount}.",
                    "a VM is missing.");
        (Dimension, SlotLength) = (dimension, slotLength);
        this.bySlot = [.. bySlot.Select(slot => slot.ToArray())];
    }

    /// <summary>Name of the dimension.</summary>
    public string Dimension { get; }

    /// <summary>Length of a slot.</summary>
    public TimeSpan SlotLength { get; }

    /// <summary>Number of slots.</summary>
    public int Slots => bySlot.Length;

    /// <summary>Number of VMs.</summary>
    public int Vms => bySlot[0].Length;

    /// <summary>The amount of a VM in a slot.</summary>
    public long this[int slot, VmId vm] => bySlot[slot][vm.Index];

    /// <summary>Refuses a forecast that is not of a cluster.</summary>
    internal void Validate(ClusterSnapshot cluster)
    {
        cluster.DimensionNamed(Dimension);
        if (Vms != cluster.Vms.Count)
            throw InvalidInputException.Because($"The forecast is for {Vms} VMs; the cluster has {cluster.Vms.Count}.", "it belongs to another snapshot.");
    }
}
