using System.Numerics;
using System.Runtime.InteropServices;

namespace VirtOpt.Solver.Search.Kernels.Profiles;

/// <summary>The loads of all hosts in all slots of a <see cref="ProfileTable"/> under a placement. Judges and makes moves without allocating.</summary>
internal sealed class ProfileLoads
{
    private readonly ProfileTable table;
    private readonly int[] loads;
    private readonly int[] over;

    /// <param name="table">The tables.</param>
    /// <param name="places">Where the VMs are.</param>
    public ProfileLoads(ProfileTable table, ReadOnlySpan<Place> places)
    {
        (this.table, loads, over) = (table, new int[table.Hosts * table.Width], new int[table.Hosts]);
        for (int vm = 0; vm < places.Length; vm++)
            if (places[vm].Host.Index >= 0) Add(places[vm].Host.Index, table.Demand(vm));
        for (int host = 0; host < over.Length; host++) over[host] = CountOver(host, table.Nothing, table.Nothing);
    }

    /// <summary>What the term costs in all.</summary>
    public double Cost
    {
        get
        {
            long sum = 0;
            foreach (int slots in over) sum += table.Amount(slots);
            return table.Factor * sum;
        }
    }

    /// <summary>By how much the requirement is broken beyond what is tolerated.</summary>
    public long Excess
    {
        get
        {
            long excess = 0;
            for (int host = 0; host < over.Length; host++) excess += ExcessOf(host, over[host]);
            return excess;
        }
    }

    /// <summary>Judges that a VM leaves a host for another, while another VM, or none (-1), goes the other way.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="from">Host that it leaves; -1 for none.</param>
    /// <param name="other">The VM that comes in its place.</param>
    /// <param name="to">Host that it reaches; -1 for none.</param>
    /// <param name="isPriced">True if the requirement may be broken.</param>
    /// <param name="cost">Increased by what the move costs.</param>
    /// <param name="excess">Increased by how much more the requirement is broken, where it may be.</param>
    /// <returns>False if it is not allowed.</returns>
    public bool Judge(int vm, int from, int other, int to, bool isPriced, ref double cost, ref long excess)
    {
        if (from == to) return true;
        ReadOnlySpan<int> mine = table.Demand(vm);
        ReadOnlySpan<int> others = other < 0 ? table.Nothing : table.Demand(other);
        return (to < 0 || JudgeHost(to, mine, others, isPriced, ref cost, ref excess))
            && (from < 0 || (other < 0 && over[from] == 0) || JudgeHost(from, others, mine, isPriced, ref cost, ref excess));
    }

    /// <summary>Moves a VM.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="from">Host that it leaves; -1 for none.</param>
    /// <param name="to">Host that it reaches; -1 for none.</param>
    public void Move(int vm, int from, int to)
    {
        if (from == to) return;
        ReadOnlySpan<int> mine = table.Demand(vm);
        if (from >= 0)
        {
            Subtract(from, mine);
            if (over[from] > 0) over[from] = CountOver(from, table.Nothing, table.Nothing);
        }

        if (to < 0) return;
        Add(to, mine);
        over[to] = CountOver(to, table.Nothing, table.Nothing);
    }

    private bool JudgeHost(int host, ReadOnlySpan<int> comes, ReadOnlySpan<int> goes, bool isPriced, ref double cost, ref long excess)
    {
        int after = CountOver(host, comes, goes);
        if (after == over[host]) return true;
        long more = ExcessOf(host, after) - ExcessOf(host, over[host]);
        if (isPriced) excess += more;
        else if (more > 0) return false;
        cost += table.Factor * (table.Amount(after) - table.Amount(over[host]));
        return true;
    }

    private long ExcessOf(int host, int slots) => table.Tolerated is { } tolerated ? Math.Max(0, table.Amount(slots) - tolerated[host]) : 0;

    /// <summary>In how many slots the host is over its limit with what comes and without what goes.</summary>
    private int CountOver(int host, ReadOnlySpan<int> comes, ReadOnlySpan<int> goes)
    {
        ReadOnlySpan<Vector<int>> load = MemoryMarshal.Cast<int, Vector<int>>(loads.AsSpan(host * table.Width, table.Width));
        ReadOnlySpan<Vector<int>> limit = MemoryMarshal.Cast<int, Vector<int>>(table.Limits(host))[..load.Length];
        ReadOnlySpan<Vector<int>> more = MemoryMarshal.Cast<int, Vector<int>>(comes)[..load.Length];
        ReadOnlySpan<Vector<int>> less = MemoryMarshal.Cast<int, Vector<int>>(goes)[..load.Length];
        Vector<int> count = default;
        for (int i = 0; i < load.Length; i++) count -= Vector.GreaterThan(load[i] + more[i] - less[i], limit[i]);
        return Vector.Sum(count);
    }

    private void Add(int host, ReadOnlySpan<int> amounts)
    {
        Span<Vector<int>> load = MemoryMarshal.Cast<int, Vector<int>>(loads.AsSpan(host * table.Width, table.Width));
        ReadOnlySpan<Vector<int>> more = MemoryMarshal.Cast<int, Vector<int>>(amounts)[..load.Length];
        for (int i = 0; i < load.Length; i++) load[i] += more[i];
    }

    private void Subtract(int host, ReadOnlySpan<int> amounts)
    {
        Span<Vector<int>> load = MemoryMarshal.Cast<int, Vector<int>>(loads.AsSpan(host * table.Width, table.Width));
        ReadOnlySpan<Vector<int>> less = MemoryMarshal.Cast<int, Vector<int>>(amounts)[..load.Length];
        for (int i = 0; i < load.Length; i++) load[i] -= less[i];
    }
}
