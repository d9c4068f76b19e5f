using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Sequencing.Timed.Value;

/// <summary>
/// The cluster in the middle of a choice of legs: room and continuous rules, what it is worth, and legs that are released together with those that must
/// make room for them.
/// </summary>
internal sealed class Midway
{
    private const int MostVisits = 300;
    private readonly IReadOnlyList<Leg> legs;
    private readonly SequenceState rooms;
    private readonly PlacementState places;
    private readonly Scoring scoring;
    private readonly Dictionary<int, int[]> giversOf;
    private readonly bool[] isGone;
    private readonly HashSet<int> asked = [];
    private long unplaced;
    private int visits;

    public Midway(LegMaker maker, IReadOnlyList<Leg> legs)
    {
        this.legs = legs;
        scoring = maker.Scoring;
        rooms = new SequenceState(maker);
        places = scoring.StateAt(Placement.StartOf(maker.Problem.Cluster).Places);
        isGone = new bool[legs.Count];
        unplaced = maker.Problem.Cluster.Vms.Count(vm => vm.Start is null);
        giversOf = Enumerable.Range(0, legs.Count).SelectMany(i => legs[i].Gives.Select(g => (g.Cell, g.Amount, Leg: i)))
            .GroupBy(g => g.Cell).ToDictionary(g => g.Key, g => g.OrderByDescending(x => x.Amount).ThenBy(x => x.Leg).Select(x => x.Leg).ToArray());
    }

    /// <summary>What is reached is worth this.</summary>
    public Worth Worth => new(unplaced, places.Score());

    /// <summary>By how much hard rules, discrete ones as well, are broken beyond what the start breaks.</summary>
    public long Broken => places.Broken;

    /// <summary>Names of the levels of <see cref="Worth"/>.</summary>
    public IReadOnlyList<int> Levels => scoring.Levels;

    public bool IsGone(int leg) => isGone[leg];

    /// <summary>Releases a leg, and before it what must make room for it.</summary>
    /// <param name="leg">The leg.</param>
    /// <param name="done">Gets the released legs in order.</param>
    /// <returns>False, with nothing changed, if that cannot be done without hops.</returns>
    public bool Release(int leg, List<int> done)
    {
        visits = 0;
        asked.Clear();
        return Go(leg, done);
    }

    /// <summary>Takes legs back, to a number of them.</summary>
    public void Undo(List<int> done, int count = 0)
    {
        for (int i = done.Count - 1; i >= count; i--) Put(done[i], isForward: false);
        done.RemoveRange(count, done.Count - count);
    }

    /// <summary>Carries a leg out whether or not it has room now: for the judgement of a placement alone.</summary>
    public void Put(int leg, bool isForward)
    {
        Leg moved = legs[leg];
        if (isForward) rooms.Go(moved);
        else rooms.Undo(moved);
        places.Move(moved.Vm, isForward ? moved.To : moved.From);
        if (!moved.IsTransfer) unplaced += isForward ? -1 : 1;
        isGone[leg] = isForward;
    }

    private bool Go(int leg, List<int> done)
    {
        if (isGone[leg]) return true;
        if (++visits > MostVisits || !asked.Add(leg)) return false;
        int mark = done.Count;
        bool hasRoom = true;
        while (hasRoom && rooms.Short(legs[leg]) is >= 0 and int cell) hasRoom = Free(cell, done);
        asked.Remove(leg);
        if (hasRoom && rooms.RulesAllow(legs[leg]))
        {
            Put(leg, isForward: true);
            done.Add(leg);
            return true;
        }

        Undo(done, mark);
        return false;
    }

    /// <summary>Lets one more leg leave a cell: the largest that is free to go, else the largest that can be made free.</summary>
    private bool Free(int cell, List<int> done)
    {
        int[] givers = giversOf.GetValueOrDefault(cell) ?? [];
        foreach (int giver in givers)
            if (!isGone[giver] && !asked.Contains(giver) && rooms.Short(legs[giver]) < 0 && Go(giver, done)) return true;
        foreach (int giver in givers)
            if (!isGone[giver] && !asked.Contains(giver) && Go(giver, done)) return true;
        return false;
    }
}
