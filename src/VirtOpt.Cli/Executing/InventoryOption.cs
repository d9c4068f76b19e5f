using System.CommandLine;

namespace VirtOpt.Cli.Executing;

/// <summary>The options that say which hosts are meant and how long to measure them.</summary>
internal sealed class InventoryOption
{
    private const double DefaultSample = 2;

    /// <summary>The inventory file.</summary>
    public Option<string> File { get; } = new("--inventory")
    {
        Description = "hosts, how to reach them, groups and policy (YAML)",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>Time between two readings.</summary>
    public Option<double?> Sample { get; } = Numbers.Positive(
        "--sample", "SECONDS", $"how long CPU time and traffic are measured [default: {DefaultSample}]", 3600);

    /// <summary>Reads the inventory.</summary>
    public HostInventory Read(ParseResult parsed) => InventoryYaml.Read(parsed.GetRequiredValue(File));

    /// <summary>Reads hosts and VMs.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="inventory">The hosts.</param>
    /// <param name="terminal">Where it runs.</param>
    /// <param name="asksAgents">Whether to ask the agents in guests too.</param>
    public IReadOnlyList<HostReading> Collect(ParseResult parsed, HostInventory inventory, Terminal terminal, bool asksAgents = false)
    {
        using LibvirtCollector collector = new(inventory) { AsksAgents = asksAgents };
        return collector.Read(TimeSpan.FromSeconds(parsed.GetValue(Sample) ?? DefaultSample), terminal.Clock, terminal.Cancellation);
    }
}
