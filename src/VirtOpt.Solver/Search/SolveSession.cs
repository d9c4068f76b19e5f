using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Repair;

namespace VirtOpt.Solver.Search;

/// <summary>
/// One solve: the clock, the best placement so far, and what is known of the levels. Parts of the engine offer placements from any thread;
/// better ones are kept and told to the listener.
/// </summary>
internal sealed class SolveSession : IDisposable
{
    private readonly Lock turn = new();
    private readonly SolveOptions options;
    private readonly long started;
    private readonly List<Incumbent> incumbents = [];
    private readonly Dictionary<string, double> statistics = new(StringComparer.Ordinal);
    private readonly List<string> parts = [];
    private readonly double?[] bounds;
    private readonly CancellationTokenSource ended;
    private readonly ITimer patience;
    private int lent;

    public SolveSession(PlacementProblem problem, StoppingCriterion stop, SolveOptions options, CancellationToken token)
    {
        (Problem, Stop, this.options, started) = (problem, stop, options, options.Clock.GetTimestamp());
        ended = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience = options.Clock.CreateTimer(_ => ended.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Memory = new MemoryBudget(options.MemoryLimit);
        Model = problem.Compile();
        Scoring = new Scoring(Model);
        Table = new PlaceTable(problem.Cluster);
        Filter = new PlaceFilter(Model, Scoring);
        bounds = new double?[Scoring.Levels.Count];
        Array.Fill(bounds, 0); // No amount is below 0.
    }

    public PlacementProblem Problem { get; }

    public PlacementModel Model { get; }

    public Scoring Scoring { get; }

    public PlaceTable Table { get; }

    public PlaceFilter Filter { get; }

    public StoppingCriterion Stop { get; }

    /// <summary>What must move for what the start breaks to be repaired.</summary>
    public ForcedLeaves Forced => field ??= new ForcedLeaves(Model, Scoring.Tolerances);

    /// <summary>What models may take.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>Cancelled by the caller, or because the solve is good enough or out of patience (see <see cref="SolveOptions"/>).</summary>
    public CancellationToken Token => ended.Token;

    public int Seed => options.Seed;

    /// <summary>
    /// Threads to use, less those that are lent: one where work is counted, because only then is the answer the same every time.
    /// </summary>
    public int Threads => Stop is MaxWork ? 1 : Math.Max(1, options.Threads - Volatile.Read(ref lent));

    /// <summary>Threads of searches that meet after equal work where work is counted, so that their answer is the same every time.</summary>
    public int SearchThreads => Stop is MaxWork work ? work.Threads : Threads;

    public TimeSpan Elapsed => options.Clock.GetElapsedTime(started);

    /// <summary>Wall time left; without a time limit, a very long time.</summary>
    public TimeSpan Left => Stop is MaxRuntime runtime ? runtime.Limit - Elapsed : TimeSpan.FromDays(1);

    public bool IsOver => Token.IsCancellationRequested || Left <= TimeSpan.Zero;

    /// <summary>The best placement; null before the first.</summary>
    public Place[]? Best
    {
        get
        {
            lock (turn) return field;
        }

        private set;
    }

    /// <summary>The last placement whose VMs have been sent back to their starts where that was no worse.</summary>
    public Place[]? SentHome { get; set; }

    /// <summary>Score of <see cref="Best"/>.</summary>
    public Score? BestScore
    {
        get
        {
            lock (turn) return field;
        }

        private set;
    }

    public IReadOnlyList<Incumbent> Incumbents => incumbents;

    public IReadOnlyDictionary<string, double> Statistics => statistics;

    public string Engine => string.Join(", ", parts);

    /// <summary>True lower bound of a level, by its position; 0 as long as nothing better is known, because no amount is below it.</summary>
    public double? BoundOf(int level) => bounds[level];

    /// <summary>True if every level of the best placement has met its bound.</summary>
    public bool IsProven => BestScore is { } score && Enumerable.Range(0, bounds.Length).All(level => bounds[level] >= score[level]);

    /// <summary>Position of the first level that the best placement is not proven on; null if only ties are left, which are not worth a search.</summary>
    public int? FirstOpenLevel
    {
        get
        {
            for (int level = 0; level < bounds.Length && Scoring.Levels[level] < PlacementProblem.TieBreakLevel; level++)
                if (!(bounds[level] >= BestScore?[level])) return level;
            return null;
        }
    }

    /// <summary>Lends threads to work that runs beside the search; a negative number gives them back.</summary>
    public void Lend(int threads) => Interlocked.Add(ref lent, threads);

    /// <summary>Does work on a number of threads, each with its number, and waits for all.</summary>
    public static void OnThreads(int threads, Action<int> work) => Task.WaitAll(
        [
            .. Enumerable.Range(0, threads)
                .Select(t => Task.Factory.StartNew(() => work(t), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        ],
        CancellationToken.None);

    /// <summary>Whether a part of the engine may take part (<see cref="SolverParts"/>).</summary>
    public bool Has(string part) => !options.Without.Contains(part);

    /// <summary>Names a part of the engine that takes part.</summary>
    public void TakePart(string part)
    {
        lock (turn)
            if (!parts.Contains(part)) parts.Add(part);
    }

    public void Count(string statistic, double amount)
    {
        lock (turn) statistics[statistic] = statistics.GetValueOrDefault(statistic) + amount;
    }

    /// <summary>Offers a placement; true if it is whole, valid and the best so far.</summary>
    public bool Offer(ReadOnlySpan<Place> places, string source)
    {
        foreach (Place place in places)
            if (place.Host.Index < 0) return false;
        if (Best is { } best && places.SequenceEqual(best)) return false;
        Score score = Scoring.StateAt(places).Score();
        if (score.Broken > 0)
        {
            Count($"broken.{source}", 1);
            return false;
        }

        lock (turn)
        {
            if (BestScore is { } known && score.CompareTo(known) >= 0) return false;
            int level = FirstBetter(score);
            (Best, BestScore) = (places.ToArray(), score);
            incumbents.Add(new Incumbent(Elapsed, Scoring.Levels[level], score[level], bounds[level], source));
            Report(source, level);
        }

        if (options.NoImprovement is { } longest) patience.Change(longest, Timeout.InfiniteTimeSpan);
        EndIfGoodEnough();
        return true;
    }

    /// <summary>Notes a true lower bound of a level, given that the levels before are at their best.</summary>
    public void OfferBound(int level, double bound, string source)
    {
        lock (turn)
        {
            if (double.IsNaN(bound) || double.IsInfinity(bound) || bound <= bounds[level]) return;
            bounds[level] = bound + 0.0; // so that -0 becomes 0
            Report(source, level);
        }

        EndIfGoodEnough();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        patience.Dispose();
        ended.Dispose();
    }

    private void EndIfGoodEnough()
    {
        if (options.TargetGap is not { } target || BestScore is not { } score) return;
        int main = Scoring.Levels.ToList().FindIndex(level => level is > 0 and < PlacementProblem.TieBreakLevel);
        if (main >= 0 && score[main] - bounds[main] <= target * Math.Abs((double)score[main])) ended.Cancel();
    }

    private int FirstBetter(Score score)
    {
        for (int level = 0; BestScore.HasValue && level < Scoring.Levels.Count; level++)
            if (score[level] != BestScore.Value[level]) return level;
        return 0;
    }

    private void Report(string source, int level) =>
        options.Progress?.Report(new SolveProgress(Elapsed, source, Scoring.Levels[level], BestScore?[level], bounds[level]));
}
