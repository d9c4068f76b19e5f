namespace VirtOpt.Solver.Search.Kernels;

/// <summary>What is paid for a VM that is not at its start, whatever the other VMs do: one number a VM, and one for each pair of hosts.</summary>
internal sealed class MoveCosts
{
    private readonly Place[] starts;
    private readonly double[] away;
    private (LoadFamily Family, double Factor)[] pairs = [];

    /// <param name="starts">Where the VMs started.</param>
    public MoveCosts(Place[] starts) => (this.starts, away) = (starts, new double[starts.Length]);

    /// <summary>
    /// Takes a term in, if it is of this kind: a straight line over one cell that all hosts share, so that every VM pays for itself.
    /// </summary>
    /// <param name="term">The term.</param>
    /// <param name="factor">What one unit of its amount costs.</param>
    /// <param name="hosts">Number of hosts.</param>
    public bool TryAdd(SumTerm term, double factor, int hosts)
    {
        LoadFamily family = term.Family;
        bool isLine = term.Outer == Outer.Sum && family.CellCount == 1 && term.Functions[0] is { Jump: 0, Hinges.Count: 0 };
        if (!isLine || family.Kind != CellKind.Host || Enumerable.Range(0, hosts).Any(h => family.BaseCell(new HostId(h)) < 0)) return false;
        factor *= term.Functions[0].Slope;
        if (family.TellsStartsApart) pairs = [.. pairs, (family, factor)];
        else
            for (int position = 0; position < (family.IsDense ? starts.Length : family.Members.Length); position++)
                away[family.IsDense ? position : family.Members[position]] +=
                    factor * (family.LeavingWeight(position) + family.ArrivingWeight(position));
        return true;
    }

    /// <summary>True if a VM pays by the pair of its hosts, which takes longer to look up than tables take to judge a move.</summary>
    public bool HasPairs => pairs.Length > 0;

    /// <summary>What a VM pays at a place.</summary>
    public double At(int vm, Place place)
    {
        Place start = starts[vm];
        if (place == start || start.Host.Index < 0) return 0;
        double cost = away[vm];
        foreach ((LoadFamily family, double factor) in pairs)
            if (family.PositionOf(vm) is >= 0 and int position)
                cost += factor * family.Times(start, place) * (family.LeavingWeight(position) + family.ArrivingWeight(position));
        return cost;
    }
}
