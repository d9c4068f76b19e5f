namespace VirtOpt.Solver.Online;

/// <summary>VMs at one place summed up as one VM that loads everything as they do together.</summary>
/// <param name="Vm">The sum.</param>
/// <param name="Forecasts">Sums of their forecasts, slot by slot.</param>
internal sealed record HostSum(VirtualMachine Vm, IReadOnlyList<IReadOnlyList<long>> Forecasts)
{
    private const long MostAmount = 1_000_000_000_000;

    /// <summary>Sums up VMs at one place; null if the sum would be larger than a VM may be.</summary>
    /// <param name="name">A name that no VM has.</param>
    /// <param name="vms">The VMs, at least one.</param>
    public static HostSum? Of(string name, IReadOnlyList<Resident> vms)
    {
        VirtualMachine one = vms[0].Vm;
        long[] demand = new long[one.Demand.Count];
        long[] reservation = vms.Any(vm => vm.Vm.Reservation.Count > 0) ? new long[demand.Length] : [];
        long[][] forecasts = [.. vms[0].Forecasts.Select(slots => new long[slots.Count])];
        foreach (Resident vm in vms)
        {
            Add(demand, vm.Vm.Demand);
            if (vm.Vm.Reservation.Count > 0) Add(reservation, vm.Vm.Reservation);
            for (int f = 0; f < forecasts.Length; f++) Add(forecasts[f], vm.Forecasts[f]);
        }

        if (demand.Concat(reservation).Concat(forecasts.SelectMany(f => f)).Any(amount => amount > MostAmount)) return null;
        return new HostSum(
            new VirtualMachine
            {
                Name = name,
                Demand = ResourceVector.Create(demand),
                Reservation = ResourceVector.Create(reservation),
                NumaNodes = one.NumaNodes,
                Gpus = one.Gpus,
                Start = vms[0].Place,
                Movable = false,
            },
            forecasts);
    }

    private static void Add(long[] sums, IReadOnlyList<long> amounts)
    {
        for (int i = 0; i < sums.Length; i++) sums[i] += amounts[i];
    }
}
