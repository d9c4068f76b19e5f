namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>One VM going from one place to another, with the room that it takes and gives back.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it is before; nowhere for a boot.</param>
/// <param name="To">Where it is after; nowhere if a cycle is broken by it.</param>
/// <param name="IsHop">True if the VM goes on from there later.</param>
internal sealed record Leg(int Vm, Place From, Place To, bool IsHop = false)
{
    /// <summary>Whole seconds that it takes.</summary>
    public required long Seconds { get; init; }

    /// <summary>Room that it takes when it begins.</summary>
    public required IReadOnlyList<RoomUse> Takes { get; init; }

    /// <summary>Room that it gives back when it ends.</summary>
    public required IReadOnlyList<RoomUse> Gives { get; init; }

    /// <summary>True if a rule that is judged by where VMs are speaks of the VM: such legs run one after another.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>True if the VM comes to a place; false if it gives up its own, to come back elsewhere later.</summary>
    public bool IsArrival => To.Host.Index >= 0;

    /// <summary>True if it copies memory, so that limits on parallel migrations count it; false for a boot, and where a VM is suspended or resumed.</summary>
    public bool IsTransfer => IsArrival && From.Host.Index >= 0;
}

/// <summary>An amount of room in a cell of a <see cref="RoomTable"/>.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Amount">The amount, above 0.</param>
internal readonly record struct RoomUse(int Cell, long Amount);
