namespace VirtOpt.Simulation;

/// <summary>
/// Plays a trace in a closed loop: VMs are placed, then at every step demand changes, energy and violations are counted, and the policy migrates. Time goes
/// from event to event: steps and ends of migrations. There is no chance in it: the same input gives the same result.
/// </summary>
public sealed class Simulator
{
    private readonly DemandTrace trace;
    private readonly DataCentre centre;
    private readonly SimulationSettings settings;
    private readonly SimulatedHost[] hosts;
    private readonly SimulatedVm[] vms;
    private double lastEvent;
    private double joules;
    private int migrations;
    private int ended;

    /// <summary>Prepares a run.</summary>
    /// <param name="trace">What the VMs ask for.</param>
    /// <param name="centre">What they run on.</param>
    /// <param name="settings">Rules; null for those of the published experiment.</param>
    /// <exception cref="InvalidInputException">Trace and data centre have different numbers of VMs, or a VM does not fit on any host at the start.</exception>
    public Simulator(DemandTrace trace, DataCentre centre, SimulationSettings? settings = null)
    {
        if (trace.Series.Count != centre.Vms.Count)
            throw new InvalidInputException($"{trace.Name}: the trace has {trace.Series.Count} VMs, the data centre {centre.Vms.Count}.");
        this.trace = trace;
        this.centre = centre;
        this.settings = settings ?? new SimulationSettings();
        hosts = [.. centre.Hosts.Select((type, i) => new SimulatedHost(i, type))];
        vms = [.. centre.Vms.Select((type, i) => new SimulatedVm(i, type))];
        PlaceAll();
    }

    /// <summary>The hosts as they are.</summary>
    public IReadOnlyList<SimulatedHost> Hosts => hosts;

    /// <summary>Plays the whole trace. A simulator runs once.</summary>
    /// <param name="policy">Decides on migrations.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="OperationCanceledException">The run was ended.</exception>
    /// <exception cref="InvalidInputException">Migrations of a step would outlast it.</exception>
    public SimulationResult Run(IConsolidationPolicy policy, CancellationToken cancellationToken = default)
    {
        ClusterView view = new(hosts, vms, settings);
        for (double now = settings.OffsetSeconds + settings.StepSeconds; now < trace.Seconds; now += settings.StepSeconds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Advance(now, isStep: true);
            Migrate(policy.Decide(view), now);
        }

        return Result();
    }

    /// <summary>Power-aware best fit in the order of the VMs, by their whole sizes and with memory; hosts count as idle.</summary>
    private void PlaceAll()
    {
        HostDraft[] drafts = [.. hosts.Select(h => new HostDraft(h))];
        PowerAwareBestFit fit = new(drafts, ThresholdRule.Fallback, enforceMemory: true);
        bool[] none = new bool[hosts.Length];
        foreach (SimulatedVm vm in vms)
        {
            HostDraft target = fit.Find(vm, none) ?? throw InvalidInputException.Because(
                $"{trace.Name}: VM {vm.Index + 1} ({vm.Type.Name}) finds no host with {vm.Type.Mips} MIPS and {vm.Type.RamMiB} MiB left.",
                "the data centre is too small.");
            target.Add(vm);
            target.Host.Guests.Add(vm);
            vm.Host = target.Host.Index;
        }
    }

    private void Advance(double now, bool isStep)
    {
        foreach (SimulatedVm vm in vms.Where(vm => vm.Host >= 0))
        {
            double use = trace.UseAt(vm.Index, now);
            vm.Demand = use * vm.Type.Mips;
            if (isStep) vm.Remember(use);
        }

        foreach (SimulatedHost host in hosts)
        {
            host.UseBefore = host.Use;
            Serve(host, now);
            joules += host.Type.Power.Energy(host.UseBefore, host.Use, now - lastEvent);
        }

        lastEvent = now;
        if (settings.EndIdleVms) EndIdle();
    }

    private void EndIdle()
    {
        foreach (SimulatedVm vm in vms.Where(vm => vm.Host >= 0 && !vm.IsMigrating && vm.Demand == 0))
        {
            hosts[vm.Host].Guests.Remove(vm);
            vm.Host = -1;
            ended++;
        }
    }

    private void Serve(SimulatedHost host, double now)
    {
        Span<double> served = stackalloc double[host.Guests.Count];
        CpuShares.Divide(host.Type, host.Guests, host.Incoming, served);
        double used = 0;
        double asked = 0;
        for (int i = 0; i < served.Length; i++)
        {
            SimulatedVm vm = host.Guests[i];
            double charge = served[i];
            if (!host.Incoming.Contains(vm))
            {
                vm.Sla.Record(now, served[i], vm.Demand, vm.IsMigrating);
                if (vm.IsMigrating) charge /= CpuShares.AtSource;
            }

            used += charge;
            asked += vm.Demand;
        }

        host.UsedMips = used;
        host.Sla.Record(now, used, asked);
    }

    private void Migrate(IReadOnlyList<VmMove> moves, double now)
    {
        foreach (VmMove move in moves)
        {
            SimulatedVm vm = vms[move.Vm];
            SimulatedHost target = hosts[move.Host];
            vm.IsMigrating = true;
            target.Incoming.Add(vm);
            target.Guests.Add(vm);
            Serve(target, now);
            Serve(hosts[vm.Host], now);
            migrations++;
        }

        foreach (IGrouping<double, VmMove> together in moves.GroupBy(Duration).OrderBy(g => g.Key))
        {
            if (together.Key >= settings.StepSeconds)
                throw new InvalidInputException($"A migration takes {together.Key} s, longer than the step of {settings.StepSeconds} s.");
            double end = now + together.Key;
            Advance(end, isStep: false);
            foreach (VmMove move in together) Arrive(vms[move.Vm], hosts[move.Host]);
            Advance(end, isStep: false);
        }
    }

    private double Duration(VmMove move) => vms[move.Vm].Type.RamMiB / hosts[move.Host].Type.MigrationMiBPerSecond;

    private void Arrive(SimulatedVm vm, SimulatedHost target)
    {
        hosts[vm.Host].Guests.Remove(vm);
        target.Guests.Remove(vm);
        target.Incoming.Remove(vm);
        target.Guests.Add(vm);
        vm.Host = target.Index;
        vm.IsMigrating = false;
    }

    private SimulationResult Result()
    {
        foreach (SimulatedHost host in hosts) host.Sla.Close();
        double active = hosts.Sum(h => h.Sla.ActiveSeconds);
        double asked = vms.Sum(vm => vm.Sla.Asked);
        return new SimulationResult
        {
            EnergyKwh = joules / Units.JoulesPerKwh,
            EnergyFloorKwh = centre.EnergyFloorKwh(trace),
            Migrations = migrations,
            Slatah = active > 0 ? hosts.Sum(h => h.Sla.ShortSeconds) / active : 0,
            Pdm = asked > 0 ? vms.Sum(vm => vm.Sla.LostByMigration) / asked : 0,
            UnservedShare = asked > 0 ? vms.Sum(vm => vm.Sla.Lost) / asked : 0,
            HostShutdowns = hosts.Sum(h => h.Sla.Shutdowns),
            HostBoots = hosts.Sum(h => h.Sla.Boots),
            MeanActiveHosts = active / Math.Max(1, lastEvent - settings.StepSeconds - settings.OffsetSeconds),
            DemandShare = asked / Math.Max(1, centre.Demand(trace)),
            EndedVms = ended,
        };
    }
}
