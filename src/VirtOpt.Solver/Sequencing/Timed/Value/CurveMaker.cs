using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Sequencing.Timed.Value;

/// <summary>From a chain to what its stops are worth, in the words of the objective.</summary>
internal sealed class CurveMaker(LegMaker maker, Placement target)
{
    /// <summary>Makes the curve of a chain.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="draft">The plan in the order of the chain, and its waves; null if the plan is ordered in another way.</param>
    public PlanCurve Make(ValueChain chain, PlanDraft? draft)
    {
        ScheduleProblem problem = draft?.Problem ?? ScheduleProblem.Of(maker, chain.Legs);
        Schedule schedule = draft?.Schedule ?? SerialScheduler.Run(problem, [.. Enumerable.Range(0, chain.Legs.Count)])!;
        Score end = maker.Scoring.StateAt(target.Places).Score();
        Score start = chain.Stops[0].Worth.Score;
        int[] levels = [.. Enumerable.Range(0, chain.Levels.Count).Where(l => chain.Levels[l] < PlacementProblem.TieBreakLevel)];
        int gained = levels.FirstOrDefault(l => end[l] < start[l], -1);
        List<PlanStop> stops = [];
        (int legs, LegCost cost, long seconds) = (0, default, 0);
        foreach (ChainStop stop in chain.Stops)
        {
            LegCost more = LegCost.Of(maker, chain.Legs.Skip(legs).Take(stop.Legs - legs));
            cost = new LegCost(cost.Moves + more.Moves, cost.MiB + more.MiB);
            for (; legs < stop.Legs; legs++) seconds = Math.Max(seconds, schedule.Starts[legs] + problem.Legs[legs].Seconds);
            Score score = stop.Worth.Score;
            stops.Add(new PlanStop
            {
                Moves = cost.Moves,
                MovedMiB = cost.MiB,
                Seconds = seconds,
                Gain = gained < 0 ? null : (start[gained] - score[gained]) / (double)(start[gained] - end[gained]),
                Levels = [.. levels.Select(l => new LevelValue(chain.Levels[l], score[l]))],
                Wave = draft?.Waves is { } waves ? WaveEnding(waves, stop.Legs) : null,
            });
        }

        return new PlanCurve(gained < 0 ? null : chain.Levels[gained], stops);
    }

    private static int? WaveEnding(int[] waves, int legs) =>
        legs == 0 ? 0 : legs == waves.Length || waves[legs] != waves[legs - 1] ? waves[legs - 1] : null;
}
