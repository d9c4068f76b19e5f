using System.CommandLine;

namespace VirtOpt.Cli.Monitoring;

/// <summary>The option that says where history is kept.</summary>
internal sealed class StoreOption
{
    /// <summary>The store.</summary>
    public Option<string> File { get; } = new("--store")
    {
        Description = "file that holds the history of hosts and VMs (SQLite)",
        HelpName = "FILE",
        Required = true,
    };
}
