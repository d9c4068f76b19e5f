namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>How long the chain of legs is that wait for each other behind a leg: legs with a long tail should go early.</summary>
internal static class Tails
{
    private const int MostRounds = 16;

    /// <summary>
    /// Tail of each leg in seconds, itself included: a leg that gives room in a cell that is tight is waited for by those that take room there.
    /// </summary>
    public static double[] Of(ScheduleProblem problem)
    {
        int n = problem.Legs.Count;
        double[] tails = [.. problem.Legs.Select(l => (double)l.Seconds)];
        int[] next = NextOfVm(problem);
        double[] longest = new double[problem.Load.Length];
        for (int round = 0; round < MostRounds; round++)
        {
            Array.Clear(longest);
            for (int i = 0; i < n; i++)
                foreach (RoomUse use in problem.Takes[i]) longest[use.Cell] = Math.Max(longest[use.Cell], tails[i]);
            bool hasGrown = false;
            for (int i = 0; i < n; i++)
            {
                double behind = 0;
                if (next[i] >= 0) behind = tails[next[i]];
                foreach (RoomUse use in problem.Gives[i]) behind = Math.Max(behind, longest[use.Cell]);
                hasGrown |= problem.Legs[i].Seconds + behind > tails[i];
                tails[i] = problem.Legs[i].Seconds + behind;
            }

            if (!hasGrown) break;
        }

        return tails;
    }

    /// <summary>Per leg the next leg of the same VM; -1 if there is none.</summary>
    private static int[] NextOfVm(ScheduleProblem problem)
    {
        Dictionary<int, int> known = [];
        int[] next = new int[problem.Legs.Count];
        for (int i = next.Length - 1; i >= 0; i--)
        {
            next[i] = known.GetValueOrDefault(problem.Legs[i].Vm, -1);
            known[problem.Legs[i].Vm] = i;
        }

        return next;
    }
}
