using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Sequencing;

/// <summary>Finds an order of single migrations: what is free to go goes; then like VMs exchange targets; then one hops.</summary>
internal sealed class MigrationOrder
{
    private readonly PlacementProblem problem;
    private readonly PlacementModel model;
    private readonly StepState state;
    private readonly Place[] target;
    private readonly List<Migration> order = [];
    private readonly PlaceTable table;
    private readonly Dictionary<int, IReadOnlyList<int>> alike = [];
    private List<int> pending;

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

    private bool GoDirectly()
    {
        int before = pending.Count;
        pending = [.. pending.Where(vm => !Go(vm, target[vm]))];
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
        foreach (int vm in pending)
            foreach (int other in alike[vm])
            {
                if (other == vm || !waiting.Contains(other) || target[other] == target[vm] || !Go(vm, target[other])) continue;
                (target[vm], target[other]) = (target[other], target[vm]);
                pending = [.. pending.Where(v => state.Places[v] != target[v])];
                return true;
            }

        return false;
    }

    /// <summary>Moves the smallest VM to spare room from which another VM can go to its target.</summary>
    private bool Hop()
    {
        foreach (int vm in pending.OrderBy(vm => problem.Cluster.Vms[vm].Demand.Max()))
        {
            int[] waiting = [.. pending.Where(v => v != vm && target[v].Host == state.Places[vm].Host)];
            if (waiting.Length == 0) continue;
            foreach (Place spare in table.For(problem.Cluster.Vms[vm]))
                if (spare != state.Places[vm] && HopFrees(vm, spare, waiting)) return true;
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
