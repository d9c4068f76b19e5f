namespace VirtOpt;

/// <summary>Places the VMs of a synthetic cluster one by one, crowding the first hosts of a random order, never above capacity.</summary>
internal sealed class StartPlacer
{
    private const int Tries = 24;

    /// <summary>Above 1: hosts early in the order get more VMs.</summary>
    private const double Skew = 1.6;

    private readonly Random random;
    private readonly long[][] free;
    private readonly long[][][] freeNodes;
    private readonly int[] order;
    private int next;

    /// <summary>Begins with empty hosts.</summary>
    /// <param name="random">The source of chance.</param>
    /// <param name="hosts">The hosts.</param>
    public StartPlacer(Random random, IReadOnlyList<Host> hosts)
    {
        this.random = random;
        free = [.. hosts.Select(h => (long[])[.. h.Capacity.Select((_, d) => h.Usable(d))])];
        freeNodes = [.. hosts.Select(h => (long[][])[.. h.NumaNodes.Select(n => n.Capacity.ToArray())])];
        order = [.. Enumerable.Range(0, hosts.Count)];
        random.Shuffle(order);
    }

    /// <summary>Finds room and takes it.</summary>
    /// <param name="demand">What the VM needs.</param>
    /// <param name="nodes">NUMA nodes that it spans.</param>
    /// <param name="allowed">Whether rules allow a host.</param>
    /// <returns>The place, or null if there is no room.</returns>
    public Place? Take(long[] demand, int nodes, Func<int, bool> allowed)
    {
        for (int t = 0; t < Tries; t++)
        {
            int host = order[(int)(order.Length * Math.Pow(random.NextDouble(), Skew))];
            if (allowed(host) && TryTake(host, demand, nodes) is { } place) return place;
        }

        for (int i = 0; i < order.Length; i++)
        {
            int host = order[(next + i) % order.Length];
            if (!allowed(host) || TryTake(host, demand, nodes) is not { } place) continue;
            next = (next + i) % order.Length;
            return place;
        }

        return null;
    }

    private Place? TryTake(int host, long[] demand, int nodes)
    {
        for (int d = 0; d < demand.Length; d++)
            if (free[host][d] < demand[d]) return null;
        if (NodesFor(host, demand, nodes) is not { } mask) return null;
        for (int d = 0; d < demand.Length; d++)
        {
            free[host][d] -= demand[d];
            for (int n = 0; n < freeNodes[host].Length; n++)
                if ((mask >> n & 1) == 1) freeNodes[host][n][d] -= demand[d] / nodes;
        }

        return new Place(new HostId(host), mask);
    }

    /// <summary>The first nodes with room; parts limit CPU and memory only, the first two dimensions.</summary>
    private uint? NodesFor(int host, long[] demand, int nodes)
    {
        uint mask = 0;
        int found = 0;
        for (int n = 0; n < freeNodes[host].Length && found < nodes; n++)
        {
            if (freeNodes[host][n][0] < demand[0] / nodes || freeNodes[host][n][1] < demand[1] / nodes) continue;
            mask |= 1u << n;
            found++;
        }

        return found == nodes ? mask : null;
    }
}
