namespace VirtOpt.Simulation;

/// <summary>What a policy cost. All ratios are fractions, not per cent.</summary>
public sealed record SimulationResult
{
    /// <summary>Energy of all hosts in kWh.</summary>
    public required double EnergyKwh { get; init; }

    /// <summary>What no policy that serves all demand can be below, in kWh; see <see cref="DataCentre.EnergyFloorKwh"/>.</summary>
    public required double EnergyFloorKwh { get; init; }

    /// <summary>Migrations that were started.</summary>
    public required int Migrations { get; init; }

    /// <summary>SLATAH: time in which active hosts delivered less than their VMs asked for, by active time; both summed over hosts.</summary>
    public required double Slatah { get; init; }

    /// <summary>PDM: MIPS not delivered because the VM was migrating, by MIPS asked for; both summed over VMs and time.</summary>
    public required double Pdm { get; init; }

    /// <summary>SLAV: <see cref="Slatah"/> times <see cref="Pdm"/>.</summary>
    public double Slav => Slatah * Pdm;

    /// <summary>MIPS not delivered for any reason, overload included, by MIPS asked for; both summed over VMs and time. SLAV does not weigh this.</summary>
    public required double UnservedShare { get; init; }

    /// <summary>ESV: energy in kWh times <see cref="Slav"/>.</summary>
    public double Esv => EnergyKwh * Slav;

    /// <summary>How often a host was switched off; hosts that never got load count once, as in the published experiment.</summary>
    public required int HostShutdowns { get; init; }

    /// <summary>How often a host was switched on again.</summary>
    public required int HostBoots { get; init; }

    /// <summary>Hosts with load, on average over time.</summary>
    public required double MeanActiveHosts { get; init; }

    /// <summary>
    /// Share of all that the trace asks for which was asked for in the run: below 1 because the first interval is not counted and, above all, because VMs
    /// end (<see cref="SimulationSettings.EndIdleVms"/>).
    /// </summary>
    public required double DemandShare { get; init; }

    /// <summary>VMs that ended because they asked for nothing; see <see cref="SimulationSettings.EndIdleVms"/>.</summary>
    public required int EndedVms { get; init; }
}
