using System.Globalization;
using VirtOpt.Cli.Executing;

namespace VirtOpt.Cli.Rebalancing;

/// <summary>The folder of one run: what was read, planned, done and found.</summary>
/// <param name="Run">Name of the run: its begin, in UTC.</param>
/// <param name="Folder">The folder.</param>
internal sealed record RunFolder(string Run, string Folder)
{
    /// <summary>The problem as it was read.</summary>
    public string Snapshot => Path.Combine(Folder, "cluster.json");

    /// <summary>The plan.</summary>
    public string Plan => Path.Combine(Folder, "plan.json");

    /// <summary>The report for programs.</summary>
    public string ReportJson => Path.Combine(Folder, "report.json");

    /// <summary>The report for people.</summary>
    public string ReportPage => Path.Combine(Folder, "report.html");

    /// <summary>Migrations of all runs, by which later ones are estimated.</summary>
    public MigrationLog Migrations => new(Files.Migrations);

    /// <summary>Where the executor writes.</summary>
    public ExecutionFiles Files => ExecutionFiles.Of(Plan);

    /// <summary>Makes the folder of a new run.</summary>
    /// <param name="state">The folder of all runs.</param>
    /// <param name="inventory">The inventory, for advice.</param>
    /// <param name="clock">Names the run.</param>
    /// <exception cref="InvalidInputException">A run before was broken off, or the folder cannot be made.</exception>
    public static RunFolder Make(string state, string inventory, TimeProvider clock)
    {
        OutputFile.MakeFolder(state);
        foreach (string plan in Directory.GetDirectories(state).Order(StringComparer.Ordinal).Select(d => Path.Combine(d, "plan.json")))
            if (Journal.IsOpen(JournalOf(plan)))
                throw InvalidInputException.Because(
                    $"{JournalOf(plan)}: this run did not come to its end, and VMs may be on their way.",
                    $"it is to be finished first: virtopt apply {plan} --inventory {inventory} --yes --resume");
        string run = clock.GetUtcNow().UtcDateTime.ToString(ExecutionFiles.RunName, CultureInfo.InvariantCulture);
        string folder = Path.Combine(state, run);
        OutputFile.MakeFolder(folder);
        return new RunFolder(run, folder);
    }

    private static string JournalOf(string plan) => ExecutionFiles.Of(plan).Journal;
}
