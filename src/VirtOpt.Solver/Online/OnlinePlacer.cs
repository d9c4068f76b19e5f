using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Online;

namespace VirtOpt;

/// <summary>
/// Keeps a running cluster and answers within milliseconds where a new VM goes, or the VMs of a host that has failed or is to be emptied: each to the
/// place that is valid by all rules and best by the problem's objectives, level by level, over all hosts; of equal places the first.
/// </summary>
/// <remarks>
/// <para>
/// Each call starts from where the VMs are now: what is broken now may stay as it is but not get worse, and only the migrations of the call itself
/// count. VMs are placed one after another, so that the places of several are good together but not proven best; a rule that lies between them, such as a
/// dependency, can refuse a VM that a solve would place. A VM without forecast is taken to use its demand in every slot.
/// </para>
/// <para>
/// A call takes time by hosts, not by VMs, and by the VMs of the groups that it touches; failover, whose every failure is packed anew, is the exception.
/// The answers rest on the engines' terms and are not checked each time; <see cref="Verify"/> judges the last one by the independent checker, over the
/// whole cluster.
/// </para>
/// Not safe for several threads at once.
/// </remarks>
public sealed class OnlinePlacer
{
    private const int HelpingHosts = 8;
    private readonly RunningCluster cluster;
    private readonly OnlineOptions options;
    private readonly PlaceTable table;
    private readonly int[] levels;
    private readonly Dictionary<Resident, Place?> lastStarts = new(ReferenceEqualityComparer.Instance);
    private LevelValue[]? objective;
    private IReadOnlyList<LevelValue> last;

    /// <summary>Takes a cluster over; takes up to seconds on large ones.</summary>
    /// <param name="problem">The rules, the objectives and the VMs.</param>
    /// <param name="placement">Where the VMs are now; it may break rules.</param>
    /// <param name="options">How to work; null for the defaults.</param>
    /// <exception cref="InvalidInputException">The problem makes no sense, or a VM has no place that suits it.</exception>
    public OnlinePlacer(PlacementProblem problem, Placement placement, OnlineOptions? options = null)
    {
        this.options = options ?? new OnlineOptions();
        this.options.Validate();
        problem.Validate();
        CheckReport report = PlacementChecker.Check(problem, placement);
        if (report.Levels.Count == 0 && report.Violations.Count > 0)
            throw InvalidInputException.Because($"The placement does not suit the cluster: {report.Violations[0].Message}", "solve the problem first.");
        cluster = new RunningCluster(problem, placement);
        table = new PlaceTable(problem.Cluster);
        levels = [.. problem.Compile().Levels.Where(level => level < PlacementProblem.TieBreakLevel)];
        last = Objective;
    }

    /// <summary>The objective now, level by level, as if the VMs had started where they are.</summary>
    public IReadOnlyList<LevelValue> Objective => objective ??= Judge([]);

    /// <summary>Number of VMs.</summary>
    public int VmCount => cluster.VmCount;

    /// <summary>Where a VM is; null if there is none of this name.</summary>
    public Place? PlaceOf(string vm) => cluster.TryFind(vm, out Resident? resident) ? resident!.Place : null;

    /// <summary>Places a new VM. If no place suits it, nothing changes.</summary>
    /// <param name="vm">The VM; its start does not matter.</param>
    /// <param name="groups">Names of the groups that it joins; rules over them hold for it.</param>
    /// <param name="token">Ends the call without a change.</param>
    /// <exception cref="InvalidInputException">The VM makes no sense, its name is taken, or there is no such group.</exception>
    public OnlineAnswer Place(VirtualMachine vm, IReadOnlyList<string>? groups = null, CancellationToken token = default)
    {
        if (cluster.TryFind(vm.Name, out _))
            throw InvalidInputException.Because($"The VM ({vm.Name}) is there already.", "remove it first, or give the new one another name.");
        Validate(vm);
        Crew[] crews = [.. (groups ?? []).Distinct().SelectMany(CrewsNamed)];
        IReadOnlyList<LevelValue> before = Objective;
        Resident newcomer = cluster.Newcomer(vm);
        foreach (Crew crew in crews) RunningCluster.Enter(newcomer, crew);
        return Settle(before, [newcomer], [], crews, token);
    }

    /// <summary>Takes a VM away, out of its groups too.</summary>
    /// <param name="vm">Name of the VM.</param>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public OnlineAnswer Remove(string vm)
    {
        if (!cluster.TryFind(vm, out Resident? resident)) throw InvalidInputException.Because($"There is no VM ({vm}).", "it was removed before.");
        IReadOnlyList<LevelValue> before = Objective;
        Crew[] crews = [.. resident!.Crews];
        cluster.Leave(resident);
        RunningCluster.LeaveCrews(resident);
        lastStarts.Clear();
        last = objective = Judge(crews);
        return new OnlineAnswer { Before = before, After = last };
    }

    /// <summary>
    /// A host has failed: its VMs start anew on others, important and large ones first. Those that find no place are down, and no longer in the cluster
    /// or its groups: place them again when there is room. Cancelling leaves down whatever was not placed.
    /// </summary>
    /// <param name="host">Name of the host; its state becomes <see cref="HostState.Off"/>.</param>
    /// <param name="token">Ends the call early.</param>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public OnlineAnswer FailHost(string host, CancellationToken token = default)
    {
        HostId id = cluster.Origin.HostNamed(host);
        IReadOnlyList<LevelValue> before = Objective;
        Resident[] down = [.. cluster.On(id)];
        foreach (Resident resident in down) cluster.Leave(resident);
        cluster.SetState(id, HostState.Off);
        Crew[] crews = [.. down.SelectMany(r => r.Crews)];
        Resident[] bound = [.. down.Where(r => !r.IsMovable)];
        foreach (Resident resident in bound) RunningCluster.LeaveCrews(resident);
        List<RefusedVm> refused = [.. bound.Select(r => new RefusedVm(r.Vm.Name, $"VM {r.Vm} cannot leave host {host}."))];
        foreach (Resident resident in down) resident.Place = Placement.Nowhere;
        return Settle(before, [.. down.Where(r => r.IsMovable)], refused, crews, token);
    }

    /// <summary>A host is to be emptied: its VMs migrate to others, as far as they find a place. The others stay, and are named.</summary>
    /// <param name="host">Name of the host; its state becomes <see cref="HostState.Maintenance"/>.</param>
    /// <param name="token">Ends the call early; VMs that were not reached stay.</param>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public OnlineAnswer EvacuateHost(string host, CancellationToken token = default)
    {
        HostId id = cluster.Origin.HostNamed(host);
        IReadOnlyList<LevelValue> before = Objective;
        cluster.SetState(id, HostState.Maintenance);
        List<RefusedVm> refused = [.. cluster.On(id).Where(r => !r.IsMovable).Select(r => new RefusedVm(r.Vm.Name, $"VM {r.Vm} cannot leave host {host}."))];
        return Settle(before, [.. cluster.On(id).Where(r => r.IsMovable)], refused, [], token);
    }

    /// <summary>A host is available again. Nothing moves.</summary>
    /// <param name="host">Name of the host.</param>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public OnlineAnswer ReturnHost(string host)
    {
        HostId id = cluster.Origin.HostNamed(host);
        IReadOnlyList<LevelValue> before = Objective;
        cluster.SetState(id, HostState.Available);
        lastStarts.Clear();
        objective = null;
        last = Objective;
        return new OnlineAnswer { Before = before, After = last };
    }

    /// <summary>The cluster as it is now, as a problem whose VMs start where they are; with <see cref="PlacementSolver"/> it can be rebalanced.</summary>
    public PlacementProblem ToProblem() => cluster.Whole(resident => resident.Place).Problem;

    /// <summary>
    /// Judges the last call by the independent checker over the whole cluster: every rule, as against before the call, and the objective. Takes as
    /// long as the check of a solve, so that callers decide how often.
    /// </summary>
    /// <returns>What is broken since before the last answer, and what the objective is worth.</returns>
    /// <exception cref="InvalidOperationException">The answer broke a rule, or the objective is worth something else than it said: a defect.</exception>
    public CheckReport Verify()
    {
        (PlacementProblem problem, Placement placement) = cluster.Whole(r => lastStarts.TryGetValue(r, out Place? start) ? start : r.Place);
        CheckReport report = PlacementChecker.Check(problem, placement);
        if (!report.IsValid) throw new InvalidOperationException($"The checker refuses the last answer: {report.Violations[0].Message}");
        ILookup<int, long> values = report.Terms.ToLookup(term => term.Level, term => term.Weight * term.Value);
        if (last.FirstOrDefault(level => values[level.Level].Sum() != level.Value) is { } wrong)
            throw new InvalidOperationException(
                $"The last answer counts ({wrong.Value}) for level {wrong.Level}; the checker counts ({values[wrong.Level].Sum()}).");
        return report;
    }

    /// <summary>Places VMs; those that are refused are left out, and the others placed anew without them.</summary>
    private OnlineAnswer Settle(
        IReadOnlyList<LevelValue> before, List<Resident> wanted, List<RefusedVm> refused, IReadOnlyCollection<Crew> crews, CancellationToken token)
    {
        lastStarts.Clear();
        Resident[] helpers = [];
        while (wanted.Count > 0)
        {
            Excerpt excerpt = cluster.Cut(wanted, helpers, crews);
            OnlineCall call = new(excerpt, table, options.AllowMigrations);
            call.PlaceAll(token);
            if (call.Refused.Count == 0)
            {
                if (wanted.Count > 1) call.Improve(options.ImprovementRounds, token);
                return Commit(before, refused, excerpt, call);
            }

            if (helpers.Length == 0 && options.AllowMigrations > 0 && !token.IsCancellationRequested)
            {
                helpers = [.. call.Refused.SelectMany(r => cluster.HelpersFor(wanted[r.Vm], HelpingHosts)).Distinct().Except(wanted)];
                if (helpers.Length > 0) continue;
            }

            refused.AddRange(call.Refused.Select(r => new RefusedVm(wanted[r.Vm].Vm.Name, r.Reason)));
            foreach ((int vm, _) in call.Refused)
                if (wanted[vm].Start is null) RunningCluster.LeaveCrews(wanted[vm]);
            wanted = [.. wanted.Where((_, vm) => !call.Refused.Exists(r => r.Vm == vm))];
        }

        last = objective = Judge(crews);
        return new OnlineAnswer { Refused = refused, Before = before, After = last };
    }

    private OnlineAnswer Commit(IReadOnlyList<LevelValue> before, List<RefusedVm> refused, Excerpt excerpt, OnlineCall call)
    {
        LevelValue[] after = Values(excerpt, call);
        List<PlacedVm> placed = [];
        foreach (int vm in call.Order.Concat(Enumerable.Range(excerpt.Wanted, excerpt.Movers.Count - excerpt.Wanted)))
        {
            Resident resident = excerpt.Movers[vm];
            Place? start = resident.Start;
            if (start == call.Places[vm]) continue;
            lastStarts[resident] = start;
            if (start is not null) cluster.Leave(resident);
            resident.Place = call.Places[vm];
            cluster.Join(resident);
            placed.Add(new PlacedVm(
                resident.Vm.Name, cluster.Origin[resident.Place.Host].Name, resident.Place, start is { } from ? cluster.Origin[from.Host].Name : null));
        }

        last = after;
        objective = placed.Exists(p => p.From is not null) ? null : after;
        return new OnlineAnswer { Placed = placed, Refused = refused, Before = before, After = after };
    }

    private LevelValue[] Judge(IReadOnlyCollection<Crew> crews)
    {
        Excerpt excerpt = cluster.Cut([], [], crews);
        return Values(excerpt, new OnlineCall(excerpt, table));
    }

    /// <summary>The levels of an excerpt with what soft rules outside of it add; what those inside amount to is noted.</summary>
    private LevelValue[] Values(Excerpt excerpt, OnlineCall call)
    {
        if (excerpt.SoftRules.Count > 0)
        {
            PlacementView view = new(excerpt.Problem.Cluster, new Placement(call.Places));
            foreach ((RunningRule<Constraint> kept, Constraint twin) in excerpt.SoftRules)
                kept.Amount = RuleReading.CanBeAsked(twin) ? twin.Check(view).Sum(v => v.Amount) : 0;
        }

        ILookup<int, long> outside = cluster.Outside(excerpt).ToLookup(o => o.Soft.Level, o => o.Soft.Weight * o.Amount);
        return [.. levels.Select(level => new LevelValue(level, call.ValueOf(level) + outside[level].Sum()))];
    }

    private IReadOnlyList<Crew> CrewsNamed(string group)
    {
        IReadOnlyList<Crew> crews = cluster.CrewsNamed(group);
        if (crews.Count == 0) throw InvalidInputException.Because($"There is no VM group ({group}).", "its rule was left out; names are case-sensitive.");
        return crews;
    }

    /// <summary>Refuses a VM that makes no sense for the cluster, in the words of the snapshot's checks.</summary>
    private void Validate(VirtualMachine vm) =>
        _ = new ClusterSnapshot(cluster.Origin.Dimensions, cluster.Hosts, [vm with { Start = null, Movable = true }]);
}
