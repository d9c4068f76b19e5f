namespace VirtOpt.Simulation;

/// <summary>
/// What the VMs may ask for next, as scenarios. Each scenario is one moment, the same for all VMs, so that what peaks together is seen to peak together: the
/// last steps as they were. While fewer steps have been seen than there are scenarios, the others are drawn from the VM's own samples or, more rarely the
/// more there are, from those of all VMs. Nothing but the past of the run is known.
/// </summary>
internal sealed class DemandScenarios
{
    private const double WeightOfOthers = 2;
    private readonly Random random;
    private readonly List<double[]> past = [];
    private double[][] byVm = [];

    /// <summary>Starts without any past.</summary>
    /// <param name="window">Scenarios to offer; 0 for one, the demand of the moment.</param>
    /// <param name="seed">Seed of what is drawn.</param>
    public DemandScenarios(int window, int seed)
    {
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
        foreach (int vm in running)
            for (int s = 0; s < Count; s++)
                byVm[vm][s] = view.Vms[vm].Type.Mips * (s < past.Count ? past[s][vm] : Draw(vm, running));
    }

    private double Draw(int vm, int[] running)
    {
        double[] moment = past[random.Next(past.Count)];
        bool isOwn = random.NextDouble() * (past.Count + WeightOfOthers) < past.Count;
        return moment[isOwn ? vm : running[random.Next(running.Length)]];
    }
}
