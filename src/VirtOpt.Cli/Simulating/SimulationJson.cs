using Newtonsoft.Json.Linq;
using VirtOpt.Forecasting;
using VirtOpt.Simulation;

namespace VirtOpt.Cli.Simulating;

/// <summary>Runs of policies for a program.</summary>
internal static class SimulationJson
{
    /// <summary>One run is the document; several are its <c>runs</c>.</summary>
    public static JObject Document(DemandTrace demand, DataCentre centre, IReadOnlyList<PolicyRun> runs) => runs is [var only]
        ? Run(demand, centre, only)
        : new JObject
        {
            ["trace"] = demand.Name,
            ["runs"] = new JArray(runs.Select(run => Run(demand, centre, run))),
            ["seconds"] = Math.Round(runs.Sum(run => run.Seconds), 3),
        };

    private static JObject Run(DemandTrace demand, DataCentre centre, PolicyRun run) => new()
    {
        ["trace"] = demand.Name,
        ["policy"] = run.Policy,
        ["hosts"] = centre.Hosts.Count,
        ["vms"] = centre.Vms.Count,
        ["energyKwh"] = run.Result.EnergyKwh,
        ["energyFloorKwh"] = run.Result.EnergyFloorKwh,
        ["migrations"] = run.Result.Migrations,
        ["slav"] = run.Result.Slav,
        ["slatah"] = run.Result.Slatah,
        ["pdm"] = run.Result.Pdm,
        ["esv"] = run.Result.Esv,
        ["unservedShare"] = run.Result.UnservedShare,
        ["hostShutdowns"] = run.Result.HostShutdowns,
        ["hostBoots"] = run.Result.HostBoots,
        ["meanActiveHosts"] = run.Result.MeanActiveHosts,
        ["endedVms"] = run.Result.EndedVms,
        ["demandShare"] = run.Result.DemandShare,
        ["seconds"] = Math.Round(run.Seconds, 3),
    };
}
