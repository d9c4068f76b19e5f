namespace VirtOpt.Solver.Tests.Sequencing;

/// <summary>
/// All plans of a tiny problem with one dimension, second by second: every VM that the placement moves may stay, go to its target or, if hops are allowed,
/// anywhere; it is charged at both ends while it goes.
/// </summary>
internal sealed class AllPlans(ClusterSnapshot cluster, Placement target, long[] seconds, int perHost, bool hops)
{
    private readonly int[] moving = [.. Enumerable.Range(0, cluster.Vms.Count).Where(vm => cluster.Vms[vm].Start!.Value != target[new VmId(vm)])];

    /// <summary>The shortest makespan; null if there is no plan.</summary>
    public int? Shortest()
    {
        Dictionary<string, State[]> now = new() { [""] = [.. moving.Select(vm => new State(cluster.Vms[vm].Start!.Value.Host.Index, -1, 0))] };
        HashSet<string> seen = [];
        for (int second = 0; now.Count > 0; second++)
        {
            Dictionary<string, State[]> next = [];
            foreach (State[] states in now.Values)
            {
                if (IsDone(states)) return second;
                foreach (State[] chosen in Choices(states, 0))
                {
                    State[] after = [.. chosen.Select(s => s.To < 0 ? s : s.Left == 1 ? new State(s.To, -1, 0) : s with { Left = s.Left - 1 })];
                    string key = string.Join(' ', after.Select(s => $"{s.At},{s.To},{s.Left}"));
                    if (seen.Add(key)) next[key] = after;
                }
            }

            now = next;
        }

        return null;
    }

    private bool IsDone(State[] states) =>
        Enumerable.Range(0, moving.Length).All(i => states[i].To < 0 && states[i].At == target[new VmId(moving[i])].Host.Index);

    private IEnumerable<State[]> Choices(State[] states, int index)
    {
        if (index == states.Length) return [states];
        IEnumerable<State[]> result = Choices(states, index + 1);
        if (states[index].To >= 0) return result;
        for (int to = 0; to < cluster.Hosts.Count; to++)
        {
            int goal = to;
            if (goal == states[index].At || (!hops && goal != target[new VmId(moving[index])].Host.Index)) continue;
            State[] going = [.. states.Select((s, i) => i == index ? new State(s.At, goal, (int)seconds[moving[index]]) : s)];
            if (Fits(going)) result = result.Concat(Choices(going, index + 1));
        }

        return result;
    }

    private bool Fits(State[] states)
    {
        for (int h = 0; h < cluster.Hosts.Count; h++)
        {
            long load = Enumerable.Range(0, cluster.Vms.Count).Where(vm => !moving.Contains(vm) && cluster.Vms[vm].Start!.Value.Host.Index == h)
                .Sum(vm => cluster.Vms[vm].Demand[0]);
            for (int i = 0; i < moving.Length; i++)
                if (states[i].At == h || states[i].To == h) load += cluster.Vms[moving[i]].Demand[0];
            if (load > cluster.Hosts[h].Capacity[0] || states.Count(s => s.To >= 0 && (s.At == h || s.To == h)) > perHost) return false;
        }

        return true;
    }

    private sealed record State(int At, int To, int Left);
}
