namespace VirtOpt.Solver.Search.Neighbourhoods;

/// <summary>A way to choose the hosts that a sub-model opens.</summary>
internal abstract class Neighbourhood
{
    private const double Memory = 0.9;
    private const double Floor = 0.1;

    /// <summary>Name in statistics.</summary>
    public abstract string Name { get; }

    /// <summary>Share in the choice: recent success, never 0.</summary>
    public double Weight { get; private set; } = 1;

    /// <summary>Whether there is something to choose by in a problem.</summary>
    public virtual bool Suits(PlacementProblem problem) => true;

    /// <summary>Hosts in the order in which they should be opened; more than needed may come.</summary>
    /// <param name="session">The solve.</param>
    /// <param name="current">Where the VMs are.</param>
    /// <param name="random">The source of chance.</param>
    public abstract IEnumerable<int> Choose(SolveSession session, Place[] current, Random random);

    /// <summary>Learns from a sub-model.</summary>
    public void Reward(bool better) => Weight = Math.Max(Floor, (Memory * Weight) + (better ? 1 - Memory : 0));

    protected static int[] Shuffled(IEnumerable<int> hosts, Random random)
    {
        int[] order = [.. hosts];
        random.Shuffle(order);
        return order;
    }

    protected static int[] Available(SolveSession session) =>
        [.. Enumerable.Range(0, session.Problem.Cluster.Hosts.Count).Where(h => session.Problem.Cluster.Hosts[h].State == HostState.Available)];
}
