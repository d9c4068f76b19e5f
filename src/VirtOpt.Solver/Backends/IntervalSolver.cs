using System.Globalization;
using Google.OrTools.Sat;
using VirtOpt.Solver.Sequencing.Timed;

namespace VirtOpt.Solver.Backends;

/// <summary>What <see cref="IntervalSolver"/> found.</summary>
/// <param name="Starts">When each leg begins; null if no schedule was found, or none was asked for.</param>
/// <param name="Bound">Seconds before which no schedule of the model ends.</param>
internal sealed record IntervalOutcome(long[]? Starts, long Bound);

/// <summary>
/// CP-SAT on intervals: a leg is one, a cell is a cumulative with a long interval for each VM from its coming to its going. Reservoirs are not used: with
/// optional events they end the process (seen with version 9.15). Parameters are only those written here.
/// </summary>
internal static class IntervalSolver
{
    /// <summary>Shortens a schedule of legs that are all carried out.</summary>
    /// <param name="problem">The legs.</param>
    /// <param name="start">A schedule to begin with.</param>
    /// <param name="limit">Seconds of wall time, or deterministic ones if <see cref="PlanOptions.Work"/> is set.</param>
    /// <param name="options">Seed and threads.</param>
    /// <param name="cancellation">Ends the search with what it has.</param>
    public static IntervalOutcome Shorten(ScheduleProblem problem, Schedule start, double limit, PlanOptions options, CancellationToken cancellation)
    {
        CpModel model = new();
        long horizon = start.Makespan;
        IntVar[] starts = [.. problem.Legs.Select(leg => Start(model, problem.Limits, horizon, leg.Seconds))];
        IntervalVar[] runs = [.. starts.Select((s, i) => model.NewFixedSizeIntervalVar(s, problem.Legs[i].Seconds, ""))];
        List<IntervalVar>[] counted = Lists(problem.Counts.Most.Count);
        for (int i = 0; i < runs.Length; i++)
        {
            foreach (int count in problem.Counts.Of[i]) counted[count].Add(runs[i]);
            foreach (int before in problem.Befores[i]) model.Add(starts[i] >= starts[before] + problem.Legs[before].Seconds);
            model.AddHint(starts[i], start.Starts[i]);
        }

        AddCounts(model, problem, counted);
        AddRooms(model, problem, horizon, starts, [.. starts.Select((s, i) => s + problem.Legs[i].Seconds)]);
        IntVar makespan = AddMakespan(model, problem, horizon, starts);
        model.AddHint(makespan, horizon);
        return Solve(model, starts, limit, options, cancellation);
    }

    /// <summary>
    /// A bound for all plans with the same moves and any hops of the same VMs: a VM leaves its source and comes to its target either in one leg, or later,
    /// wherever it has been in between.
    /// </summary>
    public static long Bound(ScheduleProblem direct, long horizon, double limit, PlanOptions options, CancellationToken cancellation)
    {
        CpModel model = new();
        IntVar[] leave = [.. direct.Legs.Select(leg => Start(model, direct.Limits, horizon, leg.Seconds))];
        IntVar[] come = [.. direct.Legs.Select((leg, i) => leg.IsTransfer ? Start(model, direct.Limits, horizon, leg.Seconds) : leave[i])];
        List<IntervalVar>[] counted = Lists(direct.Counts.Most.Count);
        for (int i = 0; i < leave.Length; i++)
        {
            long seconds = direct.Legs[i].Seconds;
            IntervalVar going = model.NewFixedSizeIntervalVar(leave[i], seconds, "");
            IntervalVar coming = model.NewFixedSizeIntervalVar(come[i], seconds, "");
            foreach (int count in direct.Counts.Out[i]) counted[count].Add(going);
            foreach (int count in direct.Counts.In[i].Except(direct.Counts.Out[i])) counted[count].Add(coming);
            if (!direct.Legs[i].IsTransfer) continue;
            BoolVar isDirect = model.NewBoolVar("");
            model.Add(come[i] == leave[i]).OnlyEnforceIf(isDirect);
            model.Add(come[i] >= leave[i] + seconds).OnlyEnforceIf(isDirect.Not());
        }

        AddCounts(model, direct, counted);
        AddRooms(model, direct, horizon, come, [.. leave.Select((s, i) => s + direct.Legs[i].Seconds)]);
        AddMakespan(model, direct, horizon, come);
        return Solve(model, null, limit, options, cancellation).Bound;
    }

    private static List<IntervalVar>[] Lists(int count) => [.. Enumerable.Range(0, count).Select(_ => new List<IntervalVar>())];

    private static IntVar Start(CpModel model, PlanLimits limits, long horizon, long seconds)
    {
        if (limits.Windows.Count == 0) return model.NewIntVar(0, horizon - seconds, "");
        long[][] parts =
        [
            .. limits.Windows.Select(w => (long[])[w.Start, Math.Min(horizon, w.End) - seconds]).Where(w => w[0] <= w[1]),
            .. horizon - seconds >= limits.Windows[^1].End ? [[limits.Windows[^1].End, horizon - seconds]] : Array.Empty<long[]>(),
        ];
        return model.NewIntVarFromDomain(Google.OrTools.Util.Domain.FromIntervals(parts), "");
    }

    private static void AddCounts(CpModel model, ScheduleProblem problem, List<IntervalVar>[] counted)
    {
        for (int count = 0; count < counted.Length; count++)
            if (counted[count].Count > problem.Counts.Most[count])
            {
                CumulativeConstraint cumulative = model.AddCumulative(problem.Counts.Most[count]);
                foreach (IntervalVar run in counted[count]) cumulative.AddDemand(run, 1);
            }
    }

    /// <summary>In every cell that may become too full, each VM is a long interval: from the start or from its coming, to its going or to the end.</summary>
    private static void AddRooms(CpModel model, ScheduleProblem problem, long horizon, IntVar[] comes, LinearExpr[] gone)
    {
        List<(LinearExpr From, LinearExpr To, long Amount)>[] stays =
            [.. problem.Load.Select(_ => new List<(LinearExpr, LinearExpr, long)>())];
        long[] constant = [.. problem.Load];
        Dictionary<(int Vm, int Cell), Stack<(int Leg, long Amount)>> held = [];
        for (int i = 0; i < problem.Legs.Count; i++)
        {
            foreach (RoomUse use in problem.Takes[i])
            {
                if (!held.TryGetValue((problem.Legs[i].Vm, use.Cell), out Stack<(int, long)>? stack)) held[(problem.Legs[i].Vm, use.Cell)] = stack = new();
                stack.Push((i, use.Amount));
            }

            foreach (RoomUse use in problem.Gives[i])
            {
                long left = use.Amount;
                Stack<(int Leg, long Amount)> stack = held.GetValueOrDefault((problem.Legs[i].Vm, use.Cell)) ?? new();
                while (left > 0 && stack.TryPop(out (int Leg, long Amount) taken))
                {
                    long part = Math.Min(left, taken.Amount);
                    stays[use.Cell].Add((comes[taken.Leg], gone[i], part));
                    if (taken.Amount > part) stack.Push((taken.Leg, taken.Amount - part));
                    left -= part;
                }

                if (left == 0) continue;
                stays[use.Cell].Add((LinearExpr.Constant(0), gone[i], left));
                constant[use.Cell] -= left;
            }
        }

        foreach (((int _, int cell), Stack<(int Leg, long Amount)> stack) in held)
            foreach ((int leg, long amount) in stack) stays[cell].Add((comes[leg], LinearExpr.Constant(horizon), amount));
        for (int cell = 0; cell < stays.Length; cell++)
        {
            CumulativeConstraint cumulative = model.AddCumulative(problem.Limit[cell] - constant[cell]);
            foreach ((LinearExpr from, LinearExpr to, long amount) in stays[cell])
                cumulative.AddDemand(model.NewIntervalVar(from, model.NewIntVar(0, horizon, ""), to, ""), amount);
        }
    }

    private static IntVar AddMakespan(CpModel model, ScheduleProblem problem, long horizon, IntVar[] starts)
    {
        IntVar makespan = model.NewIntVar(0, horizon, "");
        for (int i = 0; i < starts.Length; i++) model.Add(makespan >= starts[i] + problem.Legs[i].Seconds);
        model.Minimize(makespan);
        return makespan;
    }

    private static IntervalOutcome Solve(CpModel model, IntVar[]? starts, double limit, PlanOptions options, CancellationToken cancellation)
    {
        TimeSpan longest = options.Work is null ? TimeSpan.FromSeconds(limit) : TimeSpan.MaxValue;
        return cancellation.IsCancellationRequested || limit <= 0 ? new IntervalOutcome(null, 0)
            : NativeCall.Run(longest, token => Run(model, starts, limit, options, token), new IntervalOutcome(null, 0), cancellation);
    }

    private static IntervalOutcome Run(CpModel model, IntVar[]? starts, double limit, PlanOptions options, CancellationToken cancellation)
    {
        using CpSolver solver = new()
        {
            StringParameters = string.Create(
                CultureInfo.InvariantCulture,
                $"{(options.Work is null ? "max_time_in_seconds" : "max_deterministic_time")}:{Math.Max(0.01, limit):F3},"
                + $"num_workers:{(options.Work is null ? options.Threads : 1)},random_seed:{options.Seed},catch_sigint_signal:false"),
        };
        CpSolverStatus status;
        using (new Stopper(solver.StopSearch, cancellation)) status = solver.Solve(model);
        bool hasValues = status is CpSolverStatus.Optimal or CpSolverStatus.Feasible;
        long bound = hasValues || status == CpSolverStatus.Unknown ? (long)Math.Ceiling(Math.Max(0, solver.BestObjectiveBound) - 1e-6) : 0;
        return new IntervalOutcome(hasValues && starts is not null ? [.. starts.Select(solver.Value)] : null, bound);
    }
}
