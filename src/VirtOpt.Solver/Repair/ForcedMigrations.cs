using VirtOpt.Solver.Bounds;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Repair;

/// <summary>A placement that repairs all that the start breaks moves at least the VMs that must leave: a bound of what migrations cost.</summary>
internal sealed class ForcedMigrations : ILevelBound
{
    /// <inheritdoc/>
    public string Name => "forced migrations";

    /// <summary>Whether a term counts migrations, or what they cost, and nothing else.</summary>
    public static bool Counts(Term term) =>
        term is SumTerm { Outer: Outer.Sum, Offset: 0, Functions: [{ } function] } sum
        && sum.Family is { DependsOnStart: true, TellsStartsApart: false, CellCount: 1 } family
        && function == CellFunction.Identity && HasArrivalsOnly(family);

    /// <inheritdoc/>
    public IEnumerable<long> Of(BoundTask task) => Of(task.Session, task.Level) is { } bound ? [bound] : [];

    /// <summary>A number that a level is never below if what the start breaks is repaired; null if the best placement does not repair it.</summary>
    /// <param name="session">The solve.</param>
    /// <param name="level">Position of the level.</param>
    public static long? Of(SolveSession session, int level)
    {
        bool hasRepair = session.Scoring.Levels[0] == Scoring.RepairLevel;
        if (hasRepair && (level == 0 || session.BestScore?[0] != 0)) return null;
        int forced = session.Forced.Total;
        return session.Scoring.Uses().Where(use => use.Level == level && use.Weight > 0 && Counts(use.Term))
            .Sum(use => checked(use.Weight * forced * Least(((SumTerm)use.Term).Family, session.Problem.Cluster)));
    }

    /// <summary>The least that one migration costs; 0 if the term does not count all VMs.</summary>
    private static long Least(LoadFamily family, ClusterSnapshot cluster)
    {
        long least = long.MaxValue;
        for (int vm = 0; vm < cluster.Vms.Count; vm++)
        {
            if (cluster.Vms[vm].Start is null || !cluster.Vms[vm].Movable) continue;
            int position = family.PositionOf(vm);
            least = Math.Min(least, position < 0 ? 0 : family.ArrivingWeight(position));
        }

        return least == long.MaxValue ? 0 : least;
    }

    private static bool HasArrivalsOnly(LoadFamily family)
    {
        int count = family.IsDense ? 0 : family.Members.Length;
        for (int position = 0; position < count; position++)
            if (family.Weight(position) != 0 || family.LeavingWeight(position) != 0) return false;
        return !family.IsDense || (family.Weight(0) == 0 && family.LeavingWeight(0) == 0);
    }
}
