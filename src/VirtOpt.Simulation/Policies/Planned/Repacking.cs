namespace VirtOpt.Simulation;

/// <summary>
/// Packs the cluster anew with VirtOpt's engine: least power, each migration at a price. A host keeps within its CPU at z standard deviations if
/// <c>sum of means + z sqrt(sum of variances)</c> does. Engines add up; so the root is replaced by its tangent at the spread S of a full host,
/// <c>sqrt(V) &lt;= V / 2S + S / 2</c>: each VM weighs its mean and <c>z / 2S</c> of its variance, each host keeps <c>z S / 2</c> back. The tangent is above
/// the root everywhere, so whatever the engine packs keeps within the risk, as far as VMs vary independently; <see cref="OverloadRelief"/> sees the rest.
/// </summary>
/// <param name="settings">Price and work.</param>
/// <param name="demand">What VMs may ask for.</param>
/// <param name="z">Standard deviations that hosts must have room for.</param>
internal sealed class Repacking(PlanningSettings settings, DemandScenarios demand, double z)
{
    private const double MicrowattsPerWatt = 1_000_000;
    private const double Room = 1.25; // hosts are offered until they have this many times what VMs weigh
    private const int LeastSpares = 4;
    private static readonly string[] WithoutForCpuAlone = [SolverParts.Exact, SolverParts.Neighbourhoods]; // measured: nothing gained in ten times the time
    private static readonly string[] WithoutForMemory = [SolverParts.Exact];
    private readonly PlacementSolver solver = new();

    /// <summary>The migrations that a re-packing wants; none where nothing pays.</summary>
    public IReadOnlyList<VmMove> Plan(ClusterOutlook cluster)
    {
        SimulatedVm[] vms = [.. cluster.View.Vms.Where(vm => vm.Host >= 0)];
        if (vms.Length == 0) return [];
        (long[] weights, long kept) = Weigh(vms, cluster.Hosts.Max(h => h.Limit));
        HostOutlook[] hosts = Offered(cluster, weights.Sum() * Room);
        PlacementProblem problem = new RepackingProblem(hosts, vms, weights, kept, cluster.View.Settings.EnforceMemory)
            .Build((long)(settings.Price * MicrowattsPerWatt));
        SolveOptions options = new()
        {
            Seed = settings.Seed,
            Threads = 1,
            ExplainConflict = false,
            Without = cluster.View.Settings.EnforceMemory ? WithoutForMemory : WithoutForCpuAlone,
        };
        if (solver.Solve(problem, new MaxWork(settings.Work), options).Placement is not { } placement) return [];
        List<VmMove> moves = [];
        for (int i = 0; i < vms.Length; i++)
        {
            int target = hosts[placement[new VmId(i)].Host.Index].Host.Index;
            if (target != vms[i].Host) moves.Add(new VmMove(vms[i].Index, target));
        }

        return moves;
    }

    /// <summary>
    /// What each VM weighs, and what each host keeps back. The spread of a full host solves <c>S^2 = r (C - z S)</c>, r being variance by mean over all VMs.
    /// </summary>
    private (long[] Weights, long Kept) Weigh(SimulatedVm[] vms, double capacity)
    {
        (double Mean, double Variance)[] stats = [.. vms.Select(demand.Spread)];
        double ratio = stats.Sum(s => s.Variance) / Math.Max(1, stats.Sum(s => s.Mean));
        double spread = Math.Max(1, (Math.Sqrt((ratio * ratio * z * z) + (4 * ratio * capacity)) - (ratio * z)) / 2);
        return ([.. stats.Select(s => (long)Math.Ceiling(s.Mean + (z * s.Variance / (2 * spread))))], (long)Math.Ceiling(z * spread / 2));
    }

    /// <summary>All hosts in use, and the most efficient of the others until there is room enough.</summary>
    private static HostOutlook[] Offered(ClusterOutlook cluster, double need)
    {
        List<HostOutlook> offered = [.. cluster.Hosts.Where(h => h.Vms.Count > 0)];
        double room = offered.Sum(h => h.Limit);
        int spares = 0;
        foreach (HostOutlook host in cluster.Hosts.Where(h => h.Vms.Count == 0).OrderBy(h => h.Host.Type.Power.LeastWattsPerSpeed(h.Host.Type.Mips)))
        {
            if (room >= need && spares >= LeastSpares) break;
            offered.Add(host);
            room += host.Limit;
            spares++;
        }

        return [.. offered];
    }
}
