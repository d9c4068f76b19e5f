using VirtOpt.Solver.Search.Kernels;
using VirtOpt.Solver.Search.Local.Moves;

namespace VirtOpt.Solver.Search.Local;

/// <summary>
/// Local search on the kernels, by thermal cycles of rounds: in a round each thread searches hosts of its own, between rounds all placements are put
/// together. One level is the unit of the energy; levels before it do not get worse, levels after it break ties.
/// </summary>
internal sealed class LocalSearch
{
    private const string Source = "local search";
    private const double Hot = 16;
    private const int PauseAfterOffer = 20;
    private const double MovesPerChoice = 2000;
    private const int Samples = 4000;
    private const int SamplesPerBlock = 500;
    private const int LeastHosts = 4;
    private readonly SolveSession session;
    private readonly CandidateTable candidates;
    private readonly SearchModel model;
    private readonly SharedRules rules;
    private readonly Random random;
    private readonly SizeOrder order;
    private readonly int[] hostOrder;
    private readonly Place[] places;
    private readonly List<SearchWorker> workers = [];
    private int threads;
    private readonly int level;
    private int rounds;
    private TimeSpan nextOffer;

    /// <param name="session">The solve; its best placement is the start.</param>
    /// <param name="candidates">Where VMs may go.</param>
    /// <param name="level">Position of the level that is the unit of the energy.</param>
    public LocalSearch(SolveSession session, CandidateTable candidates, int level)
    {
        (this.session, this.candidates, this.level) = (session, candidates, level);
        places = [.. session.Best!];
        model = new SearchModel(session.Model, session.Scoring, session.BestScore!.Value, level);
        rules = new SharedRules(session.Model);
        random = new Random(session.Seed);
        order = new SizeOrder(session.Problem.Cluster, candidates);
        hostOrder = [.. Enumerable.Range(0, session.Problem.Cluster.Hosts.Count)];
    }

    /// <summary>Searches until a time, or over a number of moves where work is counted.</summary>
    /// <param name="until">Time since the start of the solve.</param>
    /// <param name="mostMoves">Moves that each thread may try at most; null for as many as the time allows.</param>
    public void Run(TimeSpan until, long? mostMoves)
    {
        if (order.BySize.Length < 2) return;
        session.TakePart(Source);
        HireWorkers();
        double best = workers[0].State.Energy;
        Place[] bestPlaces = [.. places];
        ThermalCycles cycles = new(Hot * TypicalRise());
        TimeSpan whole = until - session.Elapsed;
        if (mostMoves is not null) mostMoves = Math.Min(mostMoves.Value, UsefulMoves());
        for (long left = mostMoves ?? UsefulMoves(); left > 0 && session.Elapsed < until && !session.IsOver && !IsProven;)
        {
            long tried = workers.Sum(w => w.Tried);
            TimeSpan end = session.Elapsed + (whole * cycles.Share);
            long? moves = mostMoves is { } most ? Math.Clamp((long)(most * cycles.Share), 1, left) : null;
            double energy = RunCycle(cycles, new SearchBudget(session, end < until ? end : until, moves));
            left -= moves ?? workers.Sum(w => w.Tried) - tried;
            cycles.Next(Math.Max(0, best - energy));
            if (energy < best) (best, bestPlaces) = (energy, [.. places]);
            else bestPlaces.CopyTo(places, 0);
            if (energy <= best) OfferNowAndThen();
        }

        foreach (SearchWorker worker in workers) session.Count("search.moves", worker.Tried);
        foreach ((Move move, long made) in workers.SelectMany(w => w.Made)) session.Count($"search.made.{move.Name}", made);
        session.Offer(bestPlaces, Source);
    }

    /// <summary>Moves after which a search of a cluster of this size has seen all that it will see: a small one must not use up a long time limit.</summary>
    private long UsefulMoves()
    {
        double choices = order.BySize.Sum(vm => (double)candidates.ListOf(vm).Count);
        return (long)Math.Min(long.MaxValue / 2, MovesPerChoice * choices * Math.Log2(2 + choices));
    }

    private bool IsProven => session.BoundOf(level) >= session.BestScore?[level];

    /// <summary>Runs the rounds of a cycle; returns the energy that it ends with.</summary>
    private double RunCycle(ThermalCycles cycles, SearchBudget budget)
    {
        while (budget.TryBeginRound()) RunRound(cycles, budget);
        workers[0].State.Follow(places);
        return workers[0].State.Energy;
    }

    /// <summary>Offers the placement at hand, unless offers, which are judged in full, would take too much of the time.</summary>
    private void OfferNowAndThen()
    {
        TimeSpan now = session.Elapsed;
        if (now < nextOffer) return;
        session.Offer(places, Source);
        nextOffer = session.Stop is MaxWork ? TimeSpan.Zero : session.Elapsed + ((session.Elapsed - now) * PauseAfterOffer);
    }

    /// <summary>How much a valid move that makes things worse costs, on average.</summary>
    private double TypicalRise()
    {
        SearchField field = new(new SearchState(model, places), candidates, Territory.Whole(hostOrder.Length), order, new FastRandom(session.Seed), 0);
        (double sum, int count) = (0, 0);
        for (int i = 0; i < Samples; i++)
        {
            if (i % SamplesPerBlock == 0) field.NextBlock();
            if (field.Count < 2) continue;
            double before = field.State.Energy;
            if (!MoveCatalogue.Entries[i % MoveCatalogue.Entries.Count].Move.Try(field, double.MaxValue)) continue;
            if (field.State.Energy > before) (sum, count) = (sum + field.State.Energy - before, count + 1);
        }

        return count == 0 ? 1 : sum / count;
    }

    /// <summary>One worker for each thread; threads that were lent may come back.</summary>
    private void HireWorkers()
    {
        threads = rules.CanSplit ? Math.Min(session.Threads, hostOrder.Length / LeastHosts) : 1;
        threads = Math.Max(1, threads);
        while (workers.Count < threads) workers.Add(new SearchWorker(new SearchState(model, places), candidates, order, new FastRandom(random.NextInt64())));
    }

    private void RunRound(ThermalCycles cycles, SearchBudget budget)
    {
        HireWorkers();
        Territory[] territories = Territory.Divide(rules, hostOrder, threads, rounds++, random);
        (Cooling cooling, double focusedShare) = (cycles.Cooling, cycles.FocusedShare);
        void Search(int thread)
        {
            workers[thread].State.Follow(places);
            workers[thread].Run(territories[thread], cooling, focusedShare, budget);
        }

        Task.WaitAll(
            [
                .. Enumerable.Range(0, threads)
                    .Select(t => Task.Factory.StartNew(() => Search(t), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
            ],
            CancellationToken.None);
        Merge(territories);
    }

    private void Merge(Territory[] territories)
    {
        for (int vm = 0; vm < places.Length; vm++)
            for (int t = 0; t < territories.Length; t++)
                if (territories[t].Contains(places[vm].Host.Index))
                {
                    places[vm] = workers[t].State.PlaceOf(vm);
                    break;
                }
    }
}
