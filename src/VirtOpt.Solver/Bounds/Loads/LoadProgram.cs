using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Bounds.Loads;

/// <summary>
/// The linear relaxation of the terms over <see cref="FreeLoads"/>: water-filling of all terms of a level at once, with what ties their loads
/// together, and a covering program where the use of hosts costs (used hosts hold the whole demand in every dimension). It does not grow with the
/// number of VMs. Terms that read other loads count by their own bounds.
/// Many hosts are counted by kind first, see <see cref="HostKinds"/>; where that gives something away, the program over all hosts follows.
/// </summary>
/// <param name="leastHostsToCount">Hosts from which on kinds are counted.</param>
internal sealed class LoadProgram(int leastHostsToCount = LoadProgram.ManyHosts) : ILevelBound
{
    private const int ManyHosts = 500;
    private const int MostVariables = 50_000;

    /// <inheritdoc/>
    public string Name => "load-program";

    /// <inheritdoc/>
    public IEnumerable<long> Of(BoundTask task)
    {
        LevelTerms level = new(task);
        if (level.Seen.Count == 0) yield break;
        int hosts = task.Session.Problem.Cluster.Hosts.Count;
        HostKinds? kinds = hosts < leastHostsToCount ? null : new HostKinds(hosts, task.Ranges, level.Limits());
        if (kinds is not null && Bound(task, level, kinds) is { } ofKinds) yield return ofKinds;
        if (kinds is { IsExact: true } || level.Seen.Sum(t => t.Term.FamiliesRead().Sum(f => (long)f.CellCount)) > MostVariables) yield break;
        if (Bound(task, level, null) is { } bound) yield return bound;
    }

    private static long? Bound(BoundTask task, LevelTerms level, HostKinds? kinds)
    {
        LinearModel rows = new();
        FreeLoads loads = new(task.Session.Model, task.Ranges, rows, kinds);
        TermEncoder encoder = new(rows, loads);
        LinearExpression sum = new();
        foreach ((Term term, long weight) in level.Seen) sum.Add(encoder.Amount(term), weight);
        foreach ((Term term, IReadOnlyList<long> tolerated) in level.Held) encoder.Limit(term, tolerated);
        long? bound = SafeBound.Of(DualSolver.Glop, new LinearJob
        {
            Model = rows,
            Objective = sum,
            Limit = task.Left,
            Work = task.Work,
            CancellationToken = task.CancellationToken,
        }, kinds is null ? null : level.Divisor); // Averages of a kind are not whole, but the level is.
        return bound + level.LeastOfUnseen;
    }

    /// <summary>The terms of a level that free loads say something of, and the limits that go with them.</summary>
    private sealed class LevelTerms
    {
        public LevelTerms(BoundTask task)
        {
            FreeLoads loads = new(task.Session.Model, task.Ranges, new LinearModel());
            bool IsSeen(Term term) => term is SumTerm or MaxTerm or FitTerm && term.FamiliesRead().All(loads.Sees);
            Seen = [.. task.Terms.Where(t => IsSeen(t.Term))];
            LeastOfUnseen = task.LeastOf(task.Terms.Where(t => !IsSeen(t.Term)));
            IReadOnlyList<Requirement> requirements = task.Session.Model.Requirements;
            if (!Seen.Any(t => t.Term is SumTerm sum && sum.Kinds.Any(f => f.Jump > 0))) return; // Without a price of use the ranges say all that limits say.
            Held =
            [
                .. Enumerable.Range(0, requirements.Count)
                    .Where(r => requirements[r].Term is SumTerm { Outer: Outer.Sum, PerVm: false } term && IsSeen(term))
                    .Select(r => (requirements[r].Term, task.Session.Scoring.Tolerances.Of(r))),
            ];
        }

        public IReadOnlyList<(Term Term, long Weight)> Seen { get; }

        /// <summary>Limits of hosts, which a host has only if it is used.</summary>
        public IReadOnlyList<(Term Term, IReadOnlyList<long> Tolerated)> Held { get; } = [];

        public long LeastOfUnseen { get; }

        /// <summary>What the sum of the terms that are seen is a multiple of, whatever the loads.</summary>
        public long Divisor => Math.Max(1, Seen.Aggregate(0L, (divisor, term) => Gcd(divisor, term.Weight * DivisorOf(term.Term))));

        public IReadOnlyList<(Term Term, IReadOnlyList<long>? Tolerated)> Limits() =>
            [.. Seen.Select(t => (t.Term, (IReadOnlyList<long>?)null)), .. Held.Select(h => (h.Term, (IReadOnlyList<long>?)h.Tolerated))];

        private static long DivisorOf(Term term) => term is not SumTerm { Outer: Outer.Sum } sum ? 1
            : sum.Kinds.Aggregate(sum.Offset, (divisor, f) => f.Hinges.Aggregate(Gcd(Gcd(divisor, f.Slope), f.Jump), (d, hinge) => Gcd(d, hinge.Change)));

        private static long Gcd(long one, long other) => other == 0 ? Math.Abs(one) : Gcd(other, one % other);
    }
}
