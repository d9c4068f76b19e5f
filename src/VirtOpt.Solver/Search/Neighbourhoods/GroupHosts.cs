namespace VirtOpt.Solver.Search.Neighbourhoods;

/// <summary>The hosts of a group's VMs, then others at random: rules tie those hosts together (related removal; Shaw 1998).</summary>
internal sealed class GroupHosts : Neighbourhood
{
    public override string Name => "hosts of a group";

    public override bool Suits(PlacementProblem problem) => problem.Cluster.VmGroups.Count > 0;

    public override IEnumerable<int> Choose(SolveSession session, Place[] current, Random random)
    {
        IReadOnlyList<VmGroup> groups = session.Problem.Cluster.VmGroups;
        VmGroup group = groups[random.Next(groups.Count)];
        int[] first = Shuffled(group.Members.Select(vm => current[vm.Index].Host.Index).Distinct(), random);
        return first.Concat(Shuffled(Available(session), random));
    }
}
