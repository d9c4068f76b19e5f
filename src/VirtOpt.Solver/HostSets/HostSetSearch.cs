using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.HostSets;

/// <summary>
/// Consolidation in two stages: first which hosts to use, then what goes where. It applies where the first level is the price of the used hosts, and
/// bounds that price for the whole problem.
/// </summary>
internal sealed class HostSetSearch
{
    private readonly Action<TimeSpan> run;

    private HostSetSearch(Action<TimeSpan> run) => this.run = run;

    /// <summary>The search for a solve; null, with the reason, if it does not apply.</summary>
    public static HostSetSearch? TryCreate(SolveSession session, out string why)
    {
        if (HostSetProblem.TryCreate(session, out why) is not { } problem) return null;
        if (PatternView.TryCreate(problem, session.Problem.Cluster, out why) is { } view && PatternPricing.TryCreate(view.Packing) is { } pricing)
            return new HostSetSearch(new PatternSearch(session, problem, view, pricing).Run);
        return new HostSetSearch(new CoverSearch(session, problem).Run);
    }

    /// <summary>Searches until a time since the start of the solve, or until the price is proven least.</summary>
    public void Run(TimeSpan until) => run(until);
}
