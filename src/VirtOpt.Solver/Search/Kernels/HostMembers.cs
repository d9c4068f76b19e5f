namespace VirtOpt.Solver.Search.Kernels;

/// <summary>The VMs of each host: joining, leaving and looking take constant time.</summary>
internal sealed class HostMembers
{
    private const int Spare = 8;
    private readonly int[][] members;
    private readonly int[] counts;
    private readonly int[] slots;

    /// <param name="places">Where the VMs are.</param>
    /// <param name="hosts">Number of hosts.</param>
    public HostMembers(ReadOnlySpan<Place> places, int hosts)
    {
        (members, counts, slots) = (new int[hosts][], new int[hosts], new int[places.Length]);
        foreach (Place place in places)
            if (place.Host.Index >= 0) counts[place.Host.Index]++;
        for (int host = 0; host < hosts; host++) members[host] = new int[counts[host] + Spare];
        Array.Clear(counts);
        for (int vm = 0; vm < places.Length; vm++)
            if (places[vm].Host.Index >= 0) Join(vm, places[vm].Host.Index);
    }

    /// <summary>Number of VMs on a host.</summary>
    public int CountOn(int host) => counts[host];

    /// <summary>The VMs on a host, in no order.</summary>
    public ReadOnlySpan<int> On(int host) => members[host].AsSpan(0, counts[host]);

    /// <summary>Moves a VM from one host to another.</summary>
    public void Move(int vm, int from, int to)
    {
        if (from == to) return;
        int last = members[from][--counts[from]];
        members[from][slots[vm]] = last;
        slots[last] = slots[vm];
        Join(vm, to);
    }

    private void Join(int vm, int host)
    {
        if (counts[host] == members[host].Length) Array.Resize(ref members[host], 2 * counts[host]);
        slots[vm] = counts[host];
        members[host][counts[host]++] = vm;
    }
}
