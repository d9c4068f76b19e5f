using VirtOpt.Solver.HostSets.Packing;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.HostSets;

/// <summary>
/// Consolidation in two stages: first which hosts to use, then what goes where. It applies where the first level is the price of the used hosts, and
/// bounds that price for the whole problem.
/// </summary>
internal sealed class HostSetSearch
{
    private const double ShareOfSoleLevel = 0.95;
    private const double ShareOfFirstLevel = 0.6;
    private readonly SolveSession session;
    private readonly PackingSearch? patterns;
    private readonly CoverSearch? covers;

    private HostSetSearch(SolveSession session, PackingSearch? patterns, CoverSearch? covers) =>
        (this.session, this.patterns, this.covers) = (session, patterns, covers);

    /// <summary>The name under which placements and bounds are offered.</summary>
    public const string Source = "host sets";

    /// <summary>The part of the time that the search should have: nearly all where it packs by patterns and nothing but the price counts.</summary>
    public double Share => IsSole ? ShareOfSoleLevel : ShareOfFirstLevel;

    /// <summary>True if a placement is known and no other part of the engine can be expected to improve it.</summary>
    public bool IsLastWord => IsSole && session.Best is not null;

    private bool IsSole => patterns is not null && session.Scoring.Levels.Count == 1;

    /// <summary>The search for a solve; null, with the reason, if it does not apply.</summary>
    /// <param name="session">The solve.</param>
    /// <param name="canCount">Whether the exact model over all hosts is within reach: it packs what patterns cannot.</param>
    /// <param name="why">The reason.</param>
    public static HostSetSearch? TryCreate(SolveSession session, bool canCount, out string why)
    {
        if (HostSetProblem.TryCreate(session, out why) is not { } problem) return null;
        if (PackingView.TryCreate(problem, session.Problem.Cluster, out why) is { } view && PatternPricing.TryCreate(view.Packing) is { } pricing)
            return new HostSetSearch(session, new PackingSearch(session, problem, view, pricing), null);
        if (!canCount)
        {
            why = "the exact model that packs host sets is out of reach";
            return null;
        }

        long coefficients = MemoryBudget.Coefficients(
            problem.Classes.Select(c => c.Class), c => session.Table.For(session.Problem.Cluster.Vms[c.Vms[0]]).Count);
        if (MemoryBudget.Estimate(coefficients, session.Threads) > session.Memory.Left)
        {
            session.Count("memory.packing of host sets refused, MiB", MemoryBudget.Estimate(coefficients, session.Threads) >> 20);
            why = "the exact model that packs host sets does not fit into memory";
            return null;
        }

        return new HostSetSearch(session, null, new CoverSearch(session, problem));
    }

    /// <summary>Searches until a time since the start of the solve, or until the price is proven least.</summary>
    public void Run(TimeSpan until)
    {
        patterns?.Run(until);
        covers?.Run(until);
    }
}
