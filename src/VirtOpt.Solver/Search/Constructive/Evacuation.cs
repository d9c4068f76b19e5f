using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Kernels;

namespace VirtOpt.Solver.Search.Constructive;

/// <summary>
/// Empties hosts, those with the least on them first, where the score gains by it. Each VM goes to the host in use that was fullest at the begin and
/// has room for it, so that room stays together (best fit, as VMware DPM evacuates). Hosts that stay only fill up, so where VMs of a size found no room
/// no later one does: each size goes on where the last one ended, and the time grows with VMs plus sizes times hosts, not with VMs times hosts.
/// </summary>
internal sealed class Evacuation
{
    /// <summary>Hosts with room that a VM may try: a rule of its own may forbid the first.</summary>
    private const int MostTries = 64;

    /// <summary>Hosts in a row that could not be emptied; the ones after them are fuller still.</summary>
    private const int MostFailures = 100;

    private readonly SolveSession session;
    private readonly ClusterSnapshot cluster;
    private readonly CandidateTable candidates;
    private readonly PlacementState state;
    private readonly double[] size;
    private readonly Func<LoadFamily, int, long> load;
    private readonly HostMembers members;
    private readonly long[] room;
    private readonly int[] byFullness;
    private readonly int[] rankOf;
    private readonly Dictionary<ResourceVector, int> firstWithRoom = [];

    /// <param name="session">The solve.</param>
    /// <param name="candidates">Where VMs may go.</param>
    /// <param name="state">The placement; all VMs are placed.</param>
    /// <param name="size">Size of each VM.</param>
    public Evacuation(SolveSession session, CandidateTable candidates, PlacementState state, double[] size)
    {
        (this.session, this.candidates, this.state, this.size, load) = (session, candidates, state, size, state.Load);
        cluster = session.Problem.Cluster;
        int hosts = cluster.Hosts.Count;
        members = new HostMembers(state.Places, hosts);
        room = [.. cluster.Hosts.SelectMany(h => Enumerable.Range(0, cluster.Dimensions.Count).Select(h.Usable))];
        for (int vm = 0; vm < size.Length; vm++) TakeRoom(vm, state.Places[vm].Host.Index, 1);
        double[] hostSize = RelativeSize.OfHosts(cluster);
        double[] fullness = new double[hosts];
        for (int host = 0; host < hosts; host++)
            foreach (int vm in members.On(host)) fullness[host] += size[vm] / hostSize[host];
        byFullness = [.. Enumerable.Range(0, hosts).Where(h => members.CountOn(h) > 0).OrderByDescending(h => fullness[h])];
        rankOf = new int[hosts];
        for (int rank = 0; rank < byFullness.Length; rank++) rankOf[byFullness[rank]] = rank;
    }

    /// <summary>Empties hosts until no more is to be expected or the time is over.</summary>
    /// <param name="until">Time since the start of the solve.</param>
    /// <returns>Number of hosts emptied.</returns>
    public int Run(TimeSpan until)
    {
        (int emptied, int failures) = (0, 0);
        for (int i = byFullness.Length - 1; i >= 0 && failures < MostFailures && !session.IsOver && session.Elapsed <= until; i--)
            if (TryEmpty(byFullness[i])) (emptied, failures) = (emptied + 1, 0);
            else failures++;
        return emptied;
    }

    private bool TryEmpty(int host)
    {
        int[] vms = members.On(host).ToArray();
        if (Array.Exists(vms, vm => candidates[vm].Count == 0)) return false;
        Array.Sort(vms, (one, other) => size[other].CompareTo(size[one]));
        Score before = state.Score();
        Place[] places = [.. vms.Select(vm => state.Places[vm])];
        int moved = 0;
        while (moved < vms.Length && TryMove(vms[moved], host)) moved++;
        if (moved == vms.Length && state.Score().CompareTo(before) < 0) return true;
        int first = byFullness.Length;
        for (int i = 0; i < moved; i++)
        {
            first = Math.Min(first, rankOf[state.Places[vms[i]].Host.Index]);
            Move(vms[i], places[i]);
        }

        foreach ((ResourceVector demand, int at) in firstWithRoom.ToArray()) firstWithRoom[demand] = Math.Min(at, first);
        return false;
    }

    private bool TryMove(int vm, int host)
    {
        ResourceVector demand = cluster.Vms[vm].Demand;
        int rank = firstWithRoom.GetValueOrDefault(demand);
        while (rank < byFullness.Length && !HasRoom(demand, byFullness[rank])) rank++;
        firstWithRoom[demand] = rank;
        for (int tries = 0; rank < byFullness.Length && tries < MostTries; rank++)
        {
            int other = byFullness[rank];
            if (other == host || !HasRoom(demand, other)) continue;
            if (TryMoveTo(vm, other)) return true;
            tries++;
        }

        return false;
    }

    private bool TryMoveTo(int vm, int host)
    {
        Place from = state.Places[vm];
        CandidateList list = candidates.ListOf(vm);
        for (int i = 0; i < list.CountOn(host); i++)
        {
            if (session.Filter.MostComing(candidates.ClassOf(vm), list.PlaceOn(host, i), load, 1) <= 0) continue;
            Move(vm, list.PlaceOn(host, i));
            if (state.Broken == 0) return true;
            Move(vm, from);
        }

        return false;
    }

    /// <summary>Whether a host is in use and has the capacity for a demand; whether the rules agree is asked later.</summary>
    private bool HasRoom(ResourceVector demand, int host)
    {
        if (members.CountOn(host) == 0) return false;
        for (int d = 0; d < demand.Count; d++)
            if (demand[d] > room[(host * demand.Count) + d]) return false;
        return true;
    }

    private void Move(int vm, Place to)
    {
        int from = state.Places[vm].Host.Index;
        TakeRoom(vm, from, -1);
        TakeRoom(vm, to.Host.Index, 1);
        members.Move(vm, from, to.Host.Index);
        state.Move(vm, to);
    }

    private void TakeRoom(int vm, int host, int sign)
    {
        ResourceVector demand = cluster.Vms[vm].Demand;
        for (int d = 0; d < demand.Count; d++) room[(host * demand.Count) + d] -= sign * demand[d];
    }
}
