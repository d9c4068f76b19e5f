namespace VirtOpt;

/// <summary>One VM going from one place to another.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it is before.</param>
/// <param name="To">Where it is after.</param>
/// <param name="IsHop">True if the VM goes on from there later: it only makes room.</param>
public sealed record Migration(VmId Vm, Place From, Place To, bool IsHop = false);

/// <summary>Migrations that may run at the same time: room for all of them is there while every source is still charged.</summary>
/// <param name="Migrations">The migrations.</param>
public sealed record MigrationWave(IReadOnlyList<Migration> Migrations);

/// <summary>An ordered way from the start to a placement on which no host is ever overfilled.</summary>
public sealed record MigrationPlan
{
    /// <summary>The waves, one after another.</summary>
    public required IReadOnlyList<MigrationWave> Waves { get; init; }

    /// <summary>First placements of VMs that had no place, carried out after all waves.</summary>
    public IReadOnlyList<Migration> Boots { get; init; } = [];

    /// <summary>
    /// Where every VM is after the plan. Worth the same as the placement that was planned for if the plan is complete, but VMs that are alike may
    /// have exchanged their places.
    /// </summary>
    public required Placement Reached { get; init; }

    /// <summary>VMs that the plan leaves where they are although the placement moves them: no order without overfilling was found.</summary>
    public IReadOnlyList<VmId> Unreached { get; init; } = [];

    /// <summary>All migrations in order.</summary>
    public IReadOnlyList<Migration> Migrations => [.. Waves.SelectMany(w => w.Migrations)];

    /// <summary>True if the placement is reached in full.</summary>
    public bool IsComplete => Unreached.Count == 0;

    /// <summary>Number of temporary hops.</summary>
    public int Hops => Migrations.Count(m => m.IsHop);
}
