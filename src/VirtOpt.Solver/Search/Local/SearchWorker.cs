using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Kernels;
using VirtOpt.Solver.Search.Local.Moves;

namespace VirtOpt.Solver.Search.Local;

/// <summary>The search of one thread, with a placement of its own that catches up with the others' between rounds.</summary>
/// <param name="state">The placement.</param>
/// <param name="candidates">Where VMs may go.</param>
/// <param name="order">The VMs that can move.</param>
/// <param name="random">The source of chance.</param>
/// <param name="moves">The moves, at least one, with their shares.</param>
internal sealed class SearchWorker(
    SearchState state, CandidateTable candidates, SizeOrder order, FastRandom random, IReadOnlyList<(Move Move, double Share)> moves)
{
    private const int MovesPerVm = 16;
    private const long LeastMoves = 512;
    private const long MostMoves = 50_000;
    private const int Wheel = 256;
    private readonly Move[] wheel = WheelOf(moves);

    /// <summary>Where the VMs are.</summary>
    public SearchState State => state;

    /// <summary>Moves tried in all.</summary>
    public long Tried { get; private set; }

    /// <summary>Moves made in all, by kind.</summary>
    public Dictionary<Move, long> Made { get; } = [];

    /// <summary>Searches a territory until a round is over.</summary>
    public void Run(Territory territory, SearchPhase phase, SearchBudget budget)
    {
        SearchField searched = new(state, candidates, territory, order, random, phase.FocusedShare);
        long[] made = new long[Wheel];
        for (long tried = 0; !budget.IsRoundOver(tried);)
        {
            double temperature = phase.Cooling.TemperatureAt(budget.Done(tried));
            searched.NextBlock(temperature * phase.SizePerTemperature);
            long tries = Math.Clamp((long)searched.Count * MovesPerVm, LeastMoves, MostMoves);
            for (long i = 0; i < tries && searched.Count > 1; i++)
            {
                int at = random.Next(Wheel);
                if (wheel[at].Try(searched, Cooling.Limit(temperature, random))) made[at]++;
            }

            tried += tries;
            Tried += tries;
        }

        for (int i = 0; i < Wheel; i++) Made[wheel[i]] = Made.GetValueOrDefault(wheel[i]) + made[i];
    }

    private static Move[] WheelOf(IReadOnlyList<(Move Move, double Share)> entries)
    {
        double sum = entries.Sum(e => e.Share);
        Move[] wheel = new Move[Wheel];
        (int next, double upTo) = (0, 0);
        foreach ((Move move, double share) in entries)
        {
            upTo += share;
            while (next < Wheel && next < (upTo / sum * Wheel) - 1e-9) wheel[next++] = move;
        }

        return wheel;
    }
}
