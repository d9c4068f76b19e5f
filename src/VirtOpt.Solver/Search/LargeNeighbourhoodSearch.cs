using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search.Neighbourhoods;

namespace VirtOpt.Solver.Search;

/// <summary>
/// Large neighbourhood search (Shaw 1998; Pisinger and Ropke 2010): again and again some hosts are opened, everything else is fixed, and the exact
/// model over the open hosts is solved in a short slice. One worker per thread, on disjoint sets of hosts.
/// </summary>
internal sealed class LargeNeighbourhoodSearch
{
    private const int FirstSize = 8;
    private const double ShareOfFirstLevel = 0.4;
    private const int MostVariables = 20_000;
    private const int SmallestSize = 2;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1.5);
    private readonly SolveSession session;
    private readonly Random random;
    private readonly Neighbourhood[] neighbourhoods;
    private readonly Lock turn = new();
    private readonly HashSet<int> busy = [];
    private double size = FirstSize;
    private volatile bool isOutOfMemory;

    /// <param name="session">The solve; its best placement is the start.</param>
    /// <param name="neighbourhoods">The neighbourhoods; null for the whole catalogue.</param>
    public LargeNeighbourhoodSearch(SolveSession session, IEnumerable<Neighbourhood>? neighbourhoods = null)
    {
        this.session = session;
        random = new Random(session.Seed);
        this.neighbourhoods = [.. neighbourhoods ?? NeighbourhoodCatalogue.For(session)];
    }

    /// <summary>Searches until the time, the number of iterations or the token says to end.</summary>
    /// <param name="until">Time since the start of the solve.</param>
    /// <param name="mostIterations">Sub-models to solve at most.</param>
    public void Run(TimeSpan until, int mostIterations)
    {
        if (neighbourhoods.Length == 0) return;
        session.TakePart("large neighbourhood search");
        if (session.Stop is MaxWork) RunInStep(mostIterations);
        else RunFreely(until, mostIterations);
    }

    /// <summary>Each thread opens the next hosts as soon as it is done with its last.</summary>
    private void RunFreely(TimeSpan until, int mostIterations)
    {
        int left = mostIterations;
        void Work()
        {
            while (!session.IsOver && !isOutOfMemory && session.Elapsed < until && Interlocked.Decrement(ref left) >= 0)
            {
                Attempt attempt = Open();
                Conclude(attempt, Outcome(attempt, until));
            }
        }

        SolveSession.OnThreads(session.SearchThreads, _ => Work());
    }

    /// <summary>All threads open hosts, solve, and conclude in their order: the answer does not depend on which is faster.</summary>
    private void RunInStep(int mostIterations)
    {
        for (int left = mostIterations; left > 0 && !session.IsOver && !isOutOfMemory; left -= session.SearchThreads)
        {
            Attempt[] attempts = [.. Enumerable.Range(0, Math.Min(left, session.SearchThreads)).Select(_ => Open())];
            LinearOutcome?[] outcomes = new LinearOutcome?[attempts.Length];
            SolveSession.OnThreads(attempts.Length, i => outcomes[i] = Outcome(attempts[i], TimeSpan.MaxValue));
            for (int i = 0; i < attempts.Length; i++) Conclude(attempts[i], outcomes[i]);
        }
    }

    /// <summary>What the sub-model gives; null if it was not built.</summary>
    private LinearOutcome? Outcome(Attempt attempt, TimeSpan until)
    {
        if (!FitsMemory(attempt.Hosts, attempt.Current))
        {
            session.Count("memory.sub-models refused", 1);
            isOutOfMemory = attempt.Hosts.Count <= SmallestSize; // else it goes on with fewer hosts
            return null;
        }

        attempt.Formulation = new PlacementFormulation(
            session.Model, session.Scoring, session.Table, session.Filter, attempt.Current, new FormulationScope { Hosts = attempt.Hosts });
        return attempt.Formulation.Rows.Variables.Count <= MostVariables ? Solve(attempt, until) : null;
    }

    private void Conclude(Attempt attempt, LinearOutcome? outcome)
    {
        bool better = outcome?.Values is { } values && Merge(attempt.Formulation!.PlacesOf(values), attempt.Hosts, attempt.Neighbourhood.Name);
        Close(attempt, outcome, better);
    }

    private Attempt Open()
    {
        lock (turn)
        {
            Neighbourhood neighbourhood = Pick();
            Place[] current = session.Best!;
            bool firstLevelOnly = session.FirstOpenLevel is { } open && open < session.Scoring.Levels.Count - 1 && random.NextDouble() < ShareOfFirstLevel;
            int wanted = Math.Max(SmallestSize, (int)(firstLevelOnly ? 2 * size : size));
            HashSet<int> hosts = [.. neighbourhood.Choose(session, current, random).Where(h => !busy.Contains(h)).Distinct().Take(wanted)];
            busy.UnionWith(hosts);
            return new Attempt(neighbourhood, hosts, current, random.Next(), firstLevelOnly);
        }
    }

    private void Close(Attempt attempt, LinearOutcome? outcome, bool better)
    {
        lock (turn)
        {
            busy.ExceptWith(attempt.Hosts);
            attempt.Neighbourhood.Reward(better);
            bool proven = outcome?.Status == LinearStatus.Optimal;
            size = proven ? Math.Min(size * 1.1, session.Problem.Cluster.Hosts.Count) : Math.Max(SmallestSize, size * 0.85);
        }

        if (outcome is { IsGivenUp: true }) session.Count("lns.given up", 1);
        session.Count("lns.iterations", 1);
        if (better) session.Count($"lns.{attempt.Neighbourhood.Name}", 1);
    }

    /// <summary>Whether a sub-model can be built beside those of the other threads.</summary>
    private bool FitsMemory(IReadOnlySet<int> hosts, Place[] current)
    {
        IReadOnlyList<VirtualMachine> vms = session.Problem.Cluster.Vms;
        long left = session.Memory.Left / session.SearchThreads;
        int[] counted = [.. Enumerable.Range(0, current.Length).Where(vm => vms[vm].Movable && hosts.Contains(current[vm].Host.Index))];
        long Places(int vm) => (long)session.Table.For(vms[vm]).Count * hosts.Count / session.Problem.Cluster.Hosts.Count;
        long most = counted.Sum(vm => 2 * Places(vm) * (1 + session.Model.DenseFamilies.Count + session.Model.SparseFamiliesOf[vm].Count));
        return MemoryBudget.Estimate(most, 1) <= left
            || MemoryBudget.Estimate(MemoryBudget.Coefficients(VmClass.Sort(session.Model, counted), c => Places(c.Vms[0])), 1) <= left;
    }

    /// <summary>
    /// Usually all levels count; now and then only the first open one, over twice the hosts: what gains there is seldom found beside all that gains later.
    /// </summary>
    private LinearOutcome Solve(Attempt attempt, TimeSpan until)
    {
        TimeSpan left = until - session.Elapsed;
        return new CpSatSolver().Minimise(new LinearJob
        {
            Model = attempt.Formulation!.Rows,
            Objective = attempt.FirstLevelOnly ? FirstLevel(attempt.Formulation) : attempt.Formulation.CombinedLevels(),
            Limit = left < Slice ? left : Slice,
            Work = session.Stop is MaxWork ? Slice.TotalSeconds : null,
            Seed = attempt.Seed & 0xffff,
            Hint = attempt.Formulation.CountsOf(attempt.Current),
            CancellationToken = session.Token,
        });
    }

    /// <summary>The first open level, with the levels before it held where they are.</summary>
    private LinearExpression FirstLevel(PlacementFormulation formulation)
    {
        int open = session.FirstOpenLevel ?? 0;
        for (int level = 0; level < open; level++) formulation.Rows.AtMost(formulation.Levels[level], session.BestScore!.Value[level]);
        return formulation.Levels[open];
    }

    /// <summary>Puts the open hosts' VMs of a solved sub-model into the best placement of now, which another thread may have changed elsewhere.</summary>
    private bool Merge(Place[] solved, IReadOnlySet<int> hosts, string source)
    {
        lock (turn)
        {
            Place[] merged = [.. session.Best!];
            for (int vm = 0; vm < merged.Length; vm++)
                if (hosts.Contains(solved[vm].Host.Index) && hosts.Contains(merged[vm].Host.Index)) merged[vm] = solved[vm];
            return session.Offer(merged, source);
        }
    }

    /// <summary>Roulette wheel by recent success (Ropke and Pisinger 2006, p. 462).</summary>
    private Neighbourhood Pick()
    {
        double at = random.NextDouble() * neighbourhoods.Sum(n => n.Weight);
        foreach (Neighbourhood neighbourhood in neighbourhoods)
            if ((at -= neighbourhood.Weight) < 0) return neighbourhood;
        return neighbourhoods[^1];
    }

    /// <summary>Hosts that are opened.</summary>
    private sealed record Attempt(Neighbourhood Neighbourhood, IReadOnlySet<int> Hosts, Place[] Current, int Seed, bool FirstLevelOnly)
    {
        /// <summary>The model over them; null before it is built.</summary>
        public PlacementFormulation? Formulation { get; set; }
    }
}
