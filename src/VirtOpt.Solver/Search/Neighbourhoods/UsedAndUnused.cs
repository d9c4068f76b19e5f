namespace VirtOpt.Solver.Search.Neighbourhoods;

/// <summary>Hosts in use with some that are not, so that a host can be exchanged for a cheaper one: about one unused for each two used.</summary>
internal sealed class UsedAndUnused : Neighbourhood
{
    public override string Name => "used and unused hosts";

    public override IEnumerable<int> Choose(SolveSession session, Place[] current, Random random)
    {
        HashSet<int> inUse = [.. current.Select(p => p.Host.Index)];
        Queue<int> used = new(Shuffled(Available(session).Where(inUse.Contains), random));
        Queue<int> unused = new(Shuffled(Available(session).Where(h => !inUse.Contains(h)), random));
        while (used.Count + unused.Count > 0)
        {
            for (int i = 0; i < 2; i++)
                if (used.TryDequeue(out int host)) yield return host;
            if (unused.TryDequeue(out int spare)) yield return spare;
        }
    }
}
