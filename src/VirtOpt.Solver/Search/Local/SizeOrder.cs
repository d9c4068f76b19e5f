using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Constructive;

namespace VirtOpt.Solver.Search.Local;

/// <summary>The VMs that can move, from small to large.</summary>
internal sealed class SizeOrder
{
    private readonly Place[] starts;

    /// <param name="cluster">The cluster.</param>
    /// <param name="candidates">Where VMs may go.</param>
    public SizeOrder(ClusterSnapshot cluster, CandidateTable candidates)
    {
        SizeOf = RelativeSize.OfVms(cluster);
        BySize = [.. Enumerable.Range(0, SizeOf.Length).Where(vm => candidates.ListOf(vm).Count > 0).OrderBy(vm => SizeOf[vm])];
        starts = [.. cluster.Vms.Select((vm, v) => vm.Start is { } start && candidates.Allows(v, start) ? start : Placement.Nowhere)];
        RankOf = new int[SizeOf.Length];
        Array.Fill(RankOf, -1);
        for (int rank = 0; rank < BySize.Length; rank++) RankOf[BySize[rank]] = rank;
    }

    /// <summary>The start of a VM; false if it has none, or could not go there anew.</summary>
    public bool TryStartOf(int vm, out Place start)
    {
        start = starts[vm];
        return start.Host.Index >= 0;
    }

    /// <summary>Per VM its size (<see cref="RelativeSize"/>).</summary>
    public double[] SizeOf { get; }

    /// <summary>The VMs.</summary>
    public int[] BySize { get; }

    /// <summary>Per VM its position in <see cref="BySize"/>; -1 for one that cannot move.</summary>
    public int[] RankOf { get; }
}
