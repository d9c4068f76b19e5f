using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Backends;

/// <summary>How a solver of linear programs ended.</summary>
internal enum LinearStatus
{
    /// <summary>The values are proven best.</summary>
    Optimal,

    /// <summary>There are values; better ones may exist.</summary>
    Feasible,

    /// <summary>There are no values.</summary>
    Infeasible,

    /// <summary>Neither was found out.</summary>
    Unknown,
}

/// <summary>What a solver found.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Values">The best values; null if it found none.</param>
/// <param name="Bound">A lower bound of the objective; negative infinity if there is none.</param>
internal sealed record LinearOutcome(LinearStatus Status, long[]? Values, double Bound)
{
    /// <summary>Nothing was found out.</summary>
    public static LinearOutcome Nothing { get; } = new(LinearStatus.Unknown, null, double.NegativeInfinity);

    /// <summary>The solver did not return and was given up.</summary>
    public static LinearOutcome GivenUp { get; } = Nothing with { IsGivenUp = true };

    /// <summary>True if the solver did not return when it should have.</summary>
    public bool IsGivenUp { get; init; }
}

/// <summary>A task for a solver.</summary>
internal sealed record LinearJob
{
    public required LinearModel Model { get; init; }

    public required LinearExpression Objective { get; init; }

    public required TimeSpan Limit { get; init; }

    /// <summary>Work limit instead of time; null for none. Solvers that cannot count work ignore the job.</summary>
    public double? Work { get; init; }

    /// <summary>Time after which the solver should have returned; without end where work is counted.</summary>
    public TimeSpan TimeLimit => Work is null ? Limit : TimeSpan.MaxValue;

    /// <summary>Most nodes of the search tree; null for no limit. Only SCIP keeps it.</summary>
    public long? Nodes { get; init; }

    /// <summary>A value of the objective that is good enough; null to go on to the best. Only SCIP stops there.</summary>
    public double? Target { get; init; }

    /// <summary>False to go without presolve, which does not pay where columns are many and rows are few. Only SCIP obeys.</summary>
    public bool Presolve { get; init; } = true;

    public int Threads { get; init; } = 1;

    public int Seed { get; init; } = 1;

    /// <summary>Values to start from, -1 where unknown; null for none.</summary>
    public long[]? Hint { get; init; }

    /// <summary>Is told of better values while the solver runs; must not throw.</summary>
    public Action<long[], double>? OnValues { get; init; }

    /// <summary>Is told of better bounds while the solver runs; must not throw.</summary>
    public Action<double>? OnBound { get; init; }

    public CancellationToken CancellationToken { get; init; }
}

/// <summary>A solver of integer linear programs. One file owns each native solver, because a native solver can end the process.</summary>
internal interface ILinearSolver
{
    string Name { get; }

    LinearOutcome Minimise(LinearJob job);
}
