using System.Globalization;

namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// From a schedule to a plan: cuts off what ends too late or would leave a VM halfway, with all that depends on it; names what each action waits for; adds
/// the actions of hosts; says why VMs stay behind.
/// </summary>
internal sealed class PlanBuilder
{
    private const int MostCuts = 50;
    private readonly LegMaker maker;
    private readonly PlanDraft draft;
    private readonly Placement target;
    private readonly ClusterSnapshot cluster;
    private readonly IReadOnlySet<int> leftOut;
    private readonly int[][] afters;
    private readonly bool[] isKept;

    /// <param name="maker">Makes legs.</param>
    /// <param name="draft">The schedule.</param>
    /// <param name="target">Where all VMs should come to.</param>
    /// <param name="leftOut">VMs that limits leave out.</param>
    public PlanBuilder(LegMaker maker, PlanDraft draft, Placement target, IReadOnlySet<int> leftOut)
    {
        (this.maker, this.draft, this.target, this.leftOut) = (maker, draft, target, leftOut);
        cluster = maker.Problem.Cluster;
        afters = draft.Waves is null ? Dependencies.Of(draft.Problem, draft.Schedule) : Dependencies.InOrder(draft.Problem, draft.Schedule);
        isKept = new bool[draft.Problem.Legs.Count];
    }

    /// <summary>Makes the plan.</summary>
    public TimedPlan Build()
    {
        long over = TimeWindows.Over(maker.Settings.Limits);
        Keep(leg => EndOf(leg) <= over);
        bool isWhole = isKept.All(kept => kept) && draft.Blocked.Count == 0;
        if (!isWhole) CutToValid();
        List<PlannedAction> actions = Actions();
        HostActions.Add(maker, actions, Reached(), over);
        if (maker.Settings.Limits.WaveSize is not null) WaveChecks.AddTo(actions, maker.Settings.Limits.WavePause);
        return new TimedPlan
        {
            Actions = [.. actions.OrderBy(a => a.Start).ThenBy(a => a.Id)],
            Reached = Reached(),
            Unreached = [.. Unreached(over)],
            Settings = maker.Settings,
            Bound = isWhole ? draft.Bound : null,
            BoundOfAll = isWhole ? draft.BoundOfAll : null,
        };
    }

    private IReadOnlyList<Leg> Legs => draft.Problem.Legs;

    private long EndOf(int leg) => draft.Schedule.Starts[leg] + Legs[leg].Seconds;

    /// <summary>Keeps legs that are wanted, whose VMs come all the way, and that wait for kept legs only.</summary>
    private void Keep(Func<int, bool> isWanted)
    {
        HashSet<int> halfway = [.. draft.Blocked.Select(b => b.Leg.Vm)];
        for (int i = 0; i < isKept.Length; i++)
            if (!isWanted(i)) halfway.Add(Legs[i].Vm);
        int[] byStart = ScheduleSearch.OrderOf(draft.Schedule);
        for (bool hasChanged = true; hasChanged;)
        {
            hasChanged = false;
            foreach (int leg in byStart)
            {
                isKept[leg] = !halfway.Contains(Legs[leg].Vm) && afters[leg].All(a => isKept[a]);
                if (!isKept[leg]) hasChanged |= halfway.Add(Legs[leg].Vm);
            }
        }
    }

    /// <summary>A part of a plan may break discrete rules that the whole would keep: then fewer of its last legs are kept.</summary>
    private void CutToValid()
    {
        long[] ends = [.. Enumerable.Range(0, isKept.Length).Where(i => isKept[i]).Select(EndOf).Distinct().OrderDescending()];
        int step = Math.Max(1, ends.Length / MostCuts);
        for (int cut = 0; cut < ends.Length && !IsValid(); cut += step)
        {
            long until = ends[Math.Min(cut + step, ends.Length - 1)];
            bool isLast = cut + step >= ends.Length;
            Keep(leg => !isLast && EndOf(leg) <= until);
        }
    }

    private bool IsValid()
    {
        PlacementView start = new(cluster, Placement.StartOf(cluster));
        PlacementView view = new(cluster, Reached());
        foreach (Constraint rule in maker.Problem.Constraints.Where(c => c.Soft is null))
        {
            Dictionary<string, long> before = rule.Check(start).ToDictionary(v => v.Item, v => v.Amount, StringComparer.Ordinal);
            if (rule.Check(view).Any(v => v.Amount > before.GetValueOrDefault(v.Item))) return false;
        }

        return true;
    }

    private Placement Reached()
    {
        Place[] places = [.. Placement.StartOf(cluster).Places];
        for (int leg = 0; leg < isKept.Length; leg++)
            if (isKept[leg]) places[Legs[leg].Vm] = Legs[leg].To;
        return new Placement(places);
    }

    private List<PlannedAction> Actions()
    {
        int[] order = [.. ScheduleSearch.OrderOf(draft.Schedule).Where(leg => isKept[leg])];
        int[] idOf = new int[isKept.Length];
        for (int i = 0; i < order.Length; i++) idOf[order[i]] = i + 1;
        return [.. order.Select(leg => Action(leg, idOf))];
    }

    private PlannedAction Action(int leg, int[] idOf)
    {
        Leg moved = Legs[leg];
        return new PlannedAction
        {
            Id = idOf[leg],
            Kind = KindOf(moved),
            Vm = new VmId(moved.Vm),
            From = moved.Resize is null && moved.From.Host.Index >= 0 ? moved.From : null,
            To = moved.IsArrival ? moved.To : null,
            Dimension = moved.Resize?.Dimension,
            Amount = moved.Resize?.Amount ?? 0,
            Start = draft.Schedule.Starts[leg],
            End = EndOf(leg),
            After = [.. afters[leg].Select(a => idOf[a]).Order()],
            IsHop = moved is { IsHop: true, IsTransfer: true },
            Wave = draft.Waves?[leg] ?? 0,
        };
    }

    private ActionKind KindOf(Leg leg)
    {
        if (leg.Resize is not null) return ActionKind.Resize;
        if (leg.IsTransfer) return maker.Settings.MoveKind(cluster, new VmId(leg.Vm), leg.From, leg.To);
        bool isCold = maker.Settings.BreakCycles == CycleBreak.Cold;
        if (!leg.IsArrival) return leg.IsBreak && !isCold ? ActionKind.Suspend : ActionKind.Shutdown;
        return isCold || cluster.Vms[leg.Vm].Start is null ? ActionKind.Boot : ActionKind.Resume;
    }

    private IEnumerable<UnreachedVm> Unreached(long over)
    {
        HashSet<int> reached = [.. Enumerable.Range(0, isKept.Length).Where(i => isKept[i]).Select(i => Legs[i].Vm)];
        Dictionary<int, BlockedLeg> blocked = draft.Blocked.ToDictionary(b => b.Leg.Vm);
        Dictionary<int, long> ends = [];
        for (int i = 0; i < isKept.Length; i++) ends[Legs[i].Vm] = EndOf(i);
        foreach (int vm in Enumerable.Range(0, target.Count))
        {
            Place from = cluster.Vms[vm].Start ?? Placement.Nowhere;
            bool isWanted = from != target[new VmId(vm)] || ends.ContainsKey(vm) || blocked.ContainsKey(vm);
            if (reached.Contains(vm) || !isWanted) continue;
            yield return leftOut.Contains(vm)
                ? new UnreachedVm(new VmId(vm), LeftOutReason(over)) { IsLeftOut = IsSized }
                : new UnreachedVm(new VmId(vm), Reason(vm, blocked.GetValueOrDefault(vm), ends.GetValueOrDefault(vm), over));
        }
    }

    private bool IsSized => maker.Settings.Limits is { MaxMigrations: not null } or { MaxMovedMiB: not null };

    private string LeftOutReason(long over)
    {
        PlanLimits limits = maker.Settings.Limits;
        List<string> reasons = [];
        if (limits.MaxMigrations is { } most) reasons.Add($"the plan may have {most} migrations");
        if (limits.MaxMovedMiB is { } mib) reasons.Add(string.Create(CultureInfo.InvariantCulture, $"the plan may move {mib:0} MiB"));
        if (over < long.MaxValue) reasons.Add($"the time for actions is over at second {over}");
        return $"It is left out: {string.Join(", ", reasons)}, and others are together worth more.";
    }

    private string Reason(int vm, BlockedLeg? blocked, long end, long over)
    {
        if (blocked is null && end > over) return $"It would be done at second {end}; the time for actions is over at second {over}.";
        if (blocked is null) return "It would depend on VMs that stay behind, or a rule would be broken without them.";
        string host = cluster[target[new VmId(vm)].Host].Name;
        if (blocked.Leg.Resize is { } resize)
            return $"Host {host} lacks {blocked.Lacking} of {cluster.Dimensions[resize.Dimension].Name} for it to grow to {resize.Amount}.";
        string proof = blocked.IsProven ? "No order of moves of the blocked VMs exists" : "No order was found";
        if (blocked.Cell < 0) return $"{proof}: a continuous rule is in the way of its coming to host {host}.";
        string[] others =
            [.. draft.Blocked.Where(b => b.Leg.Gives.Any(g => g.Cell == blocked.Cell)).Select(b => cluster.Vms[b.Leg.Vm].Name).Take(3)];
        string still = maker.Settings.BreakCycles == CycleBreak.None && others.Length > 0 ? ", or leave to suspend one (breakCycles)," : "";
        string free = others.Length == 0 ? "" : $" Room for one of {string.Join(", ", others)} elsewhere{still} would free it.";
        return $"{proof}: host {host} lacks {blocked.Lacking} of {maker.Rooms.Name(blocked.Cell)}.{free}";
    }
}
