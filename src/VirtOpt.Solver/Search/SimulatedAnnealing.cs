namespace VirtOpt.Solver.Search;

/// <summary>
/// Simulated annealing over shifts and swaps (Kirkpatrick, Gelatt and Vecchi 1983, p. 672; geometric cooling). One level is the energy; rules stay
/// kept and the levels before do not get worse. Balance, where every move changes the value a little, is what it is good at.
/// </summary>
internal sealed class SimulatedAnnealing
{
    private const int Samples = 2000;
    private const int MovesPerLook = 256;
    private const int MovesPerChoice = 1000;
    private const double FirstAcceptance = 0.3;
    private const double LastTemperature = 1e-4;
    private readonly SolveSession session;
    private readonly CandidateTable candidates;
    private readonly PlacementState state;
    private readonly Random random;
    private readonly int[] movable;
    private readonly int level;
    private readonly long[] before;

    /// <param name="session">The solve; its best placement is the start.</param>
    /// <param name="candidates">Where VMs may go.</param>
    /// <param name="level">Position of the level that is the energy.</param>
    public SimulatedAnnealing(SolveSession session, CandidateTable candidates, int level)
    {
        (this.session, this.candidates, this.level) = (session, candidates, level);
        state = session.Scoring.StateAt(session.Best);
        random = new Random(session.Seed);
        movable = [.. Enumerable.Range(0, state.Places.Length).Where(vm => candidates[vm].Count > 0)];
        before = [.. Enumerable.Range(0, level).Select(state.Level)];
    }

    /// <summary>Cools down until a time, or over a number of moves where work is counted.</summary>
    /// <param name="until">Time since the start of the solve.</param>
    /// <param name="mostMoves">Moves to try at most.</param>
    public void Run(TimeSpan until, long mostMoves)
    {
        if (movable.Length < 2) return;
        mostMoves = Math.Min(mostMoves, MovesPerChoice * movable.Sum(vm => (long)candidates[vm].Count));
        session.TakePart("simulated annealing");
        double first = FirstTemperature();
        TimeSpan started = session.Elapsed;
        Place[] best = [.. state.Places];
        (long tried, long bestEnergy) = (0, state.Level(level));
        while (tried < mostMoves && session.Elapsed < until && !session.IsOver)
        {
            double done = Math.Max((double)tried / mostMoves, session.Stop is MaxWork ? 0 : (session.Elapsed - started) / (until - started));
            double temperature = first * Math.Pow(LastTemperature, Math.Min(1, done));
            for (int i = 0; i < MovesPerLook; i++) Try(temperature);
            tried += MovesPerLook;
            if (state.Level(level) >= bestEnergy) continue;
            bestEnergy = state.Level(level);
            state.Places.CopyTo(best);
        }

        session.Count("annealing.moves", tried);
        session.Offer(best, "simulated annealing");
    }

    /// <summary>The temperature at which a typical worsening move is accepted now and then.</summary>
    private double FirstTemperature()
    {
        (double sum, int count) = (0, 0);
        for (int i = 0; i < Samples; i++)
        {
            long energy = state.Level(level);
            if (!Propose(out Step step)) continue;
            long change = state.Level(level) - energy;
            if (change > 0 && IsAllowed()) (sum, count) = (sum + change, count + 1);
            Undo(step);
        }

        return count == 0 ? 1 : -(sum / count) / 4 / Math.Log(FirstAcceptance);
    }

    private void Try(double temperature)
    {
        long energy = state.Level(level);
        if (!Propose(out Step step)) return;
        long change = state.Level(level) - energy;
        if (!IsAllowed() || (change > 0 && random.NextDouble() >= Math.Exp(-change / temperature))) Undo(step);
    }

    private bool IsAllowed()
    {
        if (state.Broken > 0) return false;
        for (int i = 0; i < before.Length; i++)
            if (state.Level(i) > before[i]) return false;
        return true;
    }

    /// <summary>Makes a random shift or swap; false if it came out as none.</summary>
    private bool Propose(out Step step)
    {
        int vm = movable[random.Next(movable.Length)];
        Place from = state.Places[vm];
        if (random.Next(2) == 0)
        {
            Place to = candidates[vm][random.Next(candidates[vm].Count)];
            step = new Step(vm, from, -1, default);
            if (to == from) return false;
            state.Move(vm, to);
            return true;
        }

        int other = movable[random.Next(movable.Length)];
        Place place = state.Places[other];
        step = new Step(vm, from, other, place);
        if (place == from || !candidates.Allows(vm, place) || !candidates.Allows(other, from)) return false;
        state.Move(vm, place);
        state.Move(other, from);
        return true;
    }

    private void Undo(Step step)
    {
        state.Move(step.Vm, step.From);
        if (step.Other >= 0) state.Move(step.Other, step.OtherFrom);
    }

    private readonly record struct Step(int Vm, Place From, int Other, Place OtherFrom);
}
