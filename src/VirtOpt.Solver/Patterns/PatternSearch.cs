using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Patterns.Reading;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Patterns;

/// <summary>
/// Proves placements against fragmentation by column generation over patterns of interchangeable hosts. First over safe patterns (all that
/// comes fits into what is free at the start, so that migrations can go in any order), then over all, whose bound is the problem's; last, whole
/// numbers over the columns found. The fewest migrations are proven in the same way.
/// </summary>
internal sealed class PatternSearch
{
    private const int MostRounds = 300;
    private const int MostEnriched = 1500;
    private const int MostAlternatives = 8;
    private const long NodesByWork = 2000;

    /// <summary>What the pattern model does not prove in this share of the time is left to other parts of the engine.</summary>
    private const double TimeShare = 0.6;
    private const string Source = "pattern model";

    /// <summary>Columns of an improving solution have reduced costs above the distance of its gain from the bound, which is below 1 when it is whole.</summary>
    private static readonly double[] ReducedCosts = [0, -0.1, -0.26, -0.51, -1];

    private readonly SolveSession session;
    private readonly HostGroups groups;
    private readonly Pricing pricing;
    private readonly PatternDisaggregation disaggregation;
    private int rounds;
    private int columns;

    private PatternSearch(SolveSession session, PatternRules rules, PatternProblem problem)
    {
        (this.session, groups, Until) = (session, new HostGroups(problem), session.Elapsed + (TimeShare * session.Left));
        pricing = new Pricing(groups);
        disaggregation = new PatternDisaggregation(session, rules, groups);
    }

    private PatternProblem Problem => groups.Problem;

    private bool IsLate => session.IsOver || Left < TimeSpan.FromMilliseconds(20);

    private TimeSpan Until { get; }

    private TimeSpan Left => Until - session.Elapsed;

    /// <summary>The search, if patterns apply to the problem; null and the reason in the statistics if not.</summary>
    public static PatternSearch? TryCreate(SolveSession session)
    {
        PatternRules rules = new(session.Model);
        if (PatternExtraction.Read(session, rules, out string refusal) is { } problem) return new PatternSearch(session, rules, problem);
        session.Count($"patterns.refused: {refusal}", 1);
        return null;
    }

    /// <summary>Offers placements and bounds.</summary>
    public void Run()
    {
        TimeSpan started = session.Elapsed;
        session.TakePart("column generation over host patterns");
        using (PatternMaster master = new(groups, MasterGoal.MostCopies, Problem.MigrationLimit)) Run(master);
        session.Count("patterns.groups", groups.Hosts.Count);
        session.Count("patterns.columns", columns);
        session.Count("patterns.iterations", rounds);
        session.Count("patterns.seconds", (session.Elapsed - started).TotalSeconds);
    }

    private void Run(PatternMaster master)
    {
        Bound safe = Generate(master, isSafe: true, enough: long.MinValue);
        int safeColumns = master.Columns.Count;
        Bound bound = Generate(master, isSafe: false, enough: safe.Whole);
        columns = master.Columns.Count;
        if (!double.IsFinite(bound.Value)) return;
        session.OfferBound(0, Problem.LevelValue(bound.Whole), Source);
        if (Gain(master, safeColumns, safe, bound) is { } found && found.Gain == bound.Whole) ProveMigrations(master, found, bound);
    }

    /// <summary>Columns until the bound meets the master problem, or is as good as asked for.</summary>
    private Bound Generate(PatternMaster master, bool isSafe, long enough)
    {
        Bound best = new(double.PositiveInfinity, null);
        for (int round = 0; round < MostRounds && !IsLate && master.Solve(Left) is { } solution; round++, rounds++)
        {
            PricingResult result = pricing.Price(solution.Prices, isSafe);
            if (result.Bound < best.Value) best = new Bound(result.Bound, solution.Prices);
            if (best.Whole <= enough) break;
            int added = result.Columns.Count(master.Add);
            bool isMet = best.Value - solution.Objective < 1e-3 && best.Whole <= Whole(solution.Objective);
            if ((added == 0 || isMet) && !(solution.PaysPenalty && master.Stiffen())) break;
        }

        return best;
    }

    /// <summary>Whole numbers over safe columns, over all, then over more and more columns of small reduced cost, until the bound is met.</summary>
    private Found? Gain(PatternMaster master, int safeColumns, Bound safe, Bound bound)
    {
        Found? best = null;
        int alternatives = MostAlternatives;
        for (int stage = -1; stage < ReducedCosts.Length && !IsLate; stage++)
        {
            int before = columns;
            if (stage > 0) columns += pricing.Enumerate(bound.Prices!, ReducedCosts[stage], MostEnriched).Count(master.Add);
            if (stage >= 0 && columns == (stage == 0 ? safeColumns : before)) continue;
            PatternChoice choice = new(groups, [.. stage < 0 ? master.Columns.Take(safeColumns) : master.Columns]);
            long most = stage < 0 ? Math.Min(safe.Whole, bound.Whole) : bound.Whole;
            best = Better(best, choice, most, ref alternatives);
            if (best?.Gain == bound.Whole && (best.KeepsRules || alternatives == 0)) break;
        }

        return best;
    }

    /// <summary>The most gain of a choice; where its VMs cannot keep every rule, other patterns of the same gain are asked for.</summary>
    private Found? Better(Found? best, PatternChoice choice, long most, ref int alternatives)
    {
        while (!IsLate && choice.MostCopies(Job, most) is { } uses)
        {
            Found found = new(choice, uses, Offer(uses));
            if (best is null || found.Gain > best.Gain || (found.Gain == best.Gain && found.KeepsRules && !best.KeepsRules)) best = found;
            if (found.KeepsRules || found.Gain < best.Gain || alternatives-- == 0) break;
            choice.Exclude(uses);
        }

        alternatives = Math.Max(0, alternatives);
        return best;
    }

    /// <summary>Offers the placement of used patterns; false if VMs had to stay at home to keep every rule.</summary>
    private bool Offer(IReadOnlyList<PatternUse> uses)
    {
        bool keepsRules = disaggregation.TryChoose(uses, out Place[] places);
        session.Offer(places, Source);
        return keepsRules;
    }

    /// <summary>
    /// With the most copies proven, the fewest migrations. Each migration below the limit would have lowered the bound by its price: that alone
    /// often proves the number at hand; where it does not, a second column generation asks for migrations instead.
    /// </summary>
    private void ProveMigrations(PatternMaster master, Found found, Bound bound)
    {
        if (TieBreakLevel() is not { } level) return;
        double price = bound.Prices!.Migration;
        long fewest = price < 1e-9 ? 0 : Problem.MigrationLimit - Whole((bound.Value - found.Gain) / price);
        if (found.Migrations > fewest) found = Reduce(found, found.Choice, fewest);
        if (found.Migrations > fewest) fewest = ReduceFurther(master, found, fewest);
        if (session.BestScore?[0] <= session.BoundOf(0)) session.OfferBound(level, fewest, Source);
    }

    /// <summary>Column generation for the fewest migrations, then whole numbers; returns the better of two true bounds.</summary>
    private long ReduceFurther(PatternMaster master, Found found, long fewest)
    {
        using PatternMaster second = new(groups, MasterGoal.FewestMigrations, found.Gain);
        foreach (Column column in master.Columns) second.Add(column);
        Bound bound = Generate(second, isSafe: false, enough: long.MinValue);
        if (!double.IsFinite(bound.Value)) return fewest;
        fewest = Math.Max(fewest, -bound.Whole);
        for (int stage = 0; stage < ReducedCosts.Length && found.Migrations > fewest && !IsLate; stage++)
        {
            int added = stage == 0 ? 0 : pricing.Enumerate(bound.Prices!, ReducedCosts[stage], MostEnriched).Count(second.Add);
            if (stage == 0 || added > 0) found = Reduce(found, new PatternChoice(groups, second.Columns), fewest);
        }

        columns += second.Columns.Count - master.Columns.Count;
        return fewest;
    }

    /// <summary>The fewest migrations over the columns of a choice, offered if they are fewer.</summary>
    private Found Reduce(Found found, PatternChoice choice, long fewest)
    {
        if (IsLate || choice.FewestMigrations(Job, found.Gain, fewest) is not { } uses) return found;
        Found reduced = new(choice, uses, Offer(uses));
        return reduced.Migrations < found.Migrations ? reduced : found;
    }

    /// <summary>Position of the level of the fewest migrations, if the problem counts them there.</summary>
    private int? TieBreakLevel()
    {
        Goal[] goals = [.. session.Model.Goals.Where(g => g.Level == PlacementProblem.TieBreakLevel)];
        bool counts = goals is [{ Weight: 1, Term: SumTerm { Functions: [var function] } term }]
            && function == CellFunction.Identity && PatternRules.CountsMigrations(term, session.Model);
        return counts ? session.Scoring.Levels.ToList().IndexOf(PlacementProblem.TieBreakLevel) : null;
    }

    private LinearJob Job(LinearModel rows, LinearExpression objective) => new()
    {
        Model = rows,
        Objective = objective,
        Limit = session.Stop is MaxWork ? Left : 0.5 * Left,
        Nodes = session.Stop is MaxWork ? NodesByWork : null,
        Presolve = false,
        Seed = session.Seed,
        CancellationToken = session.Token,
    };

    /// <summary>The largest whole number up to a value, but for the error of the solver.</summary>
    private static long Whole(double value) => double.IsFinite(value) ? (long)Math.Floor(value + 1e-6) : long.MaxValue;

    /// <summary>A true bound of what a master problem maximises, with the prices that gave it.</summary>
    private readonly record struct Bound(double Value, Prices? Prices)
    {
        public long Whole => PatternSearch.Whole(Value);
    }

    private sealed record Found(PatternChoice Choice, IReadOnlyList<PatternUse> Uses, bool KeepsRules)
    {
        public long Gain { get; } = Uses.Sum(u => (long)u.Times * u.Column.Gain);

        public long Migrations { get; } = Uses.Sum(u => (long)u.Times * u.Column.Migrations);
    }
}
