namespace VirtOpt.Simulation;

/// <summary>
/// Joint scenarios of what VMs will ask for within the next 12 steps, by a forecaster of <c>VirtOpt.Forecasting</c>: its median at three of these steps, with
/// the errors that it made from the latest past steps, each kept whole over all VMs (<see cref="JointScenarios"/>). The forecaster sees nothing but the steps
/// of the run so far. Until these hold enough past forecasts that can be judged there are no scenarios.
/// </summary>
/// <param name="forecaster">Name of the forecaster.</param>
/// <param name="count">Scenarios that are wanted.</param>
/// <param name="refit">Steps after which it learns anew.</param>
/// <param name="seed">Seed of what is drawn.</param>
internal sealed class ForecastScenarios(string forecaster, int count, int refit, int seed)
{
    private const double Percent = 100;
    private const int Reach = 12; // steps ahead
    private const int SlotSteps = 4;
    private const int Furthest = Reach - (SlotSteps / 2) + 1; // a slot stands for its middle
    private static readonly Dimension Cpu = new("cpu", "%");
    private readonly IDemandForecaster method = ForecasterCatalogue.Create(forecaster);
    private readonly int origins = Math.Max(1, count * SlotSteps / Reach);
    private readonly List<float[]> past = [];
    private IFittedForecaster? fitted;
    private int fittedAt;

    /// <summary>Sees the demand of a step and looks ahead from it.</summary>
    /// <param name="view">The cluster.</param>
    /// <param name="running">The VMs that run: the series of the scenarios, in this order.</param>
    /// <returns>Shares of each VM's CPU in per cent, or null while too little has been seen.</returns>
    public JointScenarios? Observe(ClusterView view, IReadOnlyList<int> running)
    {
        past.Add([.. view.Vms.Select(vm => vm.Host < 0 ? 0 : (float)(vm.Demand / vm.Type.Mips * Percent))]);
        if (past.Count < (2 * Reach) + origins || running.Count == 0) return null;
        TimeSpan step = TimeSpan.FromSeconds(view.Settings.StepSeconds);
        TimeGrid grid = new(DateTimeOffset.UnixEpoch, step, past.Count);
        DemandSeries[] series = [.. running.Select(vm => new DemandSeries($"vm{vm + 1}", Cpu, [.. past.Select(moment => moment[vm])], Percent))];
        if (fitted is null || past.Count - fittedAt >= refit)
        {
            fitted = method.Fit(new DemandHistory("the run so far", grid, series), past.Count);
            fittedAt = past.Count;
        }

        ScenarioSettings latest = new(origins, 1, seed) { Warmup = past.Count - Furthest - origins + 1 };
        return JointScenarios.Sample(fitted, series, grid, past.Count, new Horizon(step * Reach, step * SlotSteps), latest);
    }

    /// <summary>Share of its CPU that a VM asks for in a scenario; scenarios are counted over all slots, and repeat if there are too few.</summary>
    /// <param name="joint">Scenarios.</param>
    /// <param name="scenario">Number of the scenario.</param>
    /// <param name="series">Position of the VM.</param>
    public static double ShareIn(JointScenarios joint, int scenario, int series) =>
        joint[scenario % joint.Count, scenario / joint.Count % joint.Slots, series] / Percent;
}
