using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Formulation;

/// <summary>
/// The exact model: classes of like VMs are counted by place (models/placement/FORMULATION.md). Over all hosts its bounds are bounds of the problem;
/// over some hosts, with all other VMs fixed, it is the sub-model of a neighbourhood and its bounds are nobody's.
/// </summary>
internal sealed class PlacementFormulation
{
    private const long MostCombined = 1L << 50;
    private readonly PlacementModel model;
    private readonly Scoring scoring;
    private readonly IReadOnlyList<ClassVariables> classes;
    private readonly LoadTable loads;
    private readonly TermEncoder encoder;
    private readonly Place[] places;

    /// <param name="model">The problem.</param>
    /// <param name="scoring">Its tolerances and levels.</param>
    /// <param name="table">Its places.</param>
    /// <param name="filter">Its places that are out of the question.</param>
    /// <param name="current">Where the VMs are now: what is not counted stays there.</param>
    /// <param name="scope">The part of the problem that is modelled; null for all of it.</param>
    public PlacementFormulation(
        PlacementModel model, Scoring scoring, PlaceTable table, PlaceFilter filter, ReadOnlySpan<Place> current, FormulationScope? scope = null)
    {
        (this.model, this.scoring, places) = (model, scoring, current.ToArray());
        ClusterSnapshot cluster = model.Cluster;
        IReadOnlySet<int>? inReach = scope?.Hosts;
        bool IsClosed(HostId host) => scope?.ClosedHosts?.Contains(host.Index) is true;
        bool Reaches(HostId host) => inReach is null || inReach.Contains(host.Index);
        bool IsCounted(int vm) => cluster.Vms[vm].Movable && scope?.WithoutVms?.Contains(vm) is not true
            && (inReach is null || (places[vm].Host.Index >= 0 && Reaches(places[vm].Host)));
        int[] counted = [.. Enumerable.Range(0, places.Length).Where(IsCounted)];
        Place[] rest = [.. places];
        foreach (int vm in counted) rest[vm] = Placement.Nowhere;
        foreach (int vm in scope?.WithoutVms ?? new HashSet<int>()) rest[vm] = Placement.Nowhere;
        PlacementState fixedVms = scoring.StateAt(rest);
        Func<LoadFamily, int, long> fixedLoad = fixedVms.Load;
        classes =
        [
            .. VmClass.Sort(model, counted, scope is { CountsSingly: true }).Select(c => new ClassVariables(
                Rows, c, table.For(cluster.Vms[c.Vms[0]]).Where(p => Reaches(p.Host)), vm => cluster.Vms[vm].Start ?? Placement.Nowhere, Reaches,
                p => IsClosed(p.Host) ? 0 : filter.MostComing(c, p, fixedLoad, c.Vms.Count), p => IsClosed(p.Host))),
        ];
        loads = new LoadTable(model, Rows, classes, fixedVms);
        NoteLimits(filter);
        encoder = new TermEncoder(Rows, loads);
        Levels = [.. scoring.Levels.Select(LevelExpression)];
        for (int r = 0; r < model.Requirements.Count; r++)
            if (IsAsked(model.Requirements[r], scope)) encoder.Limit(model.Requirements[r].Term, scoring.Tolerances.Of(r));
    }

    /// <summary>The program without an objective.</summary>
    public LinearModel Rows { get; } = new();

    /// <summary>The objective of each level of the scoring.</summary>
    public IReadOnlyList<LinearExpression> Levels { get; }

    /// <summary>Number of classes.</summary>
    public int ClassCount => classes.Count;

    /// <summary>True if some class has nowhere to go: its balance cannot be kept whatever the other rows say.</summary>
    public VmClass? Homeless => classes.FirstOrDefault(c => c.Places.Count == 0)?.Class;

    /// <summary>
    /// All levels as one objective, each weighted so that it outweighs all after it; levels that no longer fit into the range of exact numbers are
    /// left out.
    /// </summary>
    /// <param name="from">Position of the first level that counts.</param>
    public LinearExpression CombinedLevels(int from = 0)
    {
        List<(LinearExpression Level, long Factor)> kept = [];
        UInt128 range = 1;
        foreach (LinearExpression level in Levels.Skip(from))
        {
            (long low, long high) = Rows.Range(level);
            UInt128 wider = range * (UInt128)(high - low + 1);
            if (wider > MostCombined && kept.Count > 0) break;
            range = wider;
            kept.Add((level, high - low + 1));
        }

        LinearExpression combined = new();
        long factor = 1;
        foreach ((LinearExpression level, long width) in Enumerable.Reverse(kept))
        {
            foreach ((int variable, long coefficient) in level.Terms) combined.Add(variable, factor * coefficient);
            factor *= width;
        }

        return combined;
    }

    /// <summary>The placement that counts stand for: who stays and who goes where is chosen by index.</summary>
    public Place[] PlacesOf(ReadOnlySpan<long> values)
    {
        Place[] result = [.. places];
        foreach (ClassVariables variables in classes) Disaggregate(variables, values, result);
        return result;
    }

    /// <summary>The counts of a placement, for hints; variables of terms are left at -1.</summary>
    public long[] CountsOf(ReadOnlySpan<Place> placement)
    {
        long[] values = new long[Rows.Variables.Count];
        Array.Fill(values, -1);
        foreach (ClassVariables variables in classes)
        {
            Dictionary<Place, int> now = [];
            foreach (int vm in variables.Class.Vms)
                if (placement[vm].Host.Index >= 0) now[placement[vm]] = now.GetValueOrDefault(placement[vm]) + 1;
            foreach (PlaceVariables place in variables.Places)
            {
                int change = now.GetValueOrDefault(place.Place) - place.Start;
                if (place.Out >= 0) values[place.Out] = Math.Max(0, -change);
                if (place.In >= 0) values[place.In] = Math.Max(0, change);
            }
        }

        return values;
    }

    /// <summary>Asks that a failure of hosts be survived.</summary>
    public void AddFailure(FailoverTerm term, int failure) => new FailoverEncoder(Rows, loads, classes).Survive(term, failure);

    /// <summary>Asks that every failure be survived of which hard rules speak.</summary>
    public void AddAllFailures(IReadOnlySet<Constraint> withoutRules)
    {
        for (int r = 0; r < model.Requirements.Count; r++)
            if (model.Requirements[r] is { Term: FailoverTerm term, Source: var rule } && !withoutRules.Contains(rule))
                for (int failure = 0; failure < term.Failures.Count; failure++)
                    if (scoring.Tolerances.Of(r)[failure] == 0) AddFailure(term, failure);
    }

    private void Disaggregate(ClassVariables variables, ReadOnlySpan<long> values, Place[] result)
    {
        Dictionary<Place, long> staying = [];
        Queue<Place> coming = [];
        foreach (PlaceVariables place in variables.Places)
        {
            long leaves = place.Out >= 0 ? values[place.Out] : 0;
            long comes = place.In >= 0 ? values[place.In] : 0;
            long both = Math.Min(leaves, comes);
            staying[place.Place] = place.Start - leaves + both;
            for (long i = 0; i < comes - both; i++) coming.Enqueue(place.Place);
        }

        List<int> going = [];
        foreach (int vm in variables.Class.Vms)
            if (model.Cluster.Vms[vm].Start is { } home && staying.GetValueOrDefault(home) > 0)
            {
                staying[home]--;
                result[vm] = home;
            }
            else going.Add(vm);

        foreach (int vm in going) result[vm] = coming.Dequeue();
    }

    private LinearExpression LevelExpression(int level)
    {
        LinearExpression sum = new();
        if (level == Scoring.RepairLevel)
            for (int r = 0; r < model.Requirements.Count; r++)
                if (scoring.Tolerances.Weights[r] is > 0 and long weight) sum.Add(AmountOf(model.Requirements[r].Term), weight);
        foreach (Goal goal in model.Goals.Where(g => g.Level == level && g.Weight > 0)) sum.Add(AmountOf(goal.Term), goal.Weight);
        return sum;
    }

    private LinearExpression AmountOf(Term term) =>
        term is FailoverTerm failover ? new FailoverEncoder(Rows, loads, classes).Amount(failover) : encoder.Amount(term);

    private bool IsAsked(Requirement requirement, FormulationScope? scope)
    {
        if (requirement.Term is FailoverTerm || scope?.WithoutRules?.Contains(requirement.Source) is true) return false;
        return scope?.WithoutVms is not { Count: > 0 } left
            || !Tolerances.IsJudgedWhenPlaced(requirement.Term)
            || !Tolerances.SpeaksOf(requirement.Term, left.Contains, places.Length);
    }

    private void NoteLimits(PlaceFilter filter)
    {
        foreach ((int _, SumTerm term, IReadOnlyList<long> tolerated) in filter.HardSums)
            foreach (int cell in loads.CellsOf(term.Family))
                if (term.Functions[cell].LargestWithin(tolerated[cell]) is { } most) loads.Limit(term.Family, cell, most);
    }
}

/// <summary>The part of a problem that is modelled.</summary>
internal sealed record FormulationScope
{
    /// <summary>The hosts whose movable VMs are counted; null for all. All other VMs are fixed.</summary>
    public IReadOnlySet<int>? Hosts { get; init; }

    /// <summary>Hosts that end up without VMs that are counted; null for none.</summary>
    public IReadOnlySet<int>? ClosedHosts { get; init; }

    /// <summary>VMs that are left out of the cluster.</summary>
    public IReadOnlySet<int>? WithoutVms { get; init; }

    /// <summary>Rules that are not asked for.</summary>
    public IReadOnlySet<Constraint>? WithoutRules { get; init; }

    /// <summary>True if every VM is told apart from those that are like it: the plain model, to compare with.</summary>
    public bool CountsSingly { get; init; }
}
