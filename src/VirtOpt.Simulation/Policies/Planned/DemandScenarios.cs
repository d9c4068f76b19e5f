namespace VirtOpt.Simulation;

/// <summary>
/// What the VMs may ask for next, as scenarios. Each scenario is one moment, the same for all VMs, so that what peaks together is seen to peak together: the
/// last steps as they were. While fewer steps have been seen than there are scenarios, the others are drawn from the VM's own samples or, more rarely the
/// more there are, from those of all VMs. With a forecaster they are its joint scenarios, as soon as it has any. Nothing but the past of the run is known.
/// </summary>
internal sealed class DemandScenarios
{
    private const double WeightOfOthers = 2;
    private readonly Random random;
    private readonly ForecastScenarios? forecast;
    private readonly List<double[]> past = [];
    private double[][] byVm = [];

    /// <summary>Starts without any past.</summary>
    /// <param name="window">Scenarios to offer; 0 for one, the demand of the moment.</param>
    /// <param name="seed">Seed of what is drawn.</param>
    /// <param name="forecast">Looks ahead; null to take the past as it was.</param>
    public DemandScenarios(int window, int seed, ForecastScenarios? forecast = null)
    {
        this.forecast = forecast;
        Count = Math.Max(1, window);
        random = new Random(seed);
    }

    /// <summary>Number of scenarios.</summary>
    public int Count { get; }

    /// <summary>MIPS that a VM asks for, by scenario.</summary>
    public double[] Of(SimulatedVm vm) => byVm[vm.Index];

    /// <summary>Mean and variance of what a VM asks for.</summary>
    public (double Mean, double Variance) Spread(SimulatedVm vm)
    {
        double[] values = Of(vm);
        double mean = values.Average();
        return (mean, values.Sum(v => (v - mean) * (v - mean)) / values.Length);
    }

    /// <summary>Sees the demand of a step.</summary>
    public void Observe(ClusterView view)
    {
        past.Add([.. view.Vms.Select(vm => vm.Host < 0 ? 0 : vm.Demand / vm.Type.Mips)]);
        if (past.Count > Count) past.RemoveAt(0);
        if (byVm.Length == 0) byVm = [.. view.Vms.Select(_ => new double[Count])];
        int[] running = [.. view.Vms.Where(vm => vm.Host >= 0).Select(vm => vm.Index)];
        JointScenarios? joint = forecast?.Observe(view, running);
        for (int i = 0; i < running.Length; i++)
        {
            int vm = running[i];
            for (int s = 0; s < Count; s++)
                byVm[vm][s] = view.Vms[vm].Type.Mips * (joint is null ? Past(vm, s, running) : ForecastScenarios.ShareIn(joint, s, i));
        }
    }

    private double Past(int vm, int scenario, int[] running) => scenario < past.Count ? past[scenario][vm] : Draw(vm, running);

    private double Draw(int vm, int[] running)
    {
        double[] moment = past[random.Next(past.Count)];
        bool isOwn = random.NextDouble() * (past.Count + WeightOfOthers) < past.Count;
        return moment[isOwn ? vm : running[random.Next(running.Length)]];
    }
}
