using VirtOpt.Solver.Search.Kernels;
using VirtOpt.Solver.Search.Local.Moves;

namespace VirtOpt.Solver.Search.Local;

/// <summary>
/// Simulated annealing on the kernels: rounds in which each thread searches hosts of its own, with all VMs put together between them. One level is
/// the unit of the energy; levels before it do not get worse, levels after it break ties. A fast run first finds out at which temperatures the
/// energy falls; the slow run takes its time there.
/// </summary>
internal sealed class LocalSearch
{
    private const double Hot = 16;
    private const int Samples = 4000;
    private readonly SolveSession session;
    private readonly CandidateTable candidates;
    private readonly SearchModel model;
    private readonly SharedRules rules;
    private readonly Random random;
    private readonly SizeOrder order;
    private readonly int[] hostOrder;
    private readonly Place[] places;
    private readonly int threads;
    private SearchWorker[] workers = [];
    private int rounds;

    /// <param name="session">The solve; its best placement is the start.</param>
    /// <param name="candidates">Where VMs may go.</param>
    /// <param name="level">Position of the level that is the unit of the energy.</param>
    public LocalSearch(SolveSession session, CandidateTable candidates, int level)
    {
        (this.session, this.candidates) = (session, candidates);
        places = [.. session.Best!];
        model = new SearchModel(session.Model, session.Scoring, session.BestScore!.Value, level);
        rules = new SharedRules(session.Model);
        random = new Random(session.Seed);
        order = new SizeOrder(session.Problem.Cluster, candidates);
        hostOrder = [.. Enumerable.Range(0, session.Problem.Cluster.Hosts.Count)];
        threads = rules.CanSplit ? session.Threads : 1;
    }

    /// <summary>Searches until a time, or over a number of moves where work is counted.</summary>
    /// <param name="until">Time since the start of the solve.</param>
    /// <param name="mostMoves">Moves that each thread may try at most; null for as many as the time allows.</param>
    public void Run(TimeSpan until, long? mostMoves)
    {
        if (order.BySize.Length < 2) return;
        session.TakePart("local search");
        workers = [.. Enumerable.Range(0, threads).Select(_ => new SearchWorker(new SearchState(model, places), candidates, order, new FastRandom(random.NextInt64())))];
        double best = workers[0].State.Energy;
        Place[] bestPlaces = [.. places];
        ThermalCycles cycles = new(Hot * TypicalRise());
        TimeSpan whole = until - session.Elapsed;
        long left = mostMoves ?? long.MaxValue;
        while (left > 0 && session.Elapsed < until && !session.IsOver)
        {
            TimeSpan end = session.Elapsed + (whole * cycles.Share);
            long? moves = mostMoves is { } most ? Math.Clamp((long)(most * cycles.Share), 1, left) : null;
            left -= moves ?? 0;
            SearchBudget budget = new(session, end < until ? end : until, moves);
            while (budget.TryBeginRound()) RunRound(cycles, budget);
            workers[0].State.Follow(places);
            double energy = workers[0].State.Energy;
            cycles.Next(Math.Max(0, best - energy));
            if (energy < best) (best, bestPlaces) = (energy, [.. places]);
            else bestPlaces.CopyTo(places, 0);
        }

        foreach (SearchWorker worker in workers) session.Count("search.moves", worker.Tried);
        foreach ((Move move, long made) in workers.SelectMany(w => w.Made)) session.Count($"search.made.{move.Name}", made);
        session.Offer(bestPlaces, "local search");
    }

    /// <summary>How much a valid move that makes things worse costs, on average.</summary>
    private double TypicalRise()
    {
        SearchField field = new(new SearchState(model, places), candidates, Territory.Whole(hostOrder.Length), order, new FastRandom(session.Seed), 0);
        field.NextBlock();
        (double sum, int count) = (0, 0);
        for (int i = 0; i < Samples && field.Count > 1; i++)
        {
            double before = field.State.Energy;
            if (!MoveCatalogue.Entries[i % MoveCatalogue.Entries.Count].Move.Try(field, double.MaxValue)) continue;
            if (field.State.Energy > before) (sum, count) = (sum + field.State.Energy - before, count + 1);
            if (count % Samples == 0) field.NextBlock();
        }

        return count == 0 ? 1 : sum / count;
    }

    private void RunRound(ThermalCycles cycles, SearchBudget budget)
    {
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
