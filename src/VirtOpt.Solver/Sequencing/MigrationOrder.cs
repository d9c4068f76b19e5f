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

    /// <summary>Hops that are tried at most for a whole plan: what has no order by then is left where it is.</summary>
    private const int MostHopsTried = 3_000_000;

    private readonly PlacementProblem problem;
    private readonly PlacementModel model;
    private readonly StepState state;
    private readonly Place[] target;
    private readonly List<Migration> order = [];
    private readonly PlaceTable table;
    private readonly Dictionary<int, IReadOnlyList<int>> alike = [];
    private List<int> pending;
    private int hopsTried;

    public MigrationOrder(PlacementProblem problem, PlacementModel model, Scoring scoring, ReadOnlySpan<Place> target)
    {
        (this.problem, this.model, this.target) = (problem, model, target.ToArray());
        Placement start = Placement.StartOf(problem.Cluster);
        state = new StepState(model, scoring, start.Places);
        table = new PlaceTable(problem.Cluster);
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
        int hops = HopsAllowed();
        while (pending.Count > 0)
        {
            if (GoDirectly() || ExchangeTargets()) continue;
            if (hops-- <= 0 || !Hop()) break;
        }

        unreached = pending;
        return order;
    }

    /// <summary>Lets go what is free to go, in order; whoever leaves a host lets those that wait for it try again.</summary>
    private bool GoDirectly()
    {
        int before = pending.Count;
        ILookup<int, int> waitingFor = pending.ToLookup(vm => target[vm].Host.Index);
        HashSet<int> waiting = [.. pending];
        Queue<int> next = new(pending);
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

    private bool Go(int vm, Place to, bool isHop = false)
    {
        Place from = state.Places[vm];
        if (from == to) return true;
        if (!state.TryMove(vm, to)) return false;
        order.Add(new Migration(new VmId(vm), from, to, isHop));
        return true;
    }

    /// <summary>Two VMs that are alike may take each other's target; one that already stands on it then need not move at all.</summary>
    private bool ExchangeTargets()
    {
        HashSet<int> waiting = [.. pending];
        int left = 1 + (pending.Count / WaitingPerExchange);
        int before = left;
        foreach (int vm in pending)
            if (left > 0 && waiting.Contains(vm) && TryExchange(vm, waiting)) left--;
        if (left < before) pending = [.. pending.Where(waiting.Contains)];
        return left < before;
    }

    private bool TryExchange(int vm, HashSet<int> waiting)
    {
        IReadOnlyList<int> others = alike[vm];
        int first = others.Count > MostExchangesTried ? vm % others.Count : 0;
        for (int i = 0; i < Math.Min(others.Count, MostExchangesTried); i++)
        {
            int other = others[(first + i) % others.Count];
            if (other == vm || !waiting.Contains(other) || target[other] == target[vm] || !Go(vm, target[other])) continue;
            (target[vm], target[other]) = (target[other], target[vm]);
            waiting.Remove(vm);
            if (state.Places[other] == target[other]) waiting.Remove(other);
            return true;
        }

        return false;
    }

    /// <summary>Moves the smallest VM to spare room from which another VM can go to its target.</summary>
    private bool Hop()
    {
        ILookup<int, int> waitingFor = pending.ToLookup(vm => target[vm].Host.Index);
        foreach (int vm in pending.OrderBy(vm => problem.Cluster.Vms[vm].Demand.Max()))
        {
            int[] waiting = [.. waitingFor[state.Places[vm].Host.Index].Where(v => v != vm)];
            if (waiting.Length == 0) continue;
            foreach (Place spare in table.For(problem.Cluster.Vms[vm]))
                if (spare != state.Places[vm] && hopsTried++ < MostHopsTried && HopFrees(vm, spare, waiting)) return true;
        }

        return false;
    }

    private bool HopFrees(int vm, Place spare, int[] waiting)
    {
        Place from = state.Places[vm];
        if (!Go(vm, spare, isHop: true)) return false;
        foreach (int next in waiting)
            if (Go(next, target[next]))
            {
                pending.Remove(next);
                return true;
            }

        state.Undo(vm, from);
        order.RemoveAt(order.Count - 1);
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
