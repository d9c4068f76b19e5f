using System.Globalization;

namespace VirtOpt.Cli.Executing;

/// <summary>Where a run writes.</summary>
/// <param name="Plan">Its plan.</param>
/// <param name="Journal">Its journal.</param>
/// <param name="Audit">The audit log, to which it adds.</param>
/// <param name="Migrations">Migrations as they were measured, to which it adds.</param>
internal sealed record ExecutionFiles(string Plan, string Journal, string Audit, string Migrations)
{
    /// <summary>How runs are named that <c>virtopt rebalance</c> makes a folder for.</summary>
    public const string RunName = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Journal of the way back.</summary>
    public string JournalOfBack => $"{Journal}.back";

    /// <summary>
    /// The files beside a plan. The plan of a run of <c>virtopt rebalance</c> lies in that run's folder: audit log and migrations are those of all runs, a
    /// folder up.
    /// </summary>
    /// <param name="plan">The plan.</param>
    public static ExecutionFiles Of(string plan)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(plan))!;
        bool isOfRun = File.Exists(Path.Combine(folder, "cluster.json"))
            && DateTime.TryParseExact(Path.GetFileName(folder), RunName, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        string ofAll = Path.GetDirectoryName(folder) ?? folder;
        return isOfRun ? new(plan, $"{plan}.journal", Path.Combine(ofAll, "audit.jsonl"), Path.Combine(ofAll, "migrations.csv"))
            : new(plan, $"{plan}.journal", $"{plan}.audit.jsonl", Path.Combine(folder, "migrations.csv"));
    }
}
