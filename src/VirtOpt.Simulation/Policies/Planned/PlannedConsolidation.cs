namespace VirtOpt.Simulation;

/// <summary>
/// VirtOpt's policy: a few big re-packings by the engine, soon after the start and then at even distances, and between them single migrations that keep
/// hosts from being overloaded too often. Both look at joint scenarios of demand, so that hosts are filled by what their VMs ask for together.
/// </summary>
public sealed class PlannedConsolidation : IConsolidationPolicy
{
    private static readonly int[] FirstRepackings = [0, 3, 12]; // while the first hours teach what VMs ask for
    private readonly PlanningSettings settings;
    private readonly DemandScenarios demand;
    private readonly Repacking repacking;
    private readonly OverloadRelief relief;
    private readonly double tolerated;
    private IReadOnlyList<VmMove> waiting = [];
    private int step;

    /// <summary>Makes the policy for one run.</summary>
    /// <param name="settings">How to plan; null for the defaults.</param>
    /// <exception cref="InvalidInputException">A setting is out of range.</exception>
    public PlannedConsolidation(PlanningSettings? settings = null)
    {
        this.settings = settings ?? new PlanningSettings();
        this.settings.Validate();
        double planned = NormalTail.DeviationsOf(this.settings.Risk);
        tolerated = NormalTail.DeviationsOf(this.settings.Tolerance);
        ForecastScenarios? forecast = this.settings.Forecaster is { } name
            ? new ForecastScenarios(name, this.settings.Window, this.settings.Every, this.settings.Seed)
            : null;
        demand = new DemandScenarios(this.settings.Window, this.settings.Seed, forecast);
        repacking = new Repacking(this.settings, demand, planned);
        relief = new OverloadRelief(planned, tolerated);
    }

    /// <inheritdoc/>
    public IReadOnlyList<VmMove> Decide(ClusterView view)
    {
        demand.Observe(view);
        ClusterOutlook cluster = new(view, demand, settings.Reserve);
        if (FirstRepackings.Contains(step) || step % settings.Every == 0) waiting = repacking.Plan(cluster);
        step++;
        StartWaiting(cluster);
        relief.Run(cluster);
        return cluster.Moves;
    }

    /// <summary>Starts what was planned and has room by now. The rest waits: memory that leaving VMs still hold is free at the next step.</summary>
    private void StartWaiting(ClusterOutlook cluster)
    {
        List<VmMove> later = [];
        foreach (VmMove move in waiting)
        {
            SimulatedVm vm = cluster.View.Vms[move.Vm];
            HostOutlook target = cluster.Hosts[move.Host];
            if (vm.Host < 0 || vm.Host == move.Host) continue;
            if (cluster.HasMemory(vm, target)) cluster.Move(vm, target);
            else later.Add(move);
        }

        waiting = later;
    }
}
