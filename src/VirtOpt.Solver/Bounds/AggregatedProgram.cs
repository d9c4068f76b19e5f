using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Bounds;

/// <summary>
/// The linear relaxation of the exact model over all hosts, of as much of the problem as fits: terms that read loads which tell many VMs apart are
/// left out, so that VMs become alike and are counted together. What is left out only relaxes. Levels before that are proven keep their values.
/// </summary>
internal sealed class AggregatedProgram : ILevelBound
{
    /// <summary>Most coefficients of a program that is built; each takes about a hundred bytes on its way to the solver.</summary>
    public const long MostCoefficients = 3_000_000;

    private const long CoefficientsPerSecond = 100_000;
    private const long CoefficientsAlways = 30_000;
    private const int RowsPerCharge = 2;
    private const int Sample = 10_000;

    /// <summary>By measurement: with fewer rows GLOP is faster and exact, with more PDLP. Only GLOP counts work.</summary>
    private const int MostRowsForGlop = 20_000;

    /// <summary>Which loads are kept, from the fewest to all.</summary>
    private static readonly Func<LoadFamily, bool>[] Kept =
    [
        family => family.IsDense && !family.DependsOnStart,
        family => family.IsDense && !family.TellsStartsApart,
        family => family.IsDense,
        family => family.IsDense || family.CellCount == 1,
        _ => true,
    ];

    /// <inheritdoc/>
    public string Name => "aggregated-lp";

    /// <inheritdoc/>
    public IEnumerable<long> Of(BoundTask task)
    {
        PlaceTable table = new(task.Session.Problem.Cluster);
        long known = -1;
        foreach (Func<LoadFamily, bool> isKept in Kept)
        {
            bool IsKept(Term term) => term is not FailoverTerm && term.FamiliesRead().All(isKept);
            PlacementModel part = task.Session.Model.Part(r => IsKept(r.Term), goal => Counts(task, goal) && IsKept(goal.Term));
            long coefficients = Coefficients(part, table, Sample);
            if (coefficients <= Most(task)) coefficients = Coefficients(part, table, int.MaxValue);
            if (coefficients == known) continue;
            known = coefficients;
            if (coefficients > Most(task))
            {
                task.Session.Count($"bound.{Name}.refused coefficients of level {task.Session.Scoring.Levels[task.Level]}", coefficients);
                yield break;
            }

            if (Bound(task, part, table) is { } bound) yield return bound + task.LeastOf(task.Terms.Where(t => !IsKept(t.Term)));
        }
    }

    /// <summary>Most coefficients that the time or work that is left is good for.</summary>
    private static double Most(BoundTask task) =>
        Math.Min(
            Math.Min(MostCoefficients, task.Session.Memory.MostCoefficients),
            CoefficientsAlways + (CoefficientsPerSecond * (task.Work ?? Math.Max(0, task.Left.TotalSeconds))));

    private static bool Counts(BoundTask task, Goal goal)
    {
        int level = task.Session.Scoring.Levels.ToList().IndexOf(goal.Level);
        return level == task.Level || (level < task.Level && IsProven(task.Session, level));
    }

    /// <summary>True if a level and all before it are at their best: only then must no placement that counts be worse there.</summary>
    private static bool IsProven(SolveSession session, int level) =>
        session.BestScore is { } best && Enumerable.Range(0, level + 1).All(l => session.BoundOf(l) >= best[l]);

    /// <summary>About how many coefficients the program of a part has, if it had only its first VMs: often that is too many already.</summary>
    private static long Coefficients(PlacementModel part, PlaceTable table, int mostVms)
    {
        IReadOnlyList<VirtualMachine> vms = part.Cluster.Vms;
        return VmClass.Sort(part, Enumerable.Range(0, vms.Count).Where(vm => vms[vm].Movable).Take(mostVms))
            .Sum(c => table.For(vms[c.Vms[0]]).Count * (1 + (RowsPerCharge * (long)c.Charges.Count)));
    }

    private static long? Bound(BoundTask task, PlacementModel part, PlaceTable table)
    {
        SolveSession session = task.Session;
        Scoring scoring = new(part);
        int level = scoring.Levels.ToList().IndexOf(session.Scoring.Levels[task.Level]);
        if (level < 0) return null;
        PlacementFormulation formulation = new(part, scoring, table, new PlaceFilter(part, scoring), Placement.StartOf(session.Problem.Cluster).Places);
        if (formulation.Homeless is not null) return null;
        for (int before = 0; before < level; before++)
            if (session.Scoring.Levels.ToList().IndexOf(scoring.Levels[before]) is >= 0 and int proven && IsProven(session, proven))
                formulation.Rows.AtMost(formulation.Levels[before], session.BestScore!.Value[proven]);
        return SafeBound.Of(task.Work is null && formulation.Rows.Rows.Count > MostRowsForGlop ? DualSolver.Pdlp : DualSolver.Glop, new LinearJob
        {
            Model = formulation.Rows,
            Objective = formulation.Levels[level],
            Limit = task.Left,
            Work = task.Work,
            CancellationToken = task.CancellationToken,
        });
    }
}
