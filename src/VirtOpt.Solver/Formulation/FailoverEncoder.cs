namespace VirtOpt.Solver.Formulation;

/// <summary>
/// Writes that a failure is survived: per class and receiving host how many VMs restart there, within what its load leaves.
/// </summary>
internal sealed class FailoverEncoder(LinearModel rows, LoadTable loads, IReadOnlyList<ClassVariables> classes)
{
    /// <summary>Rows under which a failure is survived.</summary>
    public void Survive(FailoverTerm term, int failure) => Restart(term, term.Failures[failure], lost: -1);

    /// <summary>The number of failures that are not survived.</summary>
    public LinearExpression Amount(FailoverTerm term)
    {
        LinearExpression unsurvived = new();
        foreach (IReadOnlyList<int> failed in term.Failures)
        {
            int lost = rows.AddVariable(0, 1);
            Restart(term, failed, lost);
            unsurvived.Add(lost, 1);
        }

        return unsurvived;
    }

    private void Restart(FailoverTerm term, IReadOnlyList<int> failed, int lost)
    {
        int[] receivers = [.. Enumerable.Range(0, term.Room[0].Count).Where(h => term.Room[0][h] >= 0 && !failed.Contains(h))];
        Dictionary<int, List<(VmClass Class, int Count)>> restarted = receivers.ToDictionary(h => h, _ => new List<(VmClass, int)>());
        foreach (ClassVariables variables in classes)
        {
            LinearExpression missing = new();
            foreach (PlaceVariables place in variables.Places)
                if (failed.Contains(place.Place.Host.Index)) missing.Add(place.Count());
            (_, long most) = rows.Range(missing);
            if (most <= 0) continue;
            foreach (int host in receivers)
            {
                int count = rows.AddVariable(0, most);
                restarted[host].Add((variables.Class, count));
                missing.Add(count, -1);
            }

            if (lost >= 0) missing.Add(lost, -most);
            rows.AtMost(missing, 0);
        }

        foreach (int host in receivers)
            for (int d = 0; d < term.Loads.Count; d++) Receive(term.Loads[d], host, term.Room[d][host], restarted[host]);
    }

    private void Receive(LoadFamily family, int host, long room, List<(VmClass Class, int Count)> restarted)
    {
        LinearExpression load = new LinearExpression().Add(loads[family, host]);
        long over = Math.Max(0, loads.Range(family, host).High - room);
        int fits = over > 0 ? rows.AddVariable(0, 1) : -1;
        foreach ((VmClass vmClass, int count) in restarted)
        {
            long weight = family.Weight(vmClass.Vms[0]);
            load.Add(count, weight);
            if (fits >= 0 && weight > 0) rows.AtMost(new LinearExpression().Add(count, 1).Add(fits, -rows.Variables[count].Upper), 0);
        }

        if (fits >= 0) load.Add(fits, over);
        rows.AtMost(load, room + over);
    }
}
