namespace VirtOpt;

/// <summary>
/// The cluster score of hbal 3.0 with its default weights: standard deviations over the online nodes, and counts. Written after the manual page hbal(1)
/// and checked against the parts that <c>hbal -v -v</c> prints. The parts that look ahead at forthcoming instances repeat others, and are added to them here.
/// </summary>
internal sealed class HtoolsScore
{
    private const double WeightOfFailN1 = 1;
    private const double WeightOfReservedTotal = 0.25;
    private const double WeightOfOffline = 4;
    private const double WeightOfOfflinePrimary = 16;
    private const double WeightOfTagConflict = 2;

    /// <summary>The score.</summary>
    public double Total { get; private set; }

    /// <summary>Instances on nodes whose free memory is less than what the failure of one other node would start there (n1_cnt).</summary>
    public int FailN1 { get; private set; }

    /// <summary>By how many the instances with one exclusion tag on one node exceed one, in all (pri_tags_score).</summary>
    public int TagConflicts { get; private set; }

    /// <summary>The score of a state.</summary>
    /// <param name="file">What was read.</param>
    /// <param name="primaries">The primary node of each instance.</param>
    public static HtoolsScore Of(HtoolsFile file, int[] primaries)
    {
        ILookup<int, int> primariesOn = Enumerable.Range(0, primaries.Length).ToLookup(i => primaries[i]);
        ILookup<int, int> secondariesOn = Enumerable.Range(0, primaries.Length)
            .Where(i => file.Instances[i].Secondary is not null).ToLookup(i => file.Instances[i].Secondary!.Value);
        long[] unaccounted = file.UnaccountedMemory();
        HtoolsScore score = new();
        List<NodeState> states = [];
        for (int n = 0; n < file.Nodes.Count; n++)
        {
            HtoolsInstance[] here = [.. primariesOn[n].Select(i => file.Instances[i])];
            if (file.Nodes[n].IsOffline)
            {
                score.Total += (WeightOfOfflinePrimary * here.Length) + (WeightOfOffline * (here.Length + secondariesOn[n].Count()));
                continue;
            }

            NodeState state = new(file, n, here, [.. secondariesOn[n].Select(i => (primaries[i], file.Instances[i]))], unaccounted[n]);
            states.Add(state);
            if (state.FailsN1) score.FailN1 += here.Length + secondariesOn[n].Count();
            score.TagConflicts += here.SelectMany(i => i.ExclusionTags).GroupBy(tag => tag, StringComparer.Ordinal).Sum(tag => tag.Count() - 1);
        }

        score.Total += (WeightOfFailN1 * score.FailN1) + (WeightOfTagConflict * score.TagConflicts) + Spread(states);
        return score;
    }

    /// <summary>The part of the score that consists of standard deviations, with the sum of reserved memory.</summary>
    private static double Spread(List<NodeState> states) =>
        (0.5 * Deviation(states, s => s.FreeMemory)) + (0.5 * Deviation(states, s => s.FreeMemoryAhead)) + Deviation(states, s => s.FreeDisk)
        + Deviation(states, s => s.VcpuRatio) + Deviation(states, s => s.SpindleRatio) + Deviation(states, s => s.ReservedMemory)
        + (3 * Deviation(states, s => s.Primaries)) + Deviation(states, s => s.DiskUsers) + (WeightOfReservedTotal * states.Sum(s => s.ReservedMemory));

    private static double Deviation(List<NodeState> states, Func<NodeState, double> of)
    {
        double mean = states.Average(of);
        return Math.Sqrt(states.Average(s => Math.Pow(of(s) - mean, 2)));
    }

    /// <summary>What the score looks at on one online node; memory and disk as shares of the node's.</summary>
    private sealed class NodeState
    {
        public NodeState(HtoolsFile file, int index, HtoolsInstance[] here, (int Primary, HtoolsInstance Instance)[] secondaries, long unaccounted)
        {
            HtoolsNode node = file.Nodes[index];
            IEnumerable<HtoolsInstance> started = file.Instances.Where(i => i.Primary == index);
            long used = here.Where(i => !i.IsDown).Sum(i => i.Memory);
            long reported = node.FreeMemory + started.Where(i => !i.IsDown).Sum(i => i.Memory) - used;
            long reserved = secondaries.Where(s => s.Instance is { AutoBalance: true, IsOffline: false })
                .GroupBy(s => s.Primary).Select(peer => peer.Sum(s => s.Instance.Memory)).DefaultIfEmpty().Max();
            long freeDisk = node.FreeDisk + started.Where(i => i.IsLocal).Sum(i => i.Disk) - here.Where(i => i.IsLocal).Sum(i => i.Disk);
            IEnumerable<HtoolsInstance> local = here.Concat(secondaries.Select(s => s.Instance)).Where(i => i.IsLocal);
            FreeMemory = (node.TotalMemory - node.NodeMemory - used - unaccounted) / (double)node.TotalMemory;
            FreeMemoryAhead = (reported - here.Where(i => i.IsDown).Sum(i => i.Memory)) / (double)node.TotalMemory;
            ReservedMemory = reserved / (double)node.TotalMemory;
            FailsN1 = reported < reserved;
            FreeDisk = node.TotalDisk == 0 ? 1 : freeDisk / (double)node.TotalDisk;
            VcpuRatio = (node.NodeVcpus + here.Where(i => !i.IsOffline).Sum(i => i.Vcpus)) / (double)node.Cores / node.CpuSpeed;
            SpindleRatio = local.Sum(i => i.SpindleUse) / (file.SpindleRatio * node.Spindles);
            (Primaries, DiskUsers) = (here.Length, here.Length + secondaries.Length);
        }

        public double FreeMemory { get; }

        public double FreeMemoryAhead { get; }

        public double ReservedMemory { get; }

        public bool FailsN1 { get; }

        public double FreeDisk { get; }

        public double VcpuRatio { get; }

        public double SpindleRatio { get; }

        public double Primaries { get; }

        public double DiskUsers { get; }
    }
}
