namespace VirtOpt.Solver.Tests.Patterns;

/// <summary>Random small problems of fragmentation that patterns apply to: valid starts, hosts and VMs of several sizes.</summary>
internal static class PatternInstances
{
    /// <summary>Hosts with one or two NUMA nodes, VMs on one node or on both; some immovable, some hosts in maintenance, some rules on sets.</summary>
    public static PlacementProblem OnNodes(int seed, int mostHosts = 5, int mostVms = 14, bool withSets = false)
    {
        Random random = new(seed);
        Host[] hosts = [.. Enumerable.Range(0, random.Next(2, mostHosts + 1)).Select(h => HostWithNodes(random, h))];
        List<VirtualMachine> vms = [];
        long[][] free = [.. hosts.Select(h => (long[])[.. h.NumaNodes.Select(n => n.Capacity[0])])];
        for (int tries = 0; tries < 4 * mostVms && vms.Count < mostVms; tries++)
        {
            int host = random.Next(hosts.Length);
            uint mask = (uint)random.Next(1, 1 << free[host].Length);
            int span = mask == 3 ? 2 : 1;
            long weight = 2 * random.Next(1, 4);
            int[] nodes = [.. Enumerable.Range(0, free[host].Length).Where(n => (mask >> n & 1) == 1)];
            if (hosts[host].State != HostState.Available || nodes.Any(n => free[host][n] < weight)) continue;
            foreach (int n in nodes) free[host][n] -= weight;
            vms.Add(new VirtualMachine
            {
                Name = $"v{vms.Count}",
                Demand = [span * weight, span * weight * random.Next(1, 3)],
                NumaNodes = span,
                Start = new(new HostId(host), mask),
                Movable = random.Next(8) > 0,
            });
        }

        return Problem(random, hosts, vms, [2 * random.Next(2, 5), 0], Fragmentation.Numa, withSets);
    }

    /// <summary>Hosts without NUMA nodes.</summary>
    public static PlacementProblem OnHosts(int seed)
    {
        Random random = new(seed);
        Host[] hosts = [.. Enumerable.Range(0, random.Next(2, 6)).Select(h => new Host { Name = $"h{h}", Capacity = [random.Next(8, 20), 100] })];
        List<VirtualMachine> vms = [];
        long[] free = [.. hosts.Select(h => h.Capacity[0])];
        for (int tries = 0; tries < 14; tries++)
        {
            (int host, long weight) = (random.Next(hosts.Length), random.Next(1, 7));
            if (free[host] < weight) continue;
            free[host] -= weight;
            vms.Add(new VirtualMachine { Name = $"v{vms.Count}", Demand = [weight, 3 * weight], Start = new(new HostId(host)), Movable = random.Next(8) > 0 });
        }

        return Problem(random, hosts, vms, [random.Next(3, 9), 0], Scope.Host, withSets: false);
    }

    /// <summary>Hosts with little more memory than their VMs need at the start.</summary>
    public static PlacementProblem WithScarceMemory(int seed)
    {
        PlacementProblem problem = OnNodes(seed);
        ClusterSnapshot cluster = problem.Cluster;
        Host[] hosts = [.. cluster.Hosts.Select((host, h) => host with
        {
            Capacity = [host.Capacity[0], 3 + cluster.Vms.Where(vm => vm.Start!.Value.Host.Index == h).Sum(vm => vm.Demand[1])],
        })];
        return new PlacementProblem(new ClusterSnapshot(cluster.Dimensions, hosts, cluster.Vms))
        {
            Constraints = [.. problem.Constraints.OfType<MigrationLimit>()],
            Objectives = problem.Objectives,
        };
    }

    private static Host HostWithNodes(Random random, int index)
    {
        HostPart[] nodes =
            [.. Enumerable.Range(0, random.Next(4) == 0 ? 1 : 2).Select(_ => 2 * random.Next(4, 8)).Select(c => new HostPart([c, 2 * c], [0, 1]))];
        return new Host
        {
            Name = $"h{index}",
            Capacity = [nodes.Sum(n => n.Capacity[0]), nodes.Sum(n => n.Capacity[1])],
            NumaNodes = nodes,
            State = random.Next(8) == 0 ? HostState.Maintenance : HostState.Available,
        };
    }

    private static PlacementProblem Problem(Random random, Host[] hosts, List<VirtualMachine> vms, ResourceVector shape, string per, bool withSets)
    {
        ClusterSnapshot cluster = new([new("cpu", "core"), new("memory", "GiB")], hosts, vms);
        List<Constraint> rules = [];
        if (random.Next(3) > 0) rules.Add(new MigrationLimit(random.Next(0, 6)));
        if (withSets)
            for (int set = 0; set < 2; set++)
                rules.Add(new AntiAffinity(new VmGroup($"set{set}",
                    [.. vms.Select((vm, i) => (vm, i)).Where(_ => random.Next(2) == 0).DistinctBy(x => x.vm.Start!.Value.Host).Select(x => new VmId(x.i))])));
        return new PlacementProblem(cluster) { Constraints = rules, Objectives = [new Fragmentation(shape, per)] };
    }
}
