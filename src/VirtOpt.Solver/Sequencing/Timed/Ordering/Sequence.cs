using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>Legs one after another, each with room for it when its turn comes.</summary>
/// <param name="Legs">The legs in order, hops among them.</param>
/// <param name="Blocked">Legs that have no turn, each with what it lacks.</param>
internal sealed record Sequence(IReadOnlyList<Leg> Legs, IReadOnlyList<BlockedLeg> Blocked)
{
    /// <summary>How far it is from a plan of single moves: legs without a turn, then VMs that stand still on the way, then legs.</summary>
    public (int Blocked, int Interruptions, int Legs) Faults => (Blocked.Count, Legs.Count(l => l.IsBreak), Legs.Count);
}

/// <summary>A leg without a turn.</summary>
/// <param name="Leg">The leg.</param>
/// <param name="Cell">A cell that has too little room; -1 if a rule is in the way.</param>
/// <param name="Lacking">How much is lacking there.</param>
/// <param name="IsProven">True if no order of single moves of the blocked VMs exists; false if none was found.</param>
internal sealed record BlockedLeg(Leg Leg, int Cell, long Lacking, bool IsProven);

/// <summary>The cluster in the middle of a sequence: loads of cells, and, for rules that ask where VMs are, the places.</summary>
internal sealed class SequenceState
{
    private readonly RoomTable rooms;
    private readonly PlacementState? places;
    private readonly IReadOnlyList<Requirement> rules;
    private long[] load;

    public SequenceState(LegMaker maker)
    {
        rooms = maker.Rooms;
        load = rooms.Loads();
        rules = maker.Model.Requirements;
        IReadOnlySet<Term> ordered = rooms.Ordered.Terms;
        if (ordered.Count > 0) places = new PlacementState(maker.Model, Placement.StartOf(maker.Problem.Cluster).Places, maker.Scoring, ordered);
    }

    /// <summary>Load of a cell now.</summary>
    public long Load(int cell) => cell < load.Length ? load[cell] : rooms.Load(cell);

    /// <summary>The first cell that has too little room for a leg, given what is to be freed before; -1 if all have enough.</summary>
    public int Short(Leg leg, IReadOnlyList<RoomUse>? freed = null)
    {
        foreach (RoomUse use in leg.Takes)
        {
            long there = Load(use.Cell) + use.Amount;
            if (there > rooms.Limit(use.Cell) && there - Freed(freed, use.Cell) > rooms.Limit(use.Cell)) return use.Cell;
        }

        return -1;
    }

    /// <summary>What a leg lacks now.</summary>
    public BlockedLeg Blocked(Leg leg)
    {
        int cell = Short(leg);
        long lacking = cell < 0 ? 0 : Load(cell) + leg.Takes.First(t => t.Cell == cell).Amount - rooms.Limit(cell);
        return new BlockedLeg(leg, cell, lacking, IsProven: false);
    }

    /// <summary>Whether the rules that ask where VMs are allow a leg.</summary>
    public bool RulesAllow(Leg leg)
    {
        if (!leg.IsOrdered || places is null) return true;
        places.Move(leg.Vm, leg.To);
        bool holds = leg.Rules.All(r => places.Excess(rules[r]) <= 0);
        places.Move(leg.Vm, leg.From);
        return holds;
    }

    /// <summary>Carries a leg out.</summary>
    public void Go(Leg leg)
    {
        Grow();
        foreach (RoomUse use in leg.Takes) load[use.Cell] += use.Amount;
        foreach (RoomUse use in leg.Gives) load[use.Cell] -= use.Amount;
        if (leg.IsOrdered) places?.Move(leg.Vm, leg.To);
    }

    /// <summary>Takes a leg back.</summary>
    public void Undo(Leg leg)
    {
        foreach (RoomUse use in leg.Takes) load[use.Cell] -= use.Amount;
        foreach (RoomUse use in leg.Gives) load[use.Cell] += use.Amount;
        if (leg.IsOrdered) places?.Move(leg.Vm, leg.From);
    }

    private static long Freed(IReadOnlyList<RoomUse>? freed, int cell)
    {
        if (freed is null) return 0;
        foreach (RoomUse use in freed)
            if (use.Cell == cell) return use.Amount;
        return 0;
    }

    /// <summary>Cells that were made since: no leg has touched them.</summary>
    private void Grow()
    {
        if (load.Length == rooms.Count) return;
        int known = load.Length;
        Array.Resize(ref load, Math.Max(rooms.Count, known));
        for (int cell = known; cell < load.Length; cell++) load[cell] = rooms.Load(cell);
    }
}
