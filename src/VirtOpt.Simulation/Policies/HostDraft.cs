namespace VirtOpt.Simulation;

/// <summary>A host as it would be while a policy thinks: VMs come and go here without being moved.</summary>
public sealed class HostDraft
{
    private readonly List<SimulatedVm> vms;
    private double[]? history;

    internal HostDraft(SimulatedHost host)
    {
        Host = host;
        vms = [.. host.Guests];
        Recount();
    }

    /// <summary>The host.</summary>
    public SimulatedHost Host { get; }

    /// <summary>The VMs that it would have.</summary>
    public IReadOnlyList<SimulatedVm> Vms => vms;

    /// <summary>MIPS that its VMs ask for.</summary>
    public double Asked { get; private set; }

    /// <summary>MIPS that its VMs would get.</summary>
    public double Served { get; private set; }

    /// <summary>MIPS that would be left.</summary>
    public double Left { get; private set; }

    /// <summary>Memory of its VMs in MiB.</summary>
    public int RamMiB { get; private set; }

    /// <summary>Share of the host's speed that its VMs, and one more, ask for.</summary>
    /// <param name="guest">The one more, or null.</param>
    public double AskedShare(SimulatedVm? guest) => (Asked + (guest?.Demand ?? 0)) / Host.Type.Mips;

    /// <summary>
    /// Share of the host's speed that its VMs, and one more, asked for at the last steps, the newest first. The VMs' own pasts are added up, wherever they
    /// ran; steps at the far end without any demand are left out.
    /// </summary>
    /// <param name="guest">The one more, or null.</param>
    public ReadOnlySpan<double> History(SimulatedVm? guest)
    {
        history ??= Sum(vms);
        double[] sum = history;
        if (guest is not null)
        {
            sum = [.. history];
            AddTo(sum, guest);
        }

        int length = sum.Length;
        while (length > 0 && sum[length - 1] == 0) length--;
        return sum.AsSpan(0, length);
    }

    internal void Add(SimulatedVm vm)
    {
        vms.Add(vm);
        if (history is not null) AddTo(history, vm);
        if (vm.Demand > Left || vm.Demand > Host.Type.CoreMips)
        {
            Recount();
            return;
        }

        Asked += vm.Demand;
        Served += vm.Demand;
        Left -= vm.Demand;
        RamMiB += vm.Type.RamMiB;
    }

    internal void Remove(SimulatedVm vm)
    {
        vms.Remove(vm);
        history = null;
        Recount();
    }

    private void Recount()
    {
        Span<double> served = stackalloc double[vms.Count];
        Left = CpuShares.Divide(Host.Type, vms, [], served);
        Served = 0;
        Asked = 0;
        RamMiB = 0;
        for (int i = 0; i < served.Length; i++)
        {
            Served += served[i];
            Asked += vms[i].Demand;
            RamMiB += vms[i].Type.RamMiB;
        }
    }

    private double[] Sum(List<SimulatedVm> all)
    {
        double[] sum = new double[SimulatedVm.HistoryLength];
        foreach (SimulatedVm vm in all) AddTo(sum, vm);
        return sum;
    }

    private void AddTo(double[] sum, SimulatedVm vm)
    {
        for (int i = 0; i < vm.History.Count; i++) sum[i] += vm.History[i] * vm.Type.Mips / Host.Type.Mips;
    }
}
