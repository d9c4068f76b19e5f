namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>When each leg begins.</summary>
/// <param name="Starts">Seconds from the begin of the plan, by leg.</param>
/// <param name="Makespan">When the last leg ends.</param>
/// <param name="Sum">Weighted sum of the ends: of two plans that end together, the one whose legs end sooner is better.</param>
internal sealed record Schedule(long[] Starts, long Makespan, long Sum)
{
    /// <summary>Whether this schedule is better than another.</summary>
    public bool IsBetterThan(Schedule? other) => other is null || (Makespan, Sum).CompareTo((other.Makespan, other.Sum)) < 0;
}

/// <summary>
/// Serial schedule generation (Kolisch, Serial and parallel resource-constrained project scheduling methods revisited, EJOR 90, 1996) for legs that hold
/// room until they end: one leg after another gets the earliest time at which it has room from then on, and no limit is exceeded while it runs. A leg
/// whose room is given back only by legs later in the list waits for those.
/// </summary>
internal static class SerialScheduler
{
    /// <summary>Schedules legs in an order.</summary>
    /// <param name="problem">The legs.</param>
    /// <param name="order">Each leg once.</param>
    /// <param name="waves">Number of the wave of each leg, none smaller than that of a leg before it; null if legs of all waves may overlap.</param>
    /// <returns>The schedule; null if legs are left that find no room.</returns>
    public static Schedule? Run(ScheduleProblem problem, IReadOnlyList<int> order, IReadOnlyList<int>? waves = null)
    {
        SerialRun run = new(problem);
        return run.Place(order, waves) ? run.ToSchedule() : null;
    }

    private sealed class SerialRun
    {
        private readonly ScheduleProblem problem;
        private readonly RoomProfile[] rooms;
        private readonly StepProfile[] counts;
        private readonly long[] starts;
        private readonly List<int>?[] waiting;
        private readonly List<int>?[] next;
        private readonly Stack<int> again = new();
        private int placed;
        private long floor;
        private long latest;

        public SerialRun(ScheduleProblem problem)
        {
            this.problem = problem;
            rooms = [.. problem.Load.Select((load, cell) => new RoomProfile(load, problem.Limit[cell]))];
            counts = [.. problem.Counts.Most.Select(most => new StepProfile(most))];
            starts = new long[problem.Legs.Count];
            waiting = new List<int>?[rooms.Length];
            next = new List<int>?[problem.Legs.Count];
            Array.Fill(starts, -1);
        }

        public bool Place(IReadOnlyList<int> order, IReadOnlyList<int>? waves)
        {
            for (int i = 0; i < order.Count; i++)
            {
                if (waves is not null && i > 0 && waves[order[i]] != waves[order[i - 1]])
                {
                    if (placed < i) return false;
                    floor = latest + problem.Limits.WavePause;
                }

                Try(order[i]);
                while (again.TryPop(out int other)) Try(other);
            }

            return placed == problem.Legs.Count;
        }

        public Schedule ToSchedule()
        {
            (long makespan, long sum) = (0, 0);
            for (int i = 0; i < starts.Length; i++)
            {
                long end = starts[i] + problem.Legs[i].Seconds;
                makespan = Math.Max(makespan, end);
                sum += problem.Weights[i] * end;
            }

            return new Schedule(starts, makespan, sum);
        }

        private void Try(int leg)
        {
            long seconds = problem.Legs[leg].Seconds;
            long at = Math.Max(floor, problem.Earliest[leg]);
            foreach (int before in problem.Befores[leg])
            {
                if (starts[before] < 0)
                {
                    (next[before] ??= []).Add(leg);
                    return;
                }

                at = Math.Max(at, starts[before] + problem.Legs[before].Seconds);
            }

            foreach (RoomUse use in problem.Takes[leg])
            {
                if (rooms[use.Cell].Earliest(use.Amount) is not { } room)
                {
                    (waiting[use.Cell] ??= []).Add(leg);
                    return;
                }

                at = Math.Max(at, room);
            }

            Place(leg, Fit(leg, at, seconds), seconds);
        }

        /// <summary>The earliest time that suits all limits: each moves it on until none does.</summary>
        private long Fit(int leg, long at, long seconds)
        {
            for (long last = -1; at != last;)
            {
                last = at;
                at = TimeWindows.Earliest(problem.Limits, at, seconds);
                foreach (int count in problem.Counts.Of[leg]) at = counts[count].Earliest(at, seconds);
            }

            return at;
        }

        private void Place(int leg, long at, long seconds)
        {
            starts[leg] = at;
            latest = Math.Max(latest, at + seconds);
            placed++;
            foreach (int count in problem.Counts.Of[leg]) counts[count].Add(at, seconds);
            foreach (RoomUse use in problem.Takes[leg]) rooms[use.Cell].Add(at, use.Amount);
            foreach (RoomUse use in problem.Gives[leg])
            {
                rooms[use.Cell].Add(at + seconds, -use.Amount);
                Wake(ref waiting[use.Cell]);
            }

            Wake(ref next[leg]);
        }

        private void Wake(ref List<int>? legs)
        {
            if (legs is null) return;
            for (int i = legs.Count - 1; i >= 0; i--) again.Push(legs[i]);
            legs = null;
        }
    }
}
