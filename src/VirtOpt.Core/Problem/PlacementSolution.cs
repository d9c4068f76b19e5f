namespace VirtOpt;

/// <summary>How a solve ended.</summary>
public enum SolveStatus
{
    /// <summary>The placement is proven best on every level that the user asked for.</summary>
    Optimal,

    /// <summary>The placement is valid; better ones may exist, within the gap.</summary>
    Feasible,

    /// <summary>No valid placement exists; see <see cref="PlacementSolution.Conflict"/>.</summary>
    Infeasible,

    /// <summary>Neither a valid placement nor a proof that none exists was found in time.</summary>
    Unknown,
}

/// <summary>What became of one level of the objective.</summary>
/// <param name="Level">
/// The level; 0 is the repair of what the start broke, in parts per million of the limits that are broken;
/// from <see cref="PlacementProblem.TieBreakLevel"/> on, ties.
/// </param>
/// <param name="Value">The weighted sum reached.</param>
/// <param name="Bound">A true lower bound of it, given the levels before; null if there is none.</param>
/// <param name="IsProven">True if value and bound agree.</param>
public sealed record LevelResult(int Level, long Value, double? Bound, bool IsProven);

/// <summary>A better placement found on the way.</summary>
/// <param name="At">When, from the start of the solve.</param>
/// <param name="Level">The level that it was found for.</param>
/// <param name="Value">Value of that level.</param>
/// <param name="Bound">Bound known then; null if there was none.</param>
/// <param name="Source">The part of the engine that found it.</param>
public sealed record Incumbent(TimeSpan At, int Level, long Value, double? Bound, string Source);

/// <summary>Why no valid placement exists.</summary>
/// <param name="Rules">A set of rules that conflict on the given VMs; without any one of them there would be a valid placement of those VMs.</param>
/// <param name="Vms">VMs that cannot all be placed under the rules; without any one of them the others could.</param>
/// <param name="IsMinimal">True if minimality was proven; false if time ran out.</param>
/// <param name="Relaxations">What would have to change, least violation first.</param>
/// <param name="Message">The same in words.</param>
public sealed record Conflict(IReadOnlyList<string> Rules, IReadOnlyList<VmId> Vms, bool IsMinimal, IReadOnlyList<string> Relaxations, string Message);

/// <summary>The result of a solve. Every placement in it has passed <see cref="PlacementChecker"/>.</summary>
public sealed record PlacementSolution
{
    /// <summary>How the solve ended.</summary>
    public required SolveStatus Status { get; init; }

    /// <summary>Where every VM is to be; null if none was found.</summary>
    public Placement? Placement { get; init; }

    /// <summary>What the checker says of the placement; null without one.</summary>
    public CheckReport? Report { get; init; }

    /// <summary>Levels in their order.</summary>
    public IReadOnlyList<LevelResult> Levels { get; init; } = [];

    /// <summary>Placements found on the way, in order of time.</summary>
    public IReadOnlyList<Incumbent> Incumbents { get; init; } = [];

    /// <summary>Why there is no placement; only if infeasible.</summary>
    public Conflict? Conflict { get; init; }

    /// <summary>Parts of the engine that took part, in words.</summary>
    public string Engine { get; init; } = "";

    /// <summary>Seed of the solve.</summary>
    public int Seed { get; init; }

    /// <summary>Time that the solve took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Counters of the engine, by name.</summary>
    public IReadOnlyDictionary<string, double> Statistics { get; init; } = new Dictionary<string, double>();

    /// <summary>The first level that the user asked for: repair does not count, unless nothing else was asked for.</summary>
    public LevelResult? MainLevel => Levels.FirstOrDefault(l => l.Level is > 0 and < PlacementProblem.TieBreakLevel) ?? (Levels.Count > 0 ? Levels[0] : null);

    /// <summary>Value of <see cref="MainLevel"/>.</summary>
    public long? Objective => MainLevel?.Value;

    /// <summary>True lower bound of <see cref="Objective"/>; null if there is none.</summary>
    public double? Bound => MainLevel?.Bound;

    /// <summary>(objective - bound) / |objective|, 0 if proven; null if there is no bound.</summary>
    public double? Gap => MainLevel switch
    {
        null or { Bound: null } => null,
        { IsProven: true } => 0,
        { Value: 0 } => double.PositiveInfinity,
        { } level => Math.Max(0, (level.Value - level.Bound.Value) / Math.Abs((double)level.Value)),
    };
}
