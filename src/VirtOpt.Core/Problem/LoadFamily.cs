namespace VirtOpt;

/// <summary>What the cells of a <see cref="LoadFamily"/> are.</summary>
public enum CellKind
{
    /// <summary>Items of a scope: hosts, racks, the cluster ...</summary>
    Host,

    /// <summary>NUMA nodes of hosts.</summary>
    NumaNode,

    /// <summary>GPUs of hosts.</summary>
    Gpu,
}

/// <summary>
/// The loads of a row of cells: each member VM charges its weight to the cells of its place and, if it migrates, more to the cells that it
/// leaves and reaches. Capacity, counting, migration limits and transient use are all loads.
/// </summary>
public sealed class LoadFamily
{
    private readonly int[] cellOfHost;
    private readonly int[]? members;
    private readonly long[] weights;
    private readonly long[]? weightsNow;
    private readonly long[] leaving;
    private readonly long[] arriving;
    private readonly HostPairs? pairs;

    internal LoadFamily(string name, CellKind kind, int cellCount, int[] cellOfHost, int[]? members, Charges charges)
    {
        (Name, Kind, CellCount, this.cellOfHost, this.members) = (name, kind, cellCount, cellOfHost, members);
        (weights, leaving, arriving, pairs) = (charges.AtPlace, charges.Leaving, charges.Arriving, charges.Pairs);
        (weightsNow, Dimension) = (charges.AtPlaceNow, charges.Dimension);
    }

    /// <summary>Name for people and for telling families apart.</summary>
    public string Name { get; }

    /// <summary>Position in <see cref="PlacementModel.Families"/>.</summary>
    public int Index { get; internal set; }

    /// <summary>What the cells are.</summary>
    public CellKind Kind { get; }

    /// <summary>Number of cells.</summary>
    public int CellCount { get; }

    /// <summary>True if the family charges for migrations, so that its loads depend on where VMs started.</summary>
    public bool DependsOnStart => leaving.Length > 0 || arriving.Length > 0;

    /// <summary>
    /// True if what a migration charges depends on both of its hosts (see <see cref="Times"/>), so that VMs from different places are never alike.
    /// </summary>
    public bool TellsStartsApart => pairs is not null;

    /// <summary>The VMs that charge anything, ascending; null if every VM may.</summary>
    public ReadOnlySpan<int> Members => members;

    /// <summary>True if every VM may charge.</summary>
    public bool IsDense => members is null;

    /// <summary>The position of a VM in the family, or -1 if it does not charge.</summary>
    public int PositionOf(int vm)
    {
        if (members is null) return vm;
        int position = Array.BinarySearch(members, vm);
        return position < 0 ? -1 : position;
    }

    /// <summary>What the VM at a position charges to each cell of its place.</summary>
    public long Weight(int position) => weights.Length == 0 ? 0 : weights[position];

    /// <summary>What the VM at a position charges at its start, before a plan changes its demand: see <see cref="VirtualMachine.DemandNow"/>.</summary>
    public long WeightNow(int position) => weightsNow is null ? Weight(position) : weightsNow[position];

    /// <summary>True if what VMs charge now and what they are to charge differ.</summary>
    public bool Changes => weightsNow is not null;

    /// <summary>The dimension whose demand the weights are; null if they are something else.</summary>
    public int? Dimension { get; }

    /// <summary>What the VM at a position charges to each cell of its start, if it has left it.</summary>
    public long LeavingWeight(int position) => leaving.Length == 0 ? 0 : leaving[position];

    /// <summary>What the VM at a position charges, beside <see cref="Weight"/>, to each cell of a place that is not its start.</summary>
    public long ArrivingWeight(int position) => arriving.Length == 0 ? 0 : arriving[position];

    /// <summary>
    /// How often a migration from one place to another charges <see cref="LeavingWeight"/> and <see cref="ArrivingWeight"/>: once, unless the family
    /// prices pairs of hosts.
    /// </summary>
    public long Times(Place from, Place to) => pairs is null ? 1 : pairs(from.Host, to.Host);

    /// <summary>First cell of each host, or -1 if the family has no cell there; families over one scope share it.</summary>
    public ReadOnlyMemory<int> BaseCells => cellOfHost;

    /// <summary>First cell of a place, or -1 if the family has no cell there.</summary>
    public int BaseCell(HostId host) => cellOfHost[host.Index];

    /// <summary>Calls nothing and allocates nothing: the cells of a place, one after another.</summary>
    public CellEnumerator CellsOf(Place place)
    {
        int first = place.Host.Index < 0 ? -1 : cellOfHost[place.Host.Index];
        uint mask = first < 0 ? 0 : Kind switch { CellKind.NumaNode => place.NumaMask, CellKind.Gpu => place.GpuMask, _ => 1 };
        return new CellEnumerator(first, mask);
    }
}

/// <summary>A factor for migrations from one host to another, at least 0.</summary>
internal delegate long HostPairs(HostId from, HostId to);

/// <summary>Weights of a <see cref="LoadFamily"/> by position of the VM; empty where nothing is charged.</summary>
/// <param name="AtPlace">Charged where the VM is.</param>
/// <param name="Leaving">Charged where a VM that has migrated was.</param>
/// <param name="Arriving">Charged, in addition, where a VM that has migrated is.</param>
/// <param name="Pairs">How often a migration charges what is charged for leaving and arriving; null for once.</param>
/// <param name="AtPlaceNow">Charged at the start before demands change; null if it is the same.</param>
/// <param name="Dimension">The dimension whose demand is charged; null if it is something else.</param>
internal readonly record struct Charges(
    long[] AtPlace, long[] Leaving, long[] Arriving, HostPairs? Pairs = null, long[]? AtPlaceNow = null, int? Dimension = null)
{
    public static Charges Static(long[] weights) => new(weights, [], []);
}

/// <summary>The cells that a place covers in a family.</summary>
public ref struct CellEnumerator
{
    private readonly int first;
    private uint mask;

    internal CellEnumerator(int first, uint mask) => (this.first, this.mask, Current) = (first, mask, -1);

    /// <summary>The cell at hand.</summary>
    public int Current { get; private set; }

    /// <summary>Goes to the next cell.</summary>
    public bool MoveNext()
    {
        if (mask == 0) return false;
        Current = first + System.Numerics.BitOperations.TrailingZeroCount(mask);
        mask &= mask - 1;
        return true;
    }

    /// <summary>This.</summary>
    public readonly CellEnumerator GetEnumerator() => this;
}
