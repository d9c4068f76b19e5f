namespace VirtOpt.Simulation;

/// <summary>
/// A host with the VMs that it would have, and what they may ask for together: the sums over joint scenarios, of which the mean and a number of standard
/// deviations count. With a normal sum, z deviations are exceeded in a share of time of 1 - Phi(z).
/// </summary>
internal sealed class HostOutlook
{
    private readonly DemandScenarios demand;
    private readonly double[] sums;
    private double mean;
    private double variance;

    /// <summary>Takes a host as it is.</summary>
    /// <param name="host">The host.</param>
    /// <param name="demand">What VMs may ask for.</param>
    /// <param name="reserve">Share of its CPU that is left free.</param>
    public HostOutlook(SimulatedHost host, DemandScenarios demand, double reserve)
    {
        Host = host;
        Limit = host.Type.Mips * (1 - reserve);
        this.demand = demand;
        sums = new double[demand.Count];
        foreach (SimulatedVm vm in host.Vms) Add(vm);
    }

    /// <summary>The host.</summary>
    public SimulatedHost Host { get; }

    /// <summary>MIPS that VMs may ask for.</summary>
    public double Limit { get; }

    /// <summary>The VMs that it would have.</summary>
    public List<SimulatedVm> Vms { get; } = [];

    /// <summary>MIPS that its VMs ask for on average, with a number of standard deviations of their sum.</summary>
    public double Load(double z) => mean + (z * Math.Sqrt(variance));

    /// <summary>The same with one VM more.</summary>
    public double LoadWith(SimulatedVm vm, double z) => LoadAfter(vm, 1, z);

    /// <summary>The same with one of its VMs less.</summary>
    public double LoadWithout(SimulatedVm vm, double z) => LoadAfter(vm, -1, z);

    /// <summary>Whether a core is fast enough for all that the VM may ask for.</summary>
    public bool CanServe(SimulatedVm vm) => vm.Type.Mips <= Host.Type.CoreMips || demand.Of(vm).Max() <= Host.Type.CoreMips;

    /// <summary>Gives it a VM.</summary>
    public void Add(SimulatedVm vm)
    {
        Vms.Add(vm);
        Change(vm, 1);
    }

    /// <summary>Takes a VM away.</summary>
    public void Remove(SimulatedVm vm)
    {
        Vms.Remove(vm);
        Change(vm, -1);
    }

    private void Change(SimulatedVm vm, int sign)
    {
        (mean, variance) = After(vm, sign);
        double[] own = demand.Of(vm);
        for (int s = 0; s < sums.Length; s++) sums[s] += sign * own[s];
    }

    private double LoadAfter(SimulatedVm vm, int sign, double z)
    {
        (double newMean, double newVariance) = After(vm, sign);
        return newMean + (z * Math.Sqrt(newVariance));
    }

    private (double Mean, double Variance) After(SimulatedVm vm, int sign)
    {
        double[] own = demand.Of(vm);
        double total = 0;
        double squares = 0;
        for (int s = 0; s < sums.Length; s++)
        {
            double value = sums[s] + (sign * own[s]);
            total += value;
            squares += value * value;
        }

        double newMean = total / sums.Length;
        return (newMean, Math.Max(0, (squares / sums.Length) - (newMean * newMean)));
    }
}
