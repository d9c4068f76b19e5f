using VirtOpt.Solver.Search.Kernels.Groups;
using VirtOpt.Solver.Search.Kernels.Profiles;

namespace VirtOpt.Solver.Search.Kernels;

/// <summary>
/// A problem compiled for the search: one number to be made small, in which each level of the objective has a factor, and the terms sorted by how
/// fast they can be evaluated. Immutable but for assertion mode; threads share it.
/// </summary>
internal sealed class SearchModel
{
    private const double Apart = 16;
    private const double Precision = 1e-7;
    private readonly PlacementModel model;
    private readonly Scoring scoring;
    private readonly Dictionary<Term, ProfileTable> profiles = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Term> rest = new(ReferenceEqualityComparer.Instance);

    private double? offset;

    /// <param name="model">The problem.</param>
    /// <param name="scoring">Its tolerances and levels.</param>
    /// <param name="score">The score from which the search starts: what a level can lose at most tells how far apart the factors must be.</param>
    /// <param name="level">Position of the level that has factor 1.</param>
    public SearchModel(PlacementModel model, Scoring scoring, Score score, int level)
    {
        (this.model, this.scoring) = (model, scoring);
        Starts = [.. model.Cluster.Vms.Select(vm => vm.Start ?? Placement.Nowhere)];
        Factors = FactorsOf(score, level);
        MoveCosts = new MoveCosts(Starts);
        Groups = new GroupModel(model);
        SheetBuilder sheets = new(model);
        for (int r = 0; r < model.Requirements.Count; r++)
            if (!IsKeptByCandidates(model.Requirements[r].Term)) Require(model.Requirements[r].Term, scoring.Tolerances.Of(r), sheets);
        foreach ((Term term, int at, long weight) in scoring.Uses()) Sort(term, Factors[at] * weight, sheets);
        Sheets = sheets.Build(Starts);
        Groups.Close();
    }

    /// <summary>Number of hosts.</summary>
    public int HostCount => model.Cluster.Hosts.Count;

    /// <summary>Where the VMs started.</summary>
    public Place[] Starts { get; }

    /// <summary>What one unit of each level costs.</summary>
    public double[] Factors { get; }

    /// <summary>Costs that each VM has for itself.</summary>
    public MoveCosts MoveCosts { get; }

    /// <summary>Loads with hinges and caps.</summary>
    public IReadOnlyList<LoadSheet> Sheets { get; }

    /// <summary>Rules over the loads of groups.</summary>
    public GroupModel Groups { get; }

    /// <summary>Terms over the slots of forecasts.</summary>
    public IEnumerable<ProfileTable> Profiles => profiles.Values;

    /// <summary>True if groups, profiles or the rest can gain something that the tables do not see.</summary>
    public bool HasLaterGoals { get; private set; }

    /// <summary>What a VM of typical weight costs at most in the tables, as far as a level and those after it charge for it.</summary>
    /// <param name="level">Position of the level.</param>
    public double CostOfTypicalVm(int level) => Sheets.Sum(s => s.CostOfTypicalVm(LeastOfEarlier(level)));

    /// <summary>A change of energy of at least this much is one of a level before; infinite if there is none.</summary>
    /// <param name="level">Position of the level.</param>
    public double LeastOfEarlier(int level) => level == 0 ? double.PositiveInfinity : Factors[level - 1];

    /// <summary>A state of the terms that fit into no table; null if there are none.</summary>
    public PlacementState? RestAt(ReadOnlySpan<Place> places) => rest.Count == 0 ? null : new PlacementState(model, places, scoring, rest);

    /// <summary>Compares a state with the generic one, made anew.</summary>
    /// <exception cref="InvalidOperationException">It counts something else, or breaks a rule: a defect.</exception>
    public void Verify(SearchState state)
    {
        PlacementState expected = scoring.StateAt(state.Places);
        double energy = 0;
        double magnitude = 1;
        for (int level = 0; level < Factors.Length; level++)
        {
            energy += Factors[level] * expected.Level(level);
            magnitude += Factors[level] * Math.Abs(expected.Level(level));
        }

        offset ??= state.Energy - energy;
        if (expected.Broken > 0 || Math.Abs(state.Energy - offset.Value - energy) > Precision * (magnitude + Math.Abs(offset.Value)))
            throw new InvalidOperationException(
                $"The search counts ({state.Energy - offset}) for a placement worth ({energy}) that breaks ({expected.Broken}).");
    }

    private void Require(Term term, IReadOnlyList<long> tolerated, SheetBuilder sheets)
    {
        if (term is SumTerm sum && sheets.TryLimit(sum, tolerated)) return;
        if (Groups.TryRequire(term, tolerated)) return;
        if (ProfileOf(term) is { } profile) profile.Tolerated = tolerated;
        else rest.Add(term);
    }

    private void Sort(Term term, double factor, SheetBuilder sheets)
    {
        if (rest.Contains(term))
        {
            HasLaterGoals = true;
            return;
        }

        if (term is SumTerm line && MoveCosts.TryAdd(line, factor, model.Cluster.Hosts.Count)) return;
        if (sheets.Suits(term))
        {
            sheets.Charge((SumTerm)term, factor);
            return;
        }

        HasLaterGoals = true;
        if (Groups.TryCharge(term, factor)) return;
        if (ProfileOf(term) is { } profile) profile.Factor += factor;
        else rest.Add(term);
    }

    private ProfileTable? ProfileOf(Term term)
    {
        if (!profiles.TryGetValue(term, out ProfileTable? profile) && (profile = ProfileTable.Of(term, Starts.Length)) is not null)
            profiles[term] = profile;
        return profile;
    }

    /// <summary>What single VMs break by themselves is kept by moving VMs to candidates only.</summary>
    private static bool IsKeptByCandidates(Term term) => term is SumTerm { PerVm: true };

    /// <summary>Factors so far apart that no gain in a later level pays for a loss in an earlier one.</summary>
    private double[] FactorsOf(Score score, int level)
    {
        double[] factors = new double[scoring.Levels.Count];
        factors[level] = 1;
        for (int before = level - 1; before >= 0; before--) factors[before] = factors[before + 1] * Apart * (1 + score[before + 1]);
        for (int after = level + 1; after < factors.Length; after++)
            factors[after] = factors[after - 1] / (Apart * (1 + score[after] + model.Cluster.Vms.Count));
        return factors;
    }
}
