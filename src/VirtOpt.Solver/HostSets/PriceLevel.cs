using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.HostSets;

/// <summary>What is known of the price of the hosts that are free to be used or not: the least found and its bound.</summary>
/// <param name="session">The solve.</param>
/// <param name="problem">The problem, with the price of the other hosts.</param>
internal sealed class PriceLevel(SolveSession session, HostSetProblem problem)
{
    /// <summary>True lower bound of the price.</summary>
    public long Bound { get; private set; }

    /// <summary>The least price found; a very high one if there is no placement yet.</summary>
    public long Best => session.BestScore is { } score ? score[HostSetProblem.Level] - problem.Constant : long.MaxValue;

    public bool IsProven => Best <= Bound;

    /// <summary>Notes a true bound of the price of the free hosts.</summary>
    public void OfferBound(long price)
    {
        Bound = Math.Max(Bound, price);
        session.OfferBound(HostSetProblem.Level, problem.Constant + Bound, HostSetSearch.Source);
    }

    /// <summary>Offers a placement.</summary>
    public void Offer(Place[] places) => session.Offer(places, HostSetSearch.Source);
}
