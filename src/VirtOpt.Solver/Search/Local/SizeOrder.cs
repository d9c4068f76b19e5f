namespace VirtOpt.Solver.Search.Local;

/// <summary>The VMs that can move, from small to large.</summary>
internal sealed class SizeOrder
{
    /// <param name="cluster">The cluster.</param>
    /// <param name="candidates">Where VMs may go.</param>
    public SizeOrder(ClusterSnapshot cluster, CandidateTable candidates)
    {
        SizeOf = RelativeSize.OfVms(cluster);
        BySize = [.. Enumerable.Range(0, SizeOf.Length).Where(vm => candidates.ListOf(vm).Count > 0).OrderBy(vm => SizeOf[vm])];
        RankOf = new int[SizeOf.Length];
        Array.Fill(RankOf, -1);
        for (int rank = 0; rank < BySize.Length; rank++) RankOf[BySize[rank]] = rank;
    }

    /// <summary>Per VM its size (<see cref="RelativeSize"/>).</summary>
    public double[] SizeOf { get; }

    /// <summary>The VMs.</summary>
    public int[] BySize { get; }

    /// <summary>Per VM its position in <see cref="BySize"/>; -1 for one that cannot move.</summary>
    public int[] RankOf { get; }
}
