using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Kernels;
using VirtOpt.Solver.Search.Local.Moves;

namespace VirtOpt.Solver.Search.Local;

/// <summary>
/// Local search on the kernels: thermal cycles while they gain, then one long annealing, then cycles again. On many hosts all of it in rounds: in a
/// round each thread searches hosts of its own, between rounds all placements are put together. One level is the unit of the energy; levels before
/// it do not get worse, levels after it break ties.
/// </summary>
internal sealed class LocalSearch
{
    private const string Source = "local search";
    private const int PauseAfterOffer = 20;
    private const double MovesPerChoice = 2000;
    private const double AnnealingShare = 0.85;
    private const double ShareBeforeAnnealing = 0.95;
    private const double MovesToSettleVm = 5000;
    private const double MuchTime = 3;
    private const double RepairShare = 0.01;
    private const int Samples = 4000;
    private const int SamplesPerBlock = 500;
    private const int LeastHosts = 4;
    private const int LeastHostsToSplit = 150;
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
    private readonly IReadOnlyList<(Move Move, double Share)> moves;
    private int rounds;
    private TimeSpan nextOffer;
    private double best;
    private Place[] bestPlaces = [];

    /// <param name="session">The solve; its best placement is the start.</param>
    /// <param name="candidates">Where VMs may go.</param>
    /// <param name="level">Position of the level that is the unit of the energy.</param>
    /// <param name="moves">The moves with their shares of the tries; null for the whole catalogue.</param>
    public LocalSearch(SolveSession session, CandidateTable candidates, int level, IReadOnlyList<(Move Move, double Share)>? moves = null)
    {
        (this.session, this.candidates, this.level) = (session, candidates, level);
        this.moves = [.. (moves ?? MoveCatalogue.Entries).Where(m => m.Move.Suits(session.Model) && session.Has(m.Move.Name))];
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
        if (order.BySize.Length < 2 || moves.Count == 0) return;
        session.TakePart(Source);
        HireWorkers();
        best = workers[0].State.Energy;
        bestPlaces = [.. places];
        double lowest = best - session.BestScore!.Value[level] + (session.BoundOf(level) ?? 0);
        bool relaxes = session.Has(SolverParts.Overfull) && !session.Model.Goals.Any(GoalKinds.IsConsolidation);
        EnergyScale scale = new(model, level, TypicalRise(), order, relaxes);
        ThermalCycles cycles = new(scale.HottestCycle);
        SearchClock clock = new(
            session, until, Math.Min(mostMoves * threads ?? long.MaxValue, UsefulMoves()), mostMoves is null ? null : threads, () => workers.Sum(w => w.Tried));
        bool mayAnneal = session.Has(SolverParts.Annealing) && !session.Model.IsConsolidation(session.Scoring.Levels[level]); // cycles empty more hosts
        for (bool hasAnnealed = !mayAnneal; !clock.IsOver && !IsProven;)
        {
            double before = best;
            bool slow = !hasAnnealed && (SettlesTimes(clock) > MuchTime || (SettlesTimes(clock) > 1 && cycles.HasSlowed(best - lowest, clock.ShareLeft)));
            if (slow) Run([(scale.Annealing(MovesPerVm(clock)), clock.ShareLeft * AnnealingShare), .. scale.Repairs.Select(r => (r, RepairShare))], clock);
            else Run([(new SearchPhase(cycles.Cooling, cycles.FocusedShare), cycles.Share)], clock);
            KeepTheBetter();
            hasAnnealed |= slow;
            if (!slow) cycles.Next(before - best);
        }

        foreach (SearchWorker worker in workers) session.Count("search.moves", worker.Tried);
        foreach ((Move move, long made) in workers.SelectMany(w => w.Made)) session.Count($"search.made.{move.Name}", made);
        session.Offer(bestPlaces, Source);
    }

    /// <summary>How often a long annealing could settle every VM: if that is often enough, it finds what no cycles from a good placement do.</summary>
    private double SettlesTimes(SearchClock clock) =>
        clock.ShareLeft < ShareBeforeAnnealing ? MovesPerVm(clock) / MovesToSettleVm : 0;

    private double MovesPerVm(SearchClock clock) => clock.MovesLeft / (IsApart ? threads : 1) / order.BySize.Length;

    /// <summary>Whether each thread searches all hosts: there are too few to divide, or a rule ties all VMs together across hosts.</summary>
    private bool IsApart => !rules.CanSplit || hostOrder.Length < LeastHostsToSplit * threads;

    /// <summary>Runs phases one after another; those after the first only while loads exceed caps.</summary>
    private void Run(IReadOnlyList<(SearchPhase Phase, double Share)> phases, SearchClock clock)
    {
        HireWorkers();
        if (IsApart) RunApart(phases, clock);
        else RunTogether(phases, clock);
    }

    /// <summary>Each round the threads divide the hosts anew; between rounds their placements are put together.</summary>
    private void RunTogether(IReadOnlyList<(SearchPhase Phase, double Share)> phases, SearchClock clock)
    {
        for (int i = 0; i < phases.Count && (i == 0 || !IsWithinCaps()); i++)
        {
            SearchBudget budget = clock.Budget(phases[i].Share);
            while (budget.TryBeginRound()) RunRound(phases[i].Phase, budget);
        }
    }

    /// <summary>
    /// Each thread searches all hosts with chance of its own, and the best placement is kept: parts of few hosts would leave VMs too little choice.
    /// </summary>
    private void RunApart(IReadOnlyList<(SearchPhase Phase, double Share)> phases, SearchClock clock)
    {
        Territory whole = Territory.Whole(hostOrder.Length);
        using Winners winners = new([.. workers.Take(threads)], places.Length);
        void Search(int thread)
        {
            SearchWorker worker = workers[thread];
            worker.State.Follow(places);
            for (int i = 0; i < phases.Count && (i == 0 || !worker.State.IsWithinCaps); i++)
            {
                worker.State.PriceExcess(phases[i].Phase.ExcessPrice);
                SearchBudget budget = clock.Budget(phases[i].Share);
                try
                {
                    while (budget.TryBeginRound())
                    {
                        worker.Run(whole, phases[i].Phase, budget);
                        if (phases[i].Phase.GoesWithWinners) winners.MeetAt(thread, budget.Done(0));
                    }
                }
                finally
                {
                    if (i == 0) winners.Leave();
                }
            }

            worker.State.PriceExcess(double.PositiveInfinity);
        }

        SolveSession.OnThreads(threads, Search);
        SearchWorker leader = workers.Take(threads).OrderBy(w => w.State.IsWithinCaps ? 0 : 1).ThenBy(w => w.State.Recount()).First();
        leader.State.Places.CopyTo(places);
    }

    private bool IsWithinCaps()
    {
        workers[0].State.Follow(places);
        return workers[0].State.IsWithinCaps;
    }

    /// <summary>Takes what the last rounds ended with, or goes back to what was better.</summary>
    private void KeepTheBetter()
    {
        bool isValid = IsWithinCaps();
        workers[0].State.PriceExcess(double.PositiveInfinity);
        double energy = workers[0].State.Recount();
        if (!isValid || energy >= best)
        {
            bestPlaces.CopyTo(places, 0);
            return;
        }

        best = energy;
        places.CopyTo(bestPlaces, 0);
        OfferNowAndThen();
    }

    /// <summary>Offers the placement at hand, unless offers, which are judged in full, would take too much of the time.</summary>
    private void OfferNowAndThen()
    {
        TimeSpan now = session.Elapsed;
        if (now < nextOffer) return;
        session.Offer(places, Source);
        nextOffer = session.Stop is MaxWork ? TimeSpan.Zero : session.Elapsed + ((session.Elapsed - now) * PauseAfterOffer);
    }

    /// <summary>Moves after which a search of a cluster of this size has seen all that it will see: a small one must not use up a long time limit.</summary>
    private long UsefulMoves()
    {
        double choices = order.BySize.Sum(vm => (double)candidates.ListOf(vm).Count);
        return (long)Math.Min(long.MaxValue / 2, MovesPerChoice * choices * Math.Log2(2 + choices));
    }

    private bool IsProven => session.BoundOf(level) >= session.BestScore?[level];

    /// <summary>How much a valid move that makes the level at hand worse costs, on average.</summary>
    private double TypicalRise()
    {
        SearchField field = new(new SearchState(model, places), candidates, Territory.Whole(hostOrder.Length), order, new FastRandom(session.Seed), 0);
        (double sum, int count) = (0, 0);
        for (int i = 0; i < Samples; i++)
        {
            if (i % SamplesPerBlock == 0) field.NextBlock();
            if (field.Count < 2) continue;
            double before = field.State.Energy;
            if (!moves[i % moves.Count].Move.Try(field, double.MaxValue)) continue;
            if (field.State.Energy - before is > 0 and var rise && rise < model.LeastOfEarlier(level)) (sum, count) = (sum + rise, count + 1);
        }

        return count == 0 ? 1 : sum / count;
    }

    /// <summary>One worker for each thread; threads that were lent may come back.</summary>
    private void HireWorkers()
    {
        threads = Math.Clamp(hostOrder.Length / LeastHosts, 1, session.SearchThreads);
        while (workers.Count < threads)
            workers.Add(new SearchWorker(new SearchState(model, places), candidates, order, new FastRandom(random.NextInt64()), moves));
    }

    private void RunRound(SearchPhase phase, SearchBudget budget)
    {
        HireWorkers();
        Territory[] territories = Territory.Divide(rules, hostOrder, threads, rounds++, random);
        void Search(int thread)
        {
            workers[thread].State.PriceExcess(phase.ExcessPrice);
            workers[thread].State.Follow(places);
            workers[thread].Run(territories[thread], phase, budget);
        }

        SolveSession.OnThreads(threads, Search);
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
