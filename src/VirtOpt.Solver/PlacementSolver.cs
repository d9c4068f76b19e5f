using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Bounds;
using VirtOpt.Solver.Explanation;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.HostSets;
using VirtOpt.Solver.Patterns;
using VirtOpt.Solver.Repair;
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Constructive;
using VirtOpt.Solver.Search.Local;
#pragma warning disable CA1822 // An instance, so that users can pass it in and replace it.

namespace VirtOpt;

/// <summary>
/// Finds placements: one engine after another, each where it applies and while something is left to prove or to improve
/// (src/decisions/0006-order-of-the-portfolio.md).
/// </summary>
public sealed class PlacementSolver
{
    private const long MostExactVariables = 300_000;
    private const long MostWithoutHostSets = 1000;
    private const long MostForHostSets = 50_000_000; // classes times hosts are held in memory, twice
    private const double ExactVariablesPerSecond = 3000;
    private const double ExactVariablesAlways = 10_000;
    private const int MostShiftRounds = 3;
    private const int LeastHostsForNeighbourhoods = 8;
    private const double HeuristicShare = 0.15;
    private const double ExactShare = 0.6;
    private const long FewExactVariables = 20_000;
    private const double SearchShareOfSmall = 0.2;
    private const double SearchShareOfMedium = 0.8;
    private const double SearchShareOfLarge = 0.98;
    private const double SearchShareOfConsolidation = 0.2;
    private const double MostShareOfShort = 0.6;
    private const double SearchMovesPerUnit = 1_000_000;
    private const double MostKept = 0.2;
    private static readonly TimeSpan ShortSearch = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TimeToPolishPerVm = TimeSpan.FromMicroseconds(9); // to send home what moved in vain, and to judge and check the result
    private static readonly TimeSpan TimeToSettleVm = TimeSpan.FromMicroseconds(200); // after which local search empties few hosts more
    private static readonly TimeSpan LeastTimePerVm = TimeSpan.FromMicroseconds(100); // to build one sub-model

    /// <summary>
    /// Loads what the first solve would wait for otherwise, a few tenths of a second: native libraries, and the code that calls them. Meant to run beside the
    /// reading of a problem; a solve does not need it.
    /// </summary>
    public static void WarmUp()
    {
        LinearModel model = new();
        LinearExpression objective = new LinearExpression().Add(model.AddVariable(0, 1), 1);
        LinearJob job = new() { Model = model, Objective = objective, Limit = TimeSpan.FromSeconds(1) };
        new CpSatSolver().Minimise(job);
        DualSolver.Glop.Duals(job);
    }

    /// <summary>Solves a problem. Infeasible, out of time and cancelled are results, not exceptions.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="stop">When to end at the latest.</param>
    /// <param name="options">How to solve; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the solve at once with the best placement found.</param>
    /// <exception cref="InvalidInputException">The problem or the options make no sense.</exception>
    public PlacementSolution Solve(
        PlacementProblem problem, StoppingCriterion stop, SolveOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SolveOptions();
        options.Validate();
        stop.Validate();
        using SolveSession session = new(problem, stop, options, cancellationToken);
        Place[] start = [.. Placement.StartOf(problem.Cluster).Places];
        if (start.All(place => place.Host.Index >= 0)) session.Offer(start, "start");
        if (session.Has(SolverParts.Patterns)) PatternSearch.TryCreate(session)?.Run();
        if (session.IsProven) return SolutionBuilder.Build(session, isInfeasible: false, conflict: null);
        CandidateTable candidates = new(session.Model, session.Filter, session.Table);
        bool isInfeasible = Enumerable.Range(0, start.Length).Any(vm => start[vm].Host.Index < 0 && candidates[vm].Count == 0);
        if (!isInfeasible && FewestMoves.IsAskedBy(session)) FewestMoves.Run(session, candidates);
        if (IsProvenByCounting(session)) return SolutionBuilder.Build(session, isInfeasible: false, conflict: null);
        if (!isInfeasible) RunHeuristics(session, candidates, start);
        using BoundSearch bounds = new(session, candidates);
        bounds.RunFast();
        long variables = isInfeasible ? 0 : ExactVariables(session, candidates);
        bool leavesProof = variables > FewExactVariables && IsSearchedFirst(session);
        if (!isInfeasible && !session.IsOver && (leavesProof || !CanCount(session, variables))) bounds.StartSlow();
        RunLocalSearch(session, candidates, variables);
        bool mayHaveHostSets = session.Has(SolverParts.HostSets) && variables is > MostWithoutHostSets and <= MostForHostSets;
        HostSetSearch? hostSets = mayHaveHostSets ? HostSetSearch.TryCreate(session, CanCount(session, variables), out _) : null;
        if (!session.IsOver) hostSets?.Run(Deadline(session, hostSets.Share));
        bool isExactWorthIt = session.Has(SolverParts.Exact) && hostSets is not { IsLastWord: true } && !leavesProof && CanCount(session, variables);
        if (!isInfeasible && isExactWorthIt && !session.IsOver) isInfeasible = RunExact(session, start);
        if (session.Best is not null && session.FirstOpenLevel is not null) RunNeighbourhoods(session, candidates);
        Conflict? conflict = isInfeasible && options.ExplainConflict ? new ConflictExplainer(session, Deadline(session, 1)).Explain() : null;
        bounds.Stop();
        return SolutionBuilder.Build(session, isInfeasible, conflict);
    }

    /// <summary>Whether the best placement moves no more than must move, where nothing else is asked.</summary>
    private static bool IsProvenByCounting(SolveSession session)
    {
        if (session.Best is null || !FewestMoves.IsAskedBy(session)) return false;
        for (int level = 0; level < session.Scoring.Levels.Count; level++)
            if (ForcedMigrations.Of(session, level) is { } bound) session.OfferBound(level, bound, "forced migrations");
        return session.IsProven;
    }

    private static void RunHeuristics(SolveSession session, CandidateTable candidates, Place[] start)
    {
        session.TakePart("heuristics");
        Heuristics heuristics = new(session, candidates, start);
        TimeSpan until = Deadline(session, HeuristicShare);
        heuristics.PlaceAll();
        session.Offer(heuristics.Places, "best fit");
        if (session.Has(SolverParts.Evacuation) && session.Model.Goals.Any(GoalKinds.IsConsolidation))
        {
            heuristics.Evacuate(until);
            session.Offer(heuristics.Places, "evacuation");
        }

        if (session.Best is not null && SearchLevel(session, isLarge: false) is not null) return; // Local search shifts too, and faster.
        heuristics.Shift(until, MostShiftRounds);
        heuristics.ReturnHome();
        session.Offer(heuristics.Places, "shifts");
    }

    /// <summary>
    /// Searches the first level that is not at its best, from the first on that asks for balance; where the exact model is out of reach, also one that
    /// asks for few hosts.
    /// </summary>
    private static void RunLocalSearch(SolveSession session, CandidateTable candidates, long variables)
    {
        double share = SearchShare(session, variables);
        if (session.Left * share < ShortSearch) share = Math.Max(share, Math.Min(MostShareOfShort, ShortSearch / session.Left));
        TimeSpan until = Deadline(session, share, session.Problem.Cluster.Vms.Count * TimeToPolishPerVm);
        long? moves = session.Stop is MaxWork work ? (long)(work.Units * SearchMovesPerUnit) : null;
        bool isLarge = !CanCount(session, variables);
        for (int last = -1; session.Elapsed < until && session.Best is not null && SearchLevel(session, isLarge) is { } level && level > last; last = level)
        {
            new LocalSearch(session, candidates, level).Run(until, moves);
            SendHome(session, candidates);
        }
    }

    private static int? SearchLevel(SolveSession session, bool isLarge)
    {
        bool asked = false;
        if (!session.Has(SolverParts.LocalSearch)) return null;
        for (int level = 0; level < session.Scoring.Levels.Count && session.Scoring.Levels[level] < PlacementProblem.TieBreakLevel; level++)
        {
            asked |= session.Model.Goals.Any(g => g.Level == session.Scoring.Levels[level] && (g.IsBalance() || (isLarge && g.IsConsolidation())));
            if (asked && session.BestScore?[level] > session.BoundOf(level)) return level;
        }

        return null;
    }

    private static bool RunExact(SolveSession session, Place[] start)
    {
        PlacementFormulation formulation = new(session.Model, session.Scoring, session.Table, session.Filter, start);
        bool goesOn = session.Best is not null && HasNeighbourhoods(session);
        return new ExactSearch(session, formulation).Run(Deadline(session, goesOn ? ExactShare : 1));
    }

    private static void RunNeighbourhoods(SolveSession session, CandidateTable candidates)
    {
        if (!session.IsOver && HasNeighbourhoods(session) && session.Left > session.Problem.Cluster.Vms.Count * LeastTimePerVm)
            new LargeNeighbourhoodSearch(session).Run(
                Deadline(session, 1), session.Stop is MaxWork work ? (int)Math.Ceiling(work.Units) * work.Threads : int.MaxValue);
        SendHome(session, candidates);
    }

    private static void SendHome(SolveSession session, CandidateTable candidates)
    {
        if (session.IsOver || session.Best == session.SentHome) return;
        Heuristics polish = new(session, candidates, HomeExchange.Of(session.Problem.Cluster, candidates.Classes, session.Best));
        if (session.BestScore?.CompareTo(polish.Score) < 0) polish = new Heuristics(session, candidates, session.Best);
        polish.ReturnHome();
        session.Offer(polish.Places, "return home");
        session.SentHome = session.Best;
    }

    /// <summary>Time since the start at which a share of the time that is left, and that is not to be kept, will be over.</summary>
    private static TimeSpan Deadline(SolveSession session, double share, TimeSpan kept = default) =>
        session.Elapsed + ((session.Left - (kept < session.Left * MostKept ? kept : session.Left * MostKept)) * share);

    /// <summary>About how many variables the exact model over all hosts has; out of every reach if it does not fit into memory.</summary>
    private static long ExactVariables(SolveSession session, CandidateTable candidates)
    {
        long variables = candidates.Classes.Sum(c => 2L * candidates[c.Vms[0]].Count);
        if (!CanCount(session, variables)) return variables;
        long bytes = MemoryBudget.Estimate(MemoryBudget.Coefficients(candidates.Classes, c => candidates[c.Vms[0]].Count), session.Threads);
        if (bytes <= session.Memory.Left) return variables;
        session.Count("memory.exact model refused, MiB", bytes >> 20);
        return long.MaxValue;
    }

    /// <summary>
    /// How much of the time local search gets: what the exact model can finish is left to it, and where few hosts are asked for, sub-models find what no
    /// single move does once local search has slowed down.
    /// </summary>
    private static double SearchShare(SolveSession session, long variables)
    {
        if (CanCount(session, variables)) return variables > FewExactVariables && IsSearchedFirst(session) ? SearchShareOfMedium : SearchShareOfSmall;
        if (!HasNeighbourhoods(session) || SearchLevel(session, isLarge: true) is not { } level) return SearchShareOfLarge;
        int vms = session.Problem.Cluster.Vms.Count;
        double share = Math.Max(vms * TimeToSettleVm / session.Left, SearchShareOfConsolidation);
        bool leavesEnough = session.Left * (1 - share) > vms * (LeastTimePerVm + TimeToPolishPerVm);
        return leavesEnough && session.Model.IsConsolidation(session.Scoring.Levels[level]) ? share : SearchShareOfLarge;
    }

    /// <summary>Whether local search is made for the first level that is not proven: then it is worth more time than before later ones.</summary>
    private static bool IsSearchedFirst(SolveSession session) =>
        SearchLevel(session, isLarge: false) is { } level && level == session.FirstOpenLevel;

    /// <summary>Whether the exact model over all hosts is small enough to be built, and to be of use in the time that is left.</summary>
    private static bool CanCount(SolveSession session, long variables) =>
        variables <= Math.Min(MostExactVariables, ExactVariablesAlways + (ExactVariablesPerSecond * session.Left.TotalSeconds));

    private static bool HasNeighbourhoods(SolveSession session) =>
        session.Has(SolverParts.Neighbourhoods) && session.Problem.Cluster.Hosts.Count >= LeastHostsForNeighbourhoods && session.Model.Goals.Count > 0;
}
