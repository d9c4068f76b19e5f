using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Sequencing;

/// <summary>Finds an order of single migrations: what is free to go goes; then like VMs exchange targets; then one hops.</summary>
internal sealed class MigrationOrder
{
    /// <summary>Like VMs whose targets one VM tries at most, before others have moved.</summary>
    private const int MostExchangesTried = 128;

    /// <summary>One exchange in this many VMs that wait, at least one, before those that have become free go.</summary>
    private const int WaitingPerExchange = 64;

    /// <summary>Places for hops that are tried at most for a whole plan: what has no order by then is left where it is.</summary>
    private const int MostHopsTried = 3_000_000;

    /// <summary>Places that are tried for one hop at most, while there are others that could hop.</summary>
    private const int MostSparesTried = 512;

    private readonly PlacementProblem problem;
    private readonly PlacementModel model;
    private readonly StepState state;
    private readonly Place[] target;
    private readonly List<Migration> order = [];
    private readonly PlaceTable table;
    private readonly Dictionary<int, IReadOnlyList<int>> alike = [];
    private readonly int[] freedAt;
    private List<int> pending;
    private int hopsAllowed;
    private int hopsTried;
    private int spareFrom;
    private int now;
    private int lastDirect = -1;
    private int lastExchange = -1;

    public MigrationOrder(PlacementProblem problem, PlacementModel model, Scoring scoring, ReadOnlySpan<Place> target)
    {
        (this.problem, this.model, this.target) = (problem, model, target.ToArray());
        Placement start = Placement.StartOf(problem.Cluster);
        state = new StepState(model, scoring, start.Places);
        table = new PlaceTable(problem.Cluster);
        freedAt = new int[problem.Cluster.Hosts.Count];
        pending =
        [
            .. Enumerable.Range(0, target.Length).Where(vm => start.IsPlaced(new VmId(vm)) && start[new VmId(vm)] != this.target[vm])
                .OrderByDescending(vm => problem.Cluster.Vms[vm].Priority).ThenByDescending(vm => problem.Cluster.Vms[vm].Demand.Max()),
        ];
        foreach (VmClass vmClass in VmClass.Sort(model, pending))
            foreach (int vm in vmClass.Vms) alike[vm] = vmClass.Vms;
    }

    /// <summary>The migrations in order, hops among them.</summary>
    /// <param name="unreached">VMs that stay where they are because no order was found.</param>
    public IReadOnlyList<Migration> Find(out IReadOnlyList<int> unreached)
    {
        hopsAllowed = HopsAllowed();
        int lastLook = -1;
        while (pending.Count > 0)
        {
            if (GoDirectly() || ExchangeTargets() || Hop()) continue;
            if (now == lastLook) break;
            (lastLook, lastDirect, lastExchange) = (now, -1, -1); // Rules may have opened more than the hosts that were left.
        }

        unreached = pending;
        return order;
    }

    /// <summary>Lets go what is free to go, in order; whoever leaves a host lets those that wait for it try again.</summary>
    private bool GoDirectly()
    {
        int before = pending.Count;
        Queue<int> next = new(pending.Where(vm => IsFreed(target[vm], lastDirect)));
        lastDirect = now;
        if (next.Count == 0) return false;
        ILookup<int, int> waitingFor = pending.ToLookup(vm => target[vm].Host.Index);
        HashSet<int> waiting = [.. pending];
        while (next.TryDequeue(out int vm))
        {
            int left = state.Places[vm].Host.Index;
            if (!waiting.Contains(vm) || !Go(vm, target[vm])) continue;
            waiting.Remove(vm);
            foreach (int other in waitingFor[left])
                if (waiting.Contains(other)) next.Enqueue(other);
        }

        pending = [.. pending.Where(waiting.Contains)];
        return pending.Count < before;
    }

    /// <summary>Whether a VM has left a host since a time; all hosts count as left at the begin.</summary>
    private bool IsFreed(Place place, int since) => freedAt[place.Host.Index] > since;

    private bool Go(int vm, Place to, bool isHop = false)
    {
        Place from = state.Places[vm];
        if (from == to) return true;
        if (!state.TryMove(vm, to)) return false;
        freedAt[from.Host.Index] = ++now;
        order.Add(new Migration(new VmId(vm), from, to, isHop));
        return true;
    }

    /// <summary>Two VMs that are alike may take each other's target; one that already stands on it then need not move at all.</summary>
    private bool ExchangeTargets()
    {
        (HashSet<int> waiting, int since) = ([.. pending], lastExchange);
        int left = 1 + (pending.Count / WaitingPerExchange);
        int before = left;
        int begun = now;
        foreach (int vm in pending)
            if (left > 0 && waiting.Contains(vm) && TryExchange(vm, waiting, since)) left--;
        if (left > 0) lastExchange = begun;
        if (left < before) pending = [.. pending.Where(waiting.Contains)];
        return left < before;
    }

    private bool TryExchange(int vm, HashSet<int> waiting, int since)
    {
        IReadOnlyList<int> others = alike[vm];
        int first = others.Count > MostExchangesTried ? vm % others.Count : 0;
        for (int i = 0; i < Math.Min(others.Count, MostExchangesTried); i++)
        {
            int other = others[(first + i) % others.Count];
            if (other == vm || !waiting.Contains(other) || target[other] == target[vm] || !IsFreed(target[other], since) || !Go(vm, target[other])) continue;
            (target[vm], target[other]) = (target[other], target[vm]);
            waiting.Remove(vm);
            if (state.Places[other] == target[other]) waiting.Remove(other);
            return true;
        }

        return false;
    }

    /// <summary>Moves VMs, small ones first, to spare room where another VM can then go to its target; several at a time where many wait.</summary>
    private bool Hop()
    {
        ILookup<int, int> waitingFor = pending.ToLookup(vm => target[vm].Host.Index);
        HashSet<int> waiting = [.. pending];
        int left = Math.Min(hopsAllowed, 1 + (pending.Count / WaitingPerExchange));
        int made = 0;
        foreach (int vm in pending.OrderBy(vm => problem.Cluster.Vms[vm].Demand.Max()))
        {
            if (made >= left || hopsTried >= MostHopsTried) break;
            int next = waiting.Contains(vm) ? FreedByLeaving(vm, waitingFor[state.Places[vm].Host.Index].Where(v => v != vm && waiting.Contains(v))) : -1;
            if (next < 0 || !TryHop(vm, next)) continue;
            waiting.Remove(next);
            made++;
        }

        hopsAllowed -= made;
        if (made > 0) pending = [.. pending.Where(waiting.Contains)];
        return made > 0;
    }

    /// <summary>The first of some VMs that could go to its target if a VM were gone; -1 for none.</summary>
    private int FreedByLeaving(int vm, IEnumerable<int> waiting)
    {
        Place from = state.Places[vm];
        foreach (int next in waiting)
        {
            Place home = state.Places[next];
            state.Undo(vm, Placement.Nowhere);
            bool isFree = state.TryMove(next, target[next]);
            if (isFree) state.Undo(next, home);
            state.Undo(vm, from);
            if (isFree) return next;
        }

        return -1;
    }

    /// <summary>Looks for spare room where the last hop found some.</summary>
    private bool TryHop(int vm, int next)
    {
        IReadOnlyList<Place> places = table.For(problem.Cluster.Vms[vm]);
        int most = pending.Count < WaitingPerExchange ? places.Count : MostSparesTried;
        for (int i = 0; i < Math.Min(places.Count, most) && hopsTried++ < MostHopsTried; i++)
        {
            Place spare = places[(spareFrom + i) % places.Count];
            if (spare == state.Places[vm] || spare.Host == target[next].Host || !HopFrees(vm, spare, next)) continue;
            spareFrom = (spareFrom + i) % places.Count;
            return true;
        }

        if (most < places.Count) spareFrom = (spareFrom + most) % places.Count;
        return false;
    }

    private bool HopFrees(int vm, Place spare, int next)
    {
        (Place from, int before) = (state.Places[vm], freedAt[state.Places[vm].Host.Index]);
        if (!Go(vm, spare, isHop: true)) return false;
        if (Go(next, target[next])) return true;
        state.Undo(vm, from);
        order.RemoveAt(order.Count - 1);
        freedAt[from.Host.Index] = before;
        return false;
    }

    /// <summary>A limit on the number of migrations counts hops as well.</summary>
    private int HopsAllowed()
    {
        IEnumerable<long> limits = problem.Constraints.OfType<MigrationLimit>()
            .Where(c => c is { Soft: null, Of: MigrationMeasure.Count, Per: MigrationLimit.Cluster, Group: null }).Select(c => c.Max - pending.Count);
        return (int)Math.Max(0, Math.Min(model.Cluster.Vms.Count, limits.DefaultIfEmpty(int.MaxValue).Min()));
    }
}
