using System.CommandLine;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;
using VirtOpt.Simulation;

namespace VirtOpt.Cli.Simulating;

/// <summary>Plays a demand trace under one consolidation policy, or compares several.</summary>
internal sealed class SimulateCommand : Verb
{
    private readonly Argument<string> input = new("TRACE") { Description = "file or folder of the trace" };
    private readonly Option<string> trace = new("--trace")
    {
        Description = "kind of trace: " + string.Join("; ", TraceCatalogue.Entries.Select(e => $"{e.Name} ({e.Summary})")),
        HelpName = "KIND",
        DefaultValueFactory = _ => TraceCatalogue.Entries[0].Name,
    };

    private readonly Option<string[]> policy = new("--policy")
    {
        Description = "who migrates; may be given several times, and several values of a parameter stand between slashes: "
            + string.Join("; ", PolicyCatalogue.Entries.Select(e => $"{PolicyCatalogue.Usage(e)} ({e.Summary})"))
            + ". Parameters of virtopt: " + string.Join(", ", PolicyCatalogue.Entries[^1].Parameters.Select(p => $"{p.Name} ({p.Summary}; {p.UsualText})")),
        HelpName = "NAME[:P]",
        Required = true,
    };

    private readonly Option<bool> memory = new("--enforce-memory")
    {
        Description = "keep the memory of hosts at every migration, not only at the first placement",
    };

    private readonly Option<bool> keep = new("--keep-idle-vms")
    {
        Description = "keep VMs that ask for nothing; on a PlanetLab day the published experiment ends them for good",
    };

    private readonly Option<string?> plot = new("--plot")
    {
        Description = "file for a chart of energy against violations against migrations (.svg or .png)",
        HelpName = "FILE",
    };

    /// <summary>Makes the command.</summary>
    public SimulateCommand()
        : base("simulate", "Play a demand trace on simulated hosts under a policy: energy, migrations, service level violations.")
    {
        input.Validators.Add(RefuseMistypedOptions);
        Arguments.Add(input);
        foreach (Option option in (Option[])[trace, policy, memory, keep, plot]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt simulate 20110303.tar.gz --trace planetlab --policy lr-mmt:1.2", "the published policy LR-MMT on a PlanetLab day"),
        new("virtopt simulate 20110303.tar.gz --trace planetlab --policy none --json", "what it costs to migrate nothing, for a program"),
        new("virtopt simulate 20110303.tar.gz --policy virtopt --enforce-memory --keep-idle-vms", "VirtOpt's policy in the setting nearest to a real cluster"),
        new("virtopt simulate history.csv --trace csv --policy lr-mmt:1.2 --policy virtopt --enforce-memory", "a history of your own cluster"),
        new("virtopt simulate 20110303.tar.gz --policy lr-mmt:1.2 --policy virtopt:tolerance=0.1,risk=0.002/0.02 --plot curve.svg", "what energy saved costs"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string? chart = parsed.GetValue(plot);
        OutputFile.Check(chart, [parsed.GetValue(input)!]);
        if (chart is not null) PictureFile.CheckName(chart);
        string[] words = [.. parsed.GetValue(policy)!.SelectMany(PolicySweep.Expand).Distinct()];
        foreach (string word in words) PolicyCatalogue.Create(word);
        TraceKind kind = TraceCatalogue.Find(parsed.GetValue(trace)!);
        (DemandTrace demand, DataCentre centre, IReadOnlyList<string> cleaning) = kind.Load(parsed.GetValue(input)!);
        foreach (string line in cleaning) terminal.Error.WriteLine($"cleaning: {line}");
        SimulationSettings settings = new()
        {
            StepSeconds = demand.IntervalSeconds,
            EnforceMemory = parsed.GetValue(memory),
            EndIdleVms = kind.EndsIdleVms && !parsed.GetValue(keep),
        };
        PolicyRun[] runs = [.. words.Select(word => Play(word, demand, centre, settings, terminal))];
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, SimulationJson.Document(demand, centre, runs));
        else SimulationView.Show(terminal, demand, centre, runs);
        if (chart is not null) SimulationChart.Write(chart, demand.Name, runs);
        return ExitCode.Done;
    }

    private static PolicyRun Play(string word, DemandTrace demand, DataCentre centre, SimulationSettings settings, Terminal terminal)
    {
        long start = terminal.Clock.GetTimestamp();
        SimulationResult result = new Simulator(demand, centre, settings).Run(PolicyCatalogue.Create(word), terminal.Cancellation);
        return new PolicyRun(word, result, terminal.Clock.GetElapsedTime(start).TotalSeconds);
    }
}
