using System.CommandLine;
using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;
using VirtOpt.Simulation;

namespace VirtOpt.Cli.Commands;

/// <summary>Plays a demand trace under a consolidation policy.</summary>
internal sealed class SimulateCommand : Verb
{
    private readonly Argument<string> input = new("TRACE") { Description = "file or folder of the trace" };
    private readonly Option<string> trace = new("--trace")
    {
        Description = "kind of trace: " + string.Join("; ", TraceCatalogue.Entries.Select(e => $"{e.Name} ({e.Summary})")),
        HelpName = "KIND",
        DefaultValueFactory = _ => TraceCatalogue.Entries[0].Name,
    };

    private readonly Option<string> policy = new("--policy")
    {
        Description = "who migrates: " + string.Join("; ", PolicyCatalogue.Entries.Select(e => $"{PolicyCatalogue.Usage(e)} ({e.Summary})")),
        HelpName = "NAME[:P]",
        Required = true,
    };

    private readonly Option<bool> memory = new("--enforce-memory")
    {
        Description = "keep the memory of hosts at every migration, not only at the first placement",
    };

    private readonly Option<bool> keep = new("--keep-idle-vms")
    {
        Description = "keep VMs that ask for nothing; the published experiment ends them for good",
    };

    /// <summary>Makes the command.</summary>
    public SimulateCommand()
        : base("simulate", "Play a demand trace on simulated hosts under a policy: energy, migrations, service level violations.")
    {
        input.Validators.Add(RefuseMistypedOptions);
        Arguments.Add(input);
        foreach (Option option in (Option[])[trace, policy, memory, keep]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt simulate 20110303.tar.gz --trace planetlab --policy lr-mmt:1.2", "the published policy LR-MMT on a PlanetLab day"),
        new("virtopt simulate 20110303.tar.gz --trace planetlab --policy none --json", "what it costs to migrate nothing, for a program"),
        new("virtopt simulate 20110303.tar.gz --policy thr-mmt:0.8 --enforce-memory --keep-idle-vms", "the setting nearest to a real cluster"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        long start = terminal.Clock.GetTimestamp();
        IConsolidationPolicy deciding = PolicyCatalogue.Create(parsed.GetValue(policy)!);
        TraceKind kind = TraceCatalogue.Find(parsed.GetValue(trace)!);
        DemandTrace demand = kind.Read(parsed.GetValue(input)!);
        DataCentre centre = kind.Build(demand);
        SimulationSettings settings = new() { EnforceMemory = parsed.GetValue(memory), EndIdleVms = !parsed.GetValue(keep) };
        SimulationResult result = new Simulator(demand, centre, settings).Run(deciding, terminal.Cancellation);
        double seconds = terminal.Clock.GetElapsedTime(start).TotalSeconds;
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, Document(parsed.GetValue(policy)!, demand, centre, result, seconds));
        else Show(terminal, parsed.GetValue(policy)!, demand, centre, result);
        return ExitCode.Done;
    }

    private static JObject Document(string policy, DemandTrace demand, DataCentre centre, SimulationResult result, double seconds) => new()
    {
        ["trace"] = demand.Name,
        ["policy"] = policy,
        ["hosts"] = centre.Hosts.Count,
        ["vms"] = centre.Vms.Count,
        ["energyKwh"] = result.EnergyKwh,
        ["energyFloorKwh"] = result.EnergyFloorKwh,
        ["migrations"] = result.Migrations,
        ["slav"] = result.Slav,
        ["slatah"] = result.Slatah,
        ["pdm"] = result.Pdm,
        ["esv"] = result.Esv,
        ["hostShutdowns"] = result.HostShutdowns,
        ["hostBoots"] = result.HostBoots,
        ["meanActiveHosts"] = result.MeanActiveHosts,
        ["endedVms"] = result.EndedVms,
        ["demandShare"] = result.DemandShare,
        ["seconds"] = Math.Round(seconds, 3),
    };

    private static void Show(Terminal terminal, string policy, DemandTrace demand, DataCentre centre, SimulationResult result)
    {
        terminal.Out.WriteLine($"{demand.Name} under {policy}: {Screen.Count(centre.Vms.Count, "VM")} on {Screen.Count(centre.Hosts.Count, "host")}.");
        terminal.Out.WriteLine(
            $"Energy {result.EnergyKwh:0.00} kWh, {result.EnergyKwh / result.EnergyFloorKwh:0.000} x the floor of {result.EnergyFloorKwh:0.00} kWh; "
            + $"{result.MeanActiveHosts:0.0} hosts on average.");
        terminal.Out.WriteLine(
            $"{Screen.Count(result.Migrations, "migration")}. SLAV {result.Slav * 100:0.00000} % = "
            + $"SLATAH {result.Slatah * 100:0.00} % x PDM {result.Pdm * 100:0.000} %.");
        terminal.Out.WriteLine($"Hosts were switched off {result.HostShutdowns} times and on again {result.HostBoots} times.");
        if (result.EndedVms > 0)
            terminal.Out.WriteLine($"{Screen.Count(result.EndedVms, "VM")} ended when they asked for nothing, as in the published experiment; "
                + $"{result.DemandShare * 100:0.#} % of the trace's demand was played (--keep-idle-vms keeps them).");
    }
}
