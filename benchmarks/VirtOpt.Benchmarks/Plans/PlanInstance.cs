namespace VirtOpt.Benchmarks.Plans;

/// <summary>
/// A cluster that is filled to a share of its memory, and a placement that differs from its start in a number of VMs: those are taken out and put, large ones
/// first, on other hosts that have room. Hosts have 256 GiB, VMs 2 to 32 GiB.
/// </summary>
internal sealed record PlanInstance(PlacementProblem Problem, Placement Target)
{
    private const long HostMemory = 256;
    private static readonly long[] Sizes = [2, 4, 4, 8, 8, 8, 16, 16, 32];

    public static PlanInstance Make(int hosts, int moves, double fill, int seed)
    {
        Random random = new(seed);
        long[] load = new long[hosts];
        List<(long Size, int Host)> vms = [];
        for (int h = 0; h < hosts; h++)
            for (int misses = 0; misses < 20;)
            {
                long size = Sizes[random.Next(Sizes.Length)];
                if (load[h] + size > HostMemory * fill + 1)
                {
                    misses++;
                    continue;
                }

                load[h] += size;
                vms.Add((size, h));
            }

        int[] target = [.. vms.Select(v => v.Host)];
        Scatter(random, vms, load, target, moves);
        ClusterSnapshot cluster = new(
            [new("memory", "GiB")], [.. Enumerable.Range(0, hosts).Select(h => new Host { Name = $"h{h}", Capacity = [HostMemory] })],
            [.. vms.Select((v, i) => new VirtualMachine { Name = $"v{i}", Demand = [v.Size], Start = new Place(new HostId(v.Host)) })]);
        return new PlanInstance(new PlacementProblem(cluster), new Placement([.. target.Select(h => new Place(new HostId(h)))]));
    }

    private static void Scatter(Random random, List<(long Size, int Host)> vms, long[] load, int[] target, int moves)
    {
        int[] order = [.. Enumerable.Range(0, vms.Count)];
        random.Shuffle(order);
        int[] chosen = [.. order.Take(moves).OrderByDescending(v => vms[v].Size)];
        foreach (int vm in chosen) load[target[vm]] -= vms[vm].Size;
        foreach (int vm in chosen)
        {
            for (int tries = 0; tries < 2000; tries++)
            {
                int host = random.Next(load.Length);
                if (host == vms[vm].Host || load[host] + vms[vm].Size > HostMemory) continue;
                target[vm] = host;
                break;
            }

            load[target[vm]] += vms[vm].Size;
        }
    }
}
