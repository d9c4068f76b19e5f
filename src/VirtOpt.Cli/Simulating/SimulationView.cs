using System.Globalization;
using Spectre.Console;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;
using VirtOpt.Simulation;

namespace VirtOpt.Cli.Simulating;

/// <summary>Runs of policies for a person: one in sentences, several in a table.</summary>
internal static class SimulationView
{
    /// <summary>Shows the runs.</summary>
    public static void Show(Terminal terminal, DemandTrace demand, DataCentre centre, IReadOnlyList<PolicyRun> runs)
    {
        string size = $"{Screen.Count(centre.Vms.Count, "VM")} on {Screen.Count(centre.Hosts.Count, "host")}";
        if (runs is [var only])
        {
            terminal.Out.WriteLine($"{demand.Name} under {only.Policy}: {size}.");
            ShowOne(terminal.Out, only);
        }
        else
        {
            terminal.Out.WriteLine($"{demand.Name}: {size}; the energy floor is {Digits(runs[0].Result.EnergyFloorKwh, 2)} kWh.");
            ShowAll(terminal, runs);
        }

        if (runs[0].Result is { EndedVms: > 0 } result)
            terminal.Out.WriteLine($"{Screen.Count(result.EndedVms, "VM")} ended when they asked for nothing, as in the published experiment; "
                + $"{Digits(result.DemandShare * 100, 1)} % of the trace's demand was played (--keep-idle-vms keeps them).");
    }

    private static void ShowOne(TextWriter writer, PolicyRun run)
    {
        SimulationResult result = run.Result;
        writer.WriteLine(
            $"Energy {Digits(result.EnergyKwh, 2)} kWh, {Digits(run.TimesFloor, 3)} x the floor of {Digits(result.EnergyFloorKwh, 2)} kWh; "
            + $"{Digits(result.MeanActiveHosts, 1)} hosts on average.");
        writer.WriteLine(
            $"{Screen.Count(result.Migrations, "migration")}. SLAV {Digits(result.Slav * 100, 5)} % = "
            + $"SLATAH {Digits(result.Slatah * 100, 2)} % x PDM {Digits(result.Pdm * 100, 3)} %. "
            + $"Not served: {Digits(result.UnservedShare * 100, 3)} % of what was asked for.");
        writer.WriteLine($"Hosts were switched off {result.HostShutdowns} times and on again {result.HostBoots} times.");
    }

    private static void ShowAll(Terminal terminal, IReadOnlyList<PolicyRun> runs)
    {
        Table table = Screen.NumberTable(1, "Policy", "Energy kWh", "x floor", "Migrations", "SLAV %", "SLATAH %", "PDM %", "Not served %", "Hosts", "Seconds");
        foreach (PolicyRun run in runs)
            table.AddRow(
                Screen.Plain(run.Policy),
                Screen.Plain(Digits(run.Result.EnergyKwh, 2)),
                Screen.Plain(Digits(run.TimesFloor, 3)),
                Screen.Plain(Screen.Number(run.Result.Migrations)),
                Screen.Plain(Digits(run.Result.Slav * 100, 6)),
                Screen.Plain(Digits(run.Result.Slatah * 100, 2)),
                Screen.Plain(Digits(run.Result.Pdm * 100, 4)),
                Screen.Plain(Digits(run.Result.UnservedShare * 100, 3)),
                Screen.Plain(Digits(run.Result.MeanActiveHosts, 1)),
                Screen.Plain(Digits(run.Seconds, 1)));
        Screen.Of(terminal).Write(table);
    }

    private static string Digits(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
