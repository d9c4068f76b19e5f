using System.Globalization;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>The solvers of a ledger: VirtOpt with each time limit, seed and number of threads, its heuristics alone, and the peers.</summary>
internal static class ProfileSource
{
    /// <summary>Name of the heuristics among the solvers.</summary>
    public const string Heuristics = "heuristics alone";

    /// <summary>Costs by solver and problem.</summary>
    public static IEnumerable<ProfileValue> Of(IReadOnlyList<LedgerRow> rows)
    {
        foreach (LedgerRow row in rows) yield return new ProfileValue(NameOf(row.Key, rows), row.Key.Problem, row.Objective);
        foreach (IGrouping<string, LedgerRow> problem in rows.GroupBy(r => r.Key.Problem))
        {
            if (problem.Min(r => r.Baseline) is { } baseline) yield return new ProfileValue(Heuristics, problem.Key, baseline);
            foreach (LedgerRow row in problem.DistinctBy(r => r.Peer))
                if (row.PeerObjective is { } value) yield return new ProfileValue(row.Peer, problem.Key, value);
        }
    }

    /// <summary>How a run was set, without what is the same in all runs.</summary>
    public static string NameOf(RunKey key, IReadOnlyList<LedgerRow> rows)
    {
        List<string> parts = [string.Create(CultureInfo.InvariantCulture, $"{key.Limit} s")];
        if (rows.Any(r => r.Key.Seed != key.Seed)) parts.Add(string.Create(CultureInfo.InvariantCulture, $"seed {key.Seed}"));
        if (rows.Any(r => r.Key.Threads != key.Threads)) parts.Add(string.Create(CultureInfo.InvariantCulture, $"threads {key.Threads}"));
        return string.Join(", ", parts);
    }
}
