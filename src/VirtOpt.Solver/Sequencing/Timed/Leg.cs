namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>One VM going from one place to another, with the room that it takes and gives back.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it is before; nowhere for a boot.</param>
/// <param name="To">Where it is after; nowhere if it is shut down, or if a cycle is broken by it.</param>
/// <param name="IsHop">True if the VM goes on from there later.</param>
/// <param name="Resize">What the VM has from then on, if it stays where it is and changes its demand.</param>
internal sealed record Leg(int Vm, Place From, Place To, bool IsHop = false, Resize? Resize = null)
{
    /// <summary>Whole seconds that it takes.</summary>
    public required long Seconds { get; init; }

    /// <summary>Room that it takes when it begins.</summary>
    public required IReadOnlyList<RoomUse> Takes { get; init; }

    /// <summary>Room that it gives back when it ends.</summary>
    public required IReadOnlyList<RoomUse> Gives { get; init; }

    /// <summary>Positions of the rules that are judged by where VMs are and that speak of the VM: legs of one such rule run one after another.</summary>
    public IReadOnlyList<int> Rules { get; init; } = [];

    /// <summary>True if rules that are judged by where VMs are speak of the VM.</summary>
    public bool IsOrdered => Rules.Count > 0;

    /// <summary>Earliest second at which it may begin: its host may have to be switched on first.</summary>
    public long Earliest { get; init; }

    /// <summary>True if the VM comes to a place: it moves, boots or is resumed.</summary>
    public bool IsArrival => Resize is null && To.Host.Index >= 0;

    /// <summary>True if the VM gives up its place only to come back elsewhere later, because a cycle is broken by it.</summary>
    public bool IsBreak => IsHop && To.Host.Index < 0;

    /// <summary>True if it copies memory, so that limits on parallel migrations count it; false for all else that happens to a VM.</summary>
    public bool IsTransfer => IsArrival && From.Host.Index >= 0;
}

/// <summary>A change of demand.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Amount">What the VM has of it from then on.</param>
internal sealed record Resize(int Dimension, long Amount);

/// <summary>An amount of room in a cell of a <see cref="RoomTable"/>.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Amount">The amount, above 0.</param>
internal readonly record struct RoomUse(int Cell, long Amount);
