using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.HostSets;

/// <summary>What hosts hold at most of a family of loads, beside the VMs that cannot move.</summary>
/// <param name="Family">The loads.</param>
/// <param name="Room">By host.</param>
internal sealed record HostLimit(LoadFamily Family, long[] Room);

/// <summary>VMs that are alike, with the hosts that they can be on.</summary>
/// <param name="Class">The class.</param>
/// <param name="Hosts">Whether each host is in reach.</param>
internal sealed record Reach(VmClass Class, bool[] Hosts);

/// <summary>
/// A placement problem whose first level is the price of the hosts that are used: which hosts are free to be used or not, at which price, and what
/// they hold. Rules other than limits of hosts are not seen here.
/// </summary>
internal sealed class HostSetProblem
{
    private readonly SolveSession session;
    private readonly PlacementState immovable;

    private HostSetProblem(SolveSession session, long constant, long[] prices)
    {
        this.session = session;
        IReadOnlyList<VirtualMachine> vms = session.Problem.Cluster.Vms;
        Place[] rest = [.. vms.Select(vm => vm.Movable ? Placement.Nowhere : vm.Start ?? Placement.Nowhere)];
        immovable = session.Scoring.StateAt(rest);
        InUse = new bool[prices.Length];
        foreach (Place place in rest)
            if (place.Host.Index >= 0) InUse[place.Host.Index] = true;
        Prices = [.. prices.Select((price, h) => InUse[h] ? 0 : price)];
        Constant = constant + Enumerable.Range(0, prices.Length).Where(h => InUse[h]).Sum(h => prices[h]);
        Classes = [.. VmClass.Sort(session.Model, Enumerable.Range(0, vms.Count).Where(vm => vms[vm].Movable)).Select(c => new Reach(c, HostsOf(c)))];
        IsOpen = [.. Enumerable.Range(0, prices.Length).Select(h => Classes.Any(c => c.Hosts[h]))];
        Limits = [.. session.Model.Requirements.Select(r => r.Term).OfType<SumTerm>().Where(IsHostLimit).GroupBy(t => t.Family).Select(g => LimitOf(g.Key, g))];
    }

    /// <summary>Position of the level of the price.</summary>
    public const int Level = 0;

    /// <summary>What is paid whatever is done: the hosts of VMs that cannot move, and offsets.</summary>
    public long Constant { get; }

    /// <summary>Price of using a host; 0 if it is in use anyway.</summary>
    public long[] Prices { get; }

    /// <summary>Whether a VM that cannot move is on a host.</summary>
    public bool[] InUse { get; }

    /// <summary>Whether any VM that can move can be on a host.</summary>
    public bool[] IsOpen { get; }

    /// <summary>The VMs that can move.</summary>
    public IReadOnlyList<Reach> Classes { get; }

    /// <summary>The limits of hosts.</summary>
    public IReadOnlyList<HostLimit> Limits { get; }

    /// <summary>The problem of a solve; null, with the reason, if its first level is not the price of used hosts.</summary>
    public static HostSetProblem? TryCreate(SolveSession session, out string why)
    {
        why = "";
        int first = session.Scoring.Levels is [int level, ..] ? level : Scoring.RepairLevel;
        Goal[] goals = [.. session.Model.Goals.Where(g => g.Level == first && g.Weight > 0)];
        if (first is <= Scoring.RepairLevel or >= PlacementProblem.TieBreakLevel) why = "the start is to be repaired first, or there is no objective";
        else if (!goals.All(g => IsPriceOfUse(g.Term))) why = "the first level is not the price of used hosts";
        if (why.Length > 0) return null;
        long[] prices = new long[session.Problem.Cluster.Hosts.Count];
        long constant = 0;
        foreach ((SumTerm term, long weight) in goals.Select(g => ((SumTerm)g.Term, g.Weight)))
        {
            constant += weight * term.Offset;
            for (int h = 0; h < prices.Length; h++) prices[h] += weight * term.Functions[h].Jump;
        }

        return new HostSetProblem(session, constant, prices);
    }

    /// <summary>Needs of a class by limit.</summary>
    public static long NeedOf(VmClass vmClass, LoadFamily family) => vmClass.Charges.FirstOrDefault(c => c.Family == family).Weight;

    /// <summary>The hard rules that are neither limits of hosts that all VMs share nor seen in what is in reach.</summary>
    public IEnumerable<Constraint> OtherRules => session.Model.Requirements.Where(r => !IsSeen(r.Term)).Select(r => r.Source).Distinct();

    private bool IsSeen(Term term) => term is SumTerm { Outer: Outer.Sum } sum
        && ((IsHostLimit(sum) && sum.Family.IsDense)
            || (sum.PerVm && !sum.Family.DependsOnStart && sum.Kinds.All(f => f is { Slope: >= 0, Jump: >= 0, Hinges: [] }))
            || !Classes.Any(c => c.Class.Charges.Any(charge => charge.Family == sum.Family)));

    private static bool IsPriceOfUse(Term term) => term is SumTerm { Outer: Outer.Sum, Family.Name: ModelBuilder.VmCountName } sum
        && sum.Kinds.All(f => f is { Slope: 0, Jump: >= 0, Hinges: [] });

    private bool IsHostLimit(SumTerm term) => term is { Outer: Outer.Sum, PerVm: false, Family: { Kind: CellKind.Host, DependsOnStart: false } family }
        && family.CellCount == Prices.Length && Enumerable.Range(0, family.CellCount).All(h => family.BaseCell(new HostId(h)) == h)
        && term.Kinds.All(f => f.LargestWithin(0) is not null);

    private HostLimit LimitOf(LoadFamily family, IEnumerable<SumTerm> terms)
    {
        long[] room = new long[Prices.Length];
        for (int h = 0; h < room.Length; h++)
        {
            room[h] = terms.Min(t => t.Functions[h].LargestWithin(0)!.Value);
            if (room[h] < long.MaxValue) room[h] = Math.Max(0, room[h] - immovable.Load(family, h));
        }

        return new HostLimit(family, room);
    }

    private bool[] HostsOf(VmClass vmClass)
    {
        bool[] hosts = new bool[InUse.Length];
        IReadOnlyList<VirtualMachine> vms = session.Problem.Cluster.Vms;
        foreach (Place place in session.Table.For(vms[vmClass.Vms[0]]))
            if (!hosts[place.Host.Index] && session.Filter.MostComing(vmClass, place, immovable.Load, 1) > 0) hosts[place.Host.Index] = true;
        foreach (int vm in vmClass.Vms)
            if (vms[vm].Start is { } start) hosts[start.Host.Index] = true;
        return hosts;
    }
}
